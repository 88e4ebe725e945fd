"""Makes resnet18/, resnet50/ and resnet8/frozen with PyTorch and torchvision; README.md says what they hold.

Weights and images are a function of integers that src/lib/hashed.ts has too, so the files hold only what comes out.
Computed in float64.

    python3 with_torchvision.py        # made with torch 1.13 and torchvision 0.14
"""
import json
import math
import re
import struct
from pathlib import Path

import numpy as np
import torch
import torchvision
from torch import nn
from torch.nn import functional as F

HERE = Path(__file__).parent


def read(path):
    data = path.read_bytes()
    end = 8 + struct.unpack("<Q", data[:8])[0]
    kinds = {"F32": np.float32, "I64": np.int64}
    tensors = {}
    for name, entry in json.loads(data[8:end]).items():
        if name != "__metadata__":
            first, last = (end + offset for offset in entry["data_offsets"])
            array = np.frombuffer(data[first:last], kinds[entry["dtype"]]).reshape(entry["shape"])
            tensors[name] = torch.from_numpy(array.copy())
    return tensors


def write(path, tensors):
    header, arrays, end = {}, [], 0
    for name, tensor in tensors.items():
        array = tensor.detach().float().contiguous().numpy()
        header[name] = {"dtype": "F32", "shape": list(array.shape), "data_offsets": [end, end + array.nbytes]}
        end += array.nbytes
        arrays.append(array.tobytes())
    text = json.dumps({"__metadata__": {"torch": torch.__version__}, **header}).encode()
    text += b" " * (-len(text) % 8)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(arrays))


def hashed(shape, stream, low, high):
    """Uniform on [low, high): a hash of each flat index and the stream, in float64, then rounded to float32."""
    x = np.arange(math.prod(shape), dtype=np.uint32) + np.uint32(stream * 0x9E3779B9 & 0xFFFFFFFF)
    for shift, factor in (16, 0x85EBCA6B), (13, 0xC2B2AE35):
        x = (x ^ (x >> np.uint32(shift))) * np.uint32(factor)
    u = ((x ^ (x >> np.uint32(16))) >> np.uint32(8)) / 2.0**24
    return torch.from_numpy((low + u * (high - low)).astype(np.float32).reshape(shape))


def our_name(name):
    for pattern, ours in (
        (r"^conv1", "stem.conv"), (r"^bn1", "stem.bn"), (r"^fc", "head.fc"),
        (r"downsample\.0", "shortcut.conv"), (r"downsample\.1", "shortcut.bn"),
        (r"^layer(\d)\.(\d+)", lambda m: f"stage{m[1]}.block{int(m[2]) + 1}"),
    ):
        name = re.sub(pattern, ours, name)
    return name


def filled(model, last_norm):
    for stream, (name, p) in enumerate(model.named_parameters(), 1):
        if p.dim() > 1:
            bound = math.sqrt(6 / math.prod(p.shape[1:]))
            values = hashed(p.shape, stream, -bound, bound)
        elif name.endswith("bias"):
            values = hashed(p.shape, stream, -0.1, 0.1)
        else:
            # Small at the end of a block, where large ones make a deep network amplify every rounding.
            values = hashed(p.shape, stream, *((0.1, 0.3) if name.endswith(last_norm) else (0.5, 1.5)))
        p.data.copy_(values)
    return model


def large_resnet(depth, last_norm, side=64, batch=2, classes=10):
    model = getattr(torchvision.models, f"resnet{depth}")(num_classes=classes)
    model = filled(model, last_norm).double().train()
    bound = math.sqrt(3)
    images = hashed((batch, 3, side, side), 0, -bound, bound).double()
    logits = model(images)
    loss = F.cross_entropy(logits, torch.arange(batch))
    loss.backward()
    gradients = {our_name(name): p.grad for name, p in model.named_parameters()}
    # Every gradient's norm, and one whole gradient of each end.
    norms = {f"gradNorm.{name}": g.norm().reshape(1) for name, g in gradients.items()}
    whole = {f"grad.{name}": gradients[name] for name in ("stem.bn.weight", "head.fc.weight")}
    flow = synaptic_flow(model, side)
    write(
        HERE / f"resnet{depth}" / "forward.safetensors",
        {"logits": logits, "loss": loss.reshape(1), **norms, **whole, **flow},
    )


