"""TensorBoard: its own reader finds every curve, score, formula and histogram, and its server lists every run."""

import json
import sys
import time
import urllib.request
from pathlib import Path

from tensorboard import program
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

board = Path(sys.argv[1], sys.argv[2])
runs = board / "runs"


def near(a, b):
    return abs(a - b) <= 1e-6 * max(1, abs(b))


def scalars_of(events, tag):
    return [(event.step, event.value) for event in events.Scalars(tag)]


def text_of(events, tag):
    return events.Tensors(tag)[0].tensor_proto.string_val[0].decode()


def read(folder):
    events = EventAccumulator(str(folder), size_guidance={"tensors": 0, "scalars": 0, "histograms": 0})
    events.Reload()
    return events


names = []
for one in json.loads((board / "expected.json").read_text()):
    (folder,) = runs.glob(f"{one['id']}-*")
    names.append(folder.name)
    events = read(folder)
    assert one["expression"] in text_of(events, "function"), folder
    assert near(scalars_of(events, "score")[0][1], one["score"]), folder
    for trial in one["trials"]:
        (own,) = folder.glob(f"*-seed-{trial['seed']}")
        names.append(f"{folder.name}/{own.name}")
        events = read(own)
        curve = scalars_of(events, "training/loss")
        assert [step for step, _ in curve] == [step for step, _ in trial["curve"]], own
        assert all(near(found, loss) for (_, found), (_, loss) in zip(curve, trial["curve"])), own
        assert near(scalars_of(events, "validation/accuracy")[0][1], trial["accuracy"]), own
        assert near(scalars_of(events, "validation/loss")[0][1], trial["loss"]), own
        for name, layers in trial["learned"].items():
            histograms = events.Histograms(f"parameters by layer/{name}")
            assert [event.step for event in histograms] == list(range(1, len(layers) + 1)), own
            for event, values in zip(histograms, layers):
                found = event.histogram_value
                assert found.num == len(values) == sum(found.bucket), (own, name)
                assert (found.min, found.max) == (min(values), max(values)), (own, name)

server = program.TensorBoard()
server.configure(argv=[None, "--logdir", str(runs), "--host", "127.0.0.1", "--port", "0", "--load_fast", "false"])
url = server.launch()
deadline = time.time() + 120
while True:
    with urllib.request.urlopen(f"{url}data/runs") as answer:
        served = json.load(answer)
    if sorted(served) == sorted(names):
        break
    assert time.time() < deadline, f"TensorBoard shows {served}, not {names}"
    time.sleep(1)
print(f"tensorboard: {len(names)} runs are read and served")
