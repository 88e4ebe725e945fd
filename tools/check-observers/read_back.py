"""What TensorBoard's own reader, or an MLflow server, has of a run, as JSON:
   python3 read_back.py tensorboard FOLDER
   python3 read_back.py mlflow URI RUN_ID
`scalars` by tag as [[step, value], ...] in the order in which TensorBoard reads them, or by step, since a server may tell
them in any; `parameters` by name, `status`."""

import json
import os
import sys


def from_tensorboard(folder):
    from tensorboard.backend.event_processing import plugin_event_multiplexer
    from tensorboard.backend.event_processing.data_provider import MultiplexerDataProvider
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    from tensorboard.context import RequestContext
    from tensorboard.plugins.base_plugin import TBContext
    from tensorboard.plugins.hparams import api_pb2, backend_context, metadata

    scalars = {}
    for group, _, files in os.walk(folder):
        if not files:
            continue
        read = EventAccumulator(group, size_guidance={"scalars": 0})
        read.Reload()
        for tag in read.Tags()["scalars"]:
            assert tag not in scalars, f"{tag} is in two folders"
            scalars[tag] = [[event.step, event.value] for event in read.Scalars(tag)]
    # What the page HPARAMS asks for.
    multiplexer = plugin_event_multiplexer.EventMultiplexer()
    # From above: the page takes no numbers from within the folder that TensorBoard is started on.
    above = os.path.dirname(folder)
    multiplexer.AddRunsFromDirectory(above)
    multiplexer.Reload()
    provider = MultiplexerDataProvider(multiplexer, above)
    context = backend_context.Context(TBContext(data_provider=provider))
    request = RequestContext()
    contents = context.hparams_metadata(request, "")
    experiment = context.experiment_from_metadata(request, "", True, contents, [])
    (session,) = contents.values()
    start = session["_hparams_/session_start_info"]
    end = session.get("_hparams_/session_end_info")
    info = metadata.parse_session_start_info_plugin_data(start).hparams
    parameters = {name: getattr(value, value.WhichOneof("kind")) for name, value in info.items()}
    assert {one.name for one in experiment.hparam_infos} <= set(parameters)
    metrics = {one.name.tag for one in experiment.metric_infos}
    assert metrics == set(scalars), f"the page has {metrics ^ set(scalars)} wrong"
    status = metadata.parse_session_end_info_plugin_data(end).status if end else 0
    return {"scalars": scalars, "parameters": parameters, "status": api_pb2.Status.Name(status)}


def from_mlflow(uri, run_id):
    from mlflow.tracking import MlflowClient

    client = MlflowClient(tracking_uri=uri)
    run = client.get_run(run_id)
    scalars = {
        key: sorted([metric.step, metric.value] for metric in client.get_metric_history(run_id, key))
        for key in run.data.metrics
    }
    return {"scalars": scalars, "parameters": run.data.params, "status": run.info.status}


print(json.dumps({"tensorboard": from_tensorboard, "mlflow": from_mlflow}[sys.argv[1]](*sys.argv[2:])))