def synaptic_flow(model, side):
    """ln R, and ‖θ ⊙ ∂R/∂θ‖ / R of what SynFlow prunes: R itself is beyond float32."""
    model.eval()
    for norm in model.modules():
        if isinstance(norm, nn.BatchNorm2d):
            norm.reset_running_stats()
    for p in model.parameters():
        p.data.abs_()
        p.grad = None
    total = model(torch.ones(1, 3, side, side).double()).sum()
    total.backward()
    pruned = {our_name(name): p for name, p in model.named_parameters() if p.dim() > 1}
    parts = {f"flow.{name}": ((p * p.grad).norm() / total).reshape(1) for name, p in pruned.items()}
    return {"logFlow": total.log().reshape(1), **parts}


class ResNet8(nn.Module):
    """With strided 3×3 shortcuts; batch statistics in train(), their average over batches in eval()."""

    def __init__(self, weights):
        super().__init__()
        self.weights = weights
        self.norms = nn.ModuleDict()
        for name in weights:
            if ".bn" in name and name.endswith(".weight"):
                norm = nn.BatchNorm2d(len(weights[name]), momentum=None)
                norm.weight.data, norm.bias.data = weights[name], weights[name[:-6] + "bias"]
                self.norms[name[:-7].replace(".", "/")] = norm

    def normalized(self, name, x):
        return self.norms[name.replace(".", "/")](x)

    def forward(self, x):
        w = self.weights
        x = F.relu(self.normalized("stem.bn", F.conv2d(x, w["stem.conv.weight"], padding=1)))
        for s in (1, 2, 3):
            b, stride = f"stage{s}.block1", 1 if s == 1 else 2
            y = F.conv2d(x, w[f"{b}.conv1.weight"], stride=stride, padding=1)
            y = F.conv2d(F.relu(self.normalized(f"{b}.bn1", y)), w[f"{b}.conv2.weight"], padding=1)
            if s > 1:
                x = F.conv2d(x, w[f"{b}.shortcut.conv.weight"], stride=stride, padding=1)
                x = self.normalized(f"{b}.shortcut.bn", x)
            x = F.relu(self.normalized(f"{b}.bn2", y) + x)
        return F.linear(x.mean((2, 3)), w["head.fc.weight"], w["head.fc.bias"])


def frozen_resnet8(batch=8):
    images = read(HERE / "resnet8" / "batch.safetensors")["images"].double()
    model = ResNet8({k: v.double() for k, v in read(HERE / "resnet8" / "weights.safetensors").items()}).double()
    whole = read(HERE / "resnet8" / "forward.safetensors")["logits"]
    assert (model.train()(images) - whole).abs().max() < 1e-4 * whole.abs().max(), "not the authors' network"
    inputs = {}
    for name, norm in model.norms.items():
        norm.reset_running_stats()
        norm.register_forward_hook(lambda _, x, __, key=name.replace("/", "."): inputs.setdefault(key, []).append(x[0]))
    for part in images.split(batch):
        model(part)
    population = {}
    for name, parts in inputs.items():
        variance, mean = torch.var_mean(torch.cat(parts), (0, 2, 3))
        population |= {f"population.{name}.running_mean": mean, f"population.{name}.running_var": variance}
    running = {
        f"running.{name.replace('/', '.')}.{kind}": getattr(norm, kind)
        for name, norm in model.norms.items()
        for kind in ("running_mean", "running_var")
    }
    logits = model.eval()(images)
    write(HERE / "resnet8" / "frozen.safetensors", {"logits": logits, **running, **population})


if __name__ == "__main__":
    large_resnet(18, "bn2.weight")
    large_resnet(50, "bn3.weight")
    frozen_resnet8()
