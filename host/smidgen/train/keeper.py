"""What a fit keeps as it goes: the best epoch's weights, its history, and on disk all that is needed to go on."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from smidgen.datasets.cache import load_arrays, save_arrays

if TYPE_CHECKING:
    import keras

_FILE = "epoch.npz"

EpochEnd = Callable[[int, int, dict[str, float]], None]
"""Called with (epochs done, of how many, the epoch's figures)."""


class Kept:
    """What is kept. epochs_done: 0 for a new run. over: no epoch follows. best: the epoch whose `weights` are the best
    so far, with keep_last the last. history: see `fit`."""

    def __init__(self, keep_last: bool = False) -> None:
        self.epochs_done, self.over, self.best = 0, False, -1
        self._keep_last = keep_last
        self.weights: list[np.ndarray] = []
        self.history: dict[str, list[float]] = {}

    def add(self, epoch: int, figures: dict[str, float], model: keras.Model) -> None:
        """An epoch's figures; the model's weights too when it is the best so far."""
        if not self.weights or self._keep_last or figures["val_accuracy"] > self.history["val_accuracy"][self.best]:
            self.best, self.weights = epoch, model.get_weights()
        for name, value in figures.items():
            self.history.setdefault(name, []).append(value)
        self.epochs_done = epoch + 1

    def save(self, path: Path, model: keras.Model) -> None:
        """All that is needed to go on, whole or not at all."""
        told = {"done": self.epochs_done, "over": self.over, "best": self.best, "history": self.history}
        now = {f"now{i}": variable.numpy() for i, variable in enumerate(_variables(model))}
        best = {f"best{i}": weights for i, weights in enumerate(self.weights)}
        save_arrays(path, {"told": np.array(json.dumps(told)), **now, **best})

    def load(self, path: Path, model: keras.Model) -> None:
        """Go back to where a stopped run was; a file that does not fit is no run."""
        found = load_arrays(path)
        if found is None:
            return
        told = json.loads(found["told"].item())
        variables = _variables(model)
        values = [found[f"now{i}"] for i in range(len(variables))]
        for variable, value in zip(variables, values, strict=True):
            variable.assign(value)
        self.epochs_done, self.over = told["done"], told["over"]
        self.best, self.history = told["best"], told["history"]
        self.weights = [found[f"best{i}"] for i in range(len(model.get_weights()))]


def _variables(model: keras.Model) -> list[Any]:
    return [*model.variables, *model.optimizer.variables]


@cache
def keeper_class() -> Any:
    """The Keras callback `Keeper`; a function, for Keras is imported when somebody trains."""
    import keras

    class Keeper(keras.callbacks.Callback):  # type: ignore[misc]  # Keras has no types
        """kept: what there is so far. patience: None keeps the last epoch."""

        def __init__(self, epochs: int, patience: int | None, on_epoch: EpochEnd | None, folder: Path | None):
            super().__init__()
            self._epochs, self._patience, self._on_epoch, self._folder = epochs, patience, on_epoch, folder
            self.kept = Kept(keep_last=patience is None)

        def restore(self, model: keras.Model) -> None:
            if self._folder:
                self.kept.load(self._folder / _FILE, model)

        def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
            figures = {name: float(value) for name, value in (logs or {}).items()}
            self.kept.add(epoch, figures, self.model)
            waited = epoch - self.kept.best
            over = (self._patience is not None and waited >= self._patience) or epoch + 1 == self._epochs
            self.kept.over = self.model.stop_training = over
            if self._folder:
                self.kept.save(self._folder / _FILE, self.model)
            if self._on_epoch:
                self._on_epoch(self._epochs if over else epoch + 1, self._epochs, figures)

    return Keeper
