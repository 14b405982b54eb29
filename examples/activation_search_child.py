"""Lets activation-search train with a Python script. Copy this file beside the script; it needs Python 3.8 and nothing else.

    from activation_search_child import serve

    def train(trial):                          # called once for each function to try
        model = Model(trial.load().Activation)
        for step in range(1, trial.steps + 1):
            loss = ...
            trial.progress(step, loss)
        return {"validationAccuracy": accuracy}

    serve(train, {"torch": torch.__version__})
"""

import importlib.util
import json
import math
import os
import queue
import sys
import threading

PROTOCOL = 1
REPORTS = 100


class Stopped(Exception):
    """The tool has given the trial up. `serve` catches it: let it pass through."""


class Trial:
    """One training: what to train, and how to report on it.

    formula  the activation function, such as "x*sigmoid(beta*x)"; parameters start at 1, or as in "alpha[0.25]"
    module   path of the file that holds the function for your framework; None if the recipe has no `export`
    seed     seed everything random with it, first weights and the order of the data included: all functions get the same
    steps    training steps
    rung     rung of the study's ladder, from 1
    options  `options` of the recipe
    """

    def __init__(self, request, send, is_stopped):
        self.id = request["id"]
        self.formula = request["formula"]
        self.module = request["module"]
        self.seed = request["seed"]
        self.steps = request["steps"]
        self.rung = request["rung"]
        self.options = request["options"]
        self._send = send
        self._is_stopped = is_stopped
        self._losses = []
        self._reported = 0

    def load(self):
        """The module of the exported function."""
        spec = importlib.util.spec_from_file_location(f"activation_{self.id}", self.module)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    def progress(self, step, loss):
        """Call it after each training step, with the loss as a number. Reports the mean of some steps at a time."""
        if self._is_stopped(self.id):
            raise Stopped()
        self._losses.append(float(loss))
        every = max(1, math.ceil(self.steps / REPORTS))
        if step - self._reported >= every or step == self.steps:
            mean = sum(self._losses) / len(self._losses)
            self._send(kind="progress", id=self.id, step=step, loss=mean)
            self._losses = []
            self._reported = step


def serve(train, arithmetic=None):
    """Trains what the tool asks for until it asks for no more. `train` gets a Trial and returns its outcome, a dict with

    validationAccuracy, from 0 to 1, or metrics, such as {"perplexity": 31.4}, if the recipe names one;
    and if you like validationLoss, parameterCount, and learned, such as {"beta": [[1.2, 0.9], …]}: one list a layer.
    """
    # What the script and its libraries print goes to standard error, so that it cannot disturb the protocol.
    output = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    lock = threading.Lock()
    requests = queue.Queue()
    stopped = set()

    def send(**message):
        with lock:
            output.write(json.dumps(finite(message), default=float) + "\n")
            output.flush()

    def read():
        stays = False
        for line in sys.stdin:
            message = json.loads(line)
            if message["kind"] == "hello":
                stays = True
            elif message["kind"] == "trial":
                requests.put(message)
            elif message["kind"] == "stop":
                stopped.add(message["id"])
            elif message["kind"] == "shutdown":
                break
        # Input that ends means that the tool has gone; a script that trains once gets no more than its request.
        if stays:
            os._exit(0)
        requests.put(None)

    threading.Thread(target=read, daemon=True).start()
    send(kind="ready", protocol=PROTOCOL, arithmetic={"python": sys.version.split()[0], **(arithmetic or {})})
    while True:
        request = requests.get()
        if request is None:
            return
        trial = Trial(request, send, stopped.__contains__)
        try:
            outcome = train(trial)
        except Stopped:
            send(kind="stopped", id=trial.id)
        else:
            send(kind="outcome", id=trial.id, **outcome)


def finite(value):
    """JSON has no NaN and no infinity: None stands for them."""
    if isinstance(value, dict):
        return {key: finite(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite(part) for part in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
