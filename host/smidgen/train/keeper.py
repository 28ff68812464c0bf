"""What a fit keeps as it goes: the best epoch's weights, its history, and on disk all that is needed to go on."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from smidgen.datasets.cache import load_arrays, save_arrays

if TYPE_CHECKING:
    import keras

_FILE = "epoch.npz"


@cache
def keeper_class() -> Any:
    """The Keras callback `Keeper`; a function, for Keras is imported when somebody trains."""
    import keras

    class Keeper(keras.callbacks.Callback):  # type: ignore[misc]  # Keras has no types
        """epochs_done: 0 for a new run. best: the epoch whose `weights` are the best so far. history: see `fit`."""

        def __init__(
            self,
            epochs: int,
            patience: int,
            on_epoch: Callable[[int, int, dict[str, float]], None] | None,
            folder: Path | None,
        ):
            super().__init__()
            self._epochs, self._patience, self._on_epoch, self._folder = epochs, patience, on_epoch, folder
            self.epochs_done, self.best = 0, -1
            self.weights: list[np.ndarray] = []
            self.history: dict[str, list[float]] = {}

        def restore(self, model: keras.Model) -> None:
            """Go back to where a stopped run was; a file that does not fit is no run."""
            found = load_arrays(self._folder / _FILE) if self._folder else None
            if found is None:
                return
            told = json.loads(found["told"].item())
            model.optimizer.build(model.trainable_variables)
            variables = [*model.variables, *model.optimizer.variables]
            values = [found[f"now{i}"] for i in range(len(variables))]
            for variable, value in zip(variables, values, strict=True):
                variable.assign(value)
            self.epochs_done, self.best, self.history = told["done"], told["best"], told["history"]
            self.weights = [found[f"best{i}"] for i in range(len(model.get_weights()))]

        def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
            figures = {name: float(value) for name, value in (logs or {}).items()}
            if not self.weights or figures["val_accuracy"] > self.history["val_accuracy"][self.best]:
                self.best, self.weights = epoch, self.model.get_weights()
            for name, value in figures.items():
                self.history.setdefault(name, []).append(value)
            self.epochs_done = epoch + 1
            last = epoch - self.best >= self._patience or epoch + 1 == self._epochs
            self._save()
            if last:
                self.model.stop_training = True
            if self._on_epoch:
                self._on_epoch(self._epochs if last else epoch + 1, self._epochs, figures)

        def finish(self, model: keras.Model) -> None:
            """Leave the best weights in the model, and nothing on disk."""
            model.set_weights(self.weights)
            if self._folder:
                shutil.rmtree(self._folder, ignore_errors=True)

        def _save(self) -> None:
            if self._folder is None:
                return
            told = {"done": self.epochs_done, "best": self.best, "history": self.history}
            variables = [*self.model.variables, *self.model.optimizer.variables]
            now = {f"now{i}": variable.numpy() for i, variable in enumerate(variables)}
            best = {f"best{i}": weights for i, weights in enumerate(self.weights)}
            save_arrays(self._folder / _FILE, {"told": np.array(json.dumps(told)), **now, **best})

    return Keeper
