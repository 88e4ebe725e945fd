"""Logs a run of Winnow to Weights & Biases:
   python3 log.py PLACE PROJECT
Reads lines of JSON: the configuration of the run, then what happens in it."""

import hashlib
import json
import os
import signal
import sys

import wandb

# The process that writes the lines says when there are no more.
signal.signal(signal.SIGINT, signal.SIG_IGN)

place, project = sys.argv[1:]
lines = (json.loads(line) for line in sys.stdin)
identity = hashlib.sha256(os.path.abspath(place).encode()).hexdigest()[:16]
run = wandb.init(
    project=project, id=identity, resume="allow", dir=place, name=os.path.basename(place), config=next(lines)
)
for group in ("pretrain", "search", "train", "validation", "round"):
    run.define_metric(f"{group}/*", step_metric=f"{group}/step")


def log(group, step, values):
    # Steps that an interruption lost are told once more; rounds begin with 0, the dense network.
    if values and step > run.summary.get(f"{group}/step", -1):
        run.log({f"{group}/step": step, **{f"{group}/{name}": value for name, value in values.items()}})


for event in lines:
    if event["type"] == "step":
        log(event["phase"], event["step"], event["values"])
    if event["type"] == "validation":
        log("validation", event["step"], {"accuracy": event["validationAccuracy"], "loss": event["validationLoss"]})
    if event["type"] == "round":
        log("round", event["round"], {"density": event["density"], "accuracy": event["validationAccuracy"]})
    if event["type"] == "ticket":
        for layer in event["layers"]:
            run.summary[f"layer-density/{layer['name']}"] = layer["kept"] / layer["size"]
    if event["type"] == "result":
        run.summary["testAccuracy"] = event["result"]["testAccuracy"]
run.finish()
