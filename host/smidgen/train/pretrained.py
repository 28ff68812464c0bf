"""An earlier result to begin a training with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from smidgen.errors import UsageError
from smidgen.train.result import TrainedModel, read_result, read_weights

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True)
class Pretrained:
    """An earlier result. same_labels: whether its labels are those wanted now."""

    result: TrainedModel
    weights: list[np.ndarray]
    same_labels: bool

    @classmethod
    def read(cls, folder: Path, task: str, labels: Sequence[str]) -> Pretrained:
        """Raises DataError for a folder that holds none, UsageError for a result of another task."""
        weights, result = read_weights(folder), read_result(folder)
        if result is None or result.card["task"] != task:
            raise UsageError(f"{folder}: not a {task} model; give a folder that 'smidgen train {task}' made")
        return cls(result, weights, tuple(result.labels) == tuple(labels))

    def give_to(self, model: keras.Model) -> None:
        """Set the model's weights, but for the last layer's where the words are others. Raises UsageError."""
        mine, last = model.get_weights(), 2  # of the dense layer: kernel and bias
        fitting = [a.shape == b.shape for a, b in zip(mine, self.weights, strict=False)]
        if len(mine) != len(self.weights) or not all(fitting[:-last]):
            raise UsageError(f"{self.result.folder}: a model of another width or front end; use the same recipe")
        model.set_weights(self.weights if self.same_labels else [*self.weights[:-last], *mine[-last:]])
