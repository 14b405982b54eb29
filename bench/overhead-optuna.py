"""One side of the bench `overhead`: Optuna with SQLite and an objective that takes no time.

Prints the milliseconds a trial, as a JSON array. Random sampling over the paper's one-unit space.
"""

import json
import os
import sys
import tempfile
import time

import optuna

optuna.logging.set_verbosity(optuna.logging.ERROR)
trials = int(sys.argv[1]) if len(sys.argv) > 1 else 100


def objective(trial):
    unary1 = trial.suggest_categorical("unary1", range(25))
    unary2 = trial.suggest_categorical("unary2", range(25))
    binary = trial.suggest_categorical("binary", range(10))
    return unary1 + unary2 + binary


with tempfile.TemporaryDirectory() as folder:
    storage = "sqlite:///" + os.path.join(folder, "bench.db")
    study = optuna.create_study(storage=storage, sampler=optuna.samplers.RandomSampler(seed=1))
    started = time.perf_counter()
    study.optimize(objective, n_trials=trials)
    print(json.dumps([(time.perf_counter() - started) * 1000 / trials]))
