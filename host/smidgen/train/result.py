"""What training leaves behind: a folder, and this description of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from smidgen.datasets.cache import load_arrays, save_arrays, save_bytes
from smidgen.datasets.windows import Windows
from smidgen.errors import DataError

MODEL = "model.tflite"
CARD = "card.json"
HISTORY = "history.json"
WINDOWS = "windows.npz"
WEIGHTS = "weights.npz"
WORST = "worst.npz"


@dataclass(frozen=True)
class TrainedModel:
    """A trained model on disk.

    folder holds
      model.tflite   int8 in [1, frames, channels, 1], int8 out [1, classes]
      card.json      `card`: task, labels, front end, detection, recipe, seed, data, held-out figures
      history.json   `history`
      windows.npz    held-out windows: features int8 [n, frames, channels], targets int64 [n] (indices into labels)
      weights.npz    the float model's weights, in Keras's order: what `--from` begins with
      worst.npz      for models that listen or see: the held-out windows that it is most wrong about, see `Worst`

    history: loss, accuracy, val_loss, val_accuracy, learning_rate: one float an epoch; best_epoch: index.
    """

    folder: Path
    labels: Sequence[str]
    card: dict[str, Any]
    history: dict[str, Any]

    @property
    def model_path(self) -> Path:
        return self.folder / MODEL

    @property
    def windows_path(self) -> Path:
        return self.folder / WINDOWS


@dataclass(frozen=True)
class Worst:
    """Windows that a model is most wrong about. examples: int16 [n, samples] of sound, or int8 [n, ...], features of
    pictures or motions. truth, answer: int64 [n], indices into the labels. lead: int64 [n], by how much the answer's
    score leads the truth's."""

    examples: np.ndarray
    truth: np.ndarray
    answer: np.ndarray
    lead: np.ndarray


def read_weights(folder: Path) -> list[np.ndarray]:
    """The float weights of a result. Raises DataError when the folder holds none."""
    found = load_arrays(folder / WEIGHTS)
    if found is None or read_result(folder) is None:
        raise DataError(f"{folder}: holds no training result; give the folder that 'smidgen train' made")
    return [found[f"weights{i}"] for i in range(len(found))]


def read_worst(folder: Path) -> Worst | None:
    """The worst examples of a result, or None."""
    found = load_arrays(folder / WORST)
    return None if found is None else Worst(**found)


def read_result(folder: Path) -> TrainedModel | None:
    """The finished result that a folder holds, or None."""
    try:
        card = json.loads((folder / CARD).read_bytes())
        history = json.loads((folder / HISTORY).read_bytes())
    except (OSError, ValueError):
        return None
    if not (folder / MODEL).is_file() or not (folder / WINDOWS).is_file():
        return None
    return TrainedModel(folder, tuple(card["labels"]), card, history)


def finished(folder: Path, key: str) -> TrainedModel | None:
    """The result that a folder holds when it was made from all that `key` stands for, else None."""
    done = read_result(folder)
    return done if done is not None and done.card["key"] == key else None


def write_result(
    folder: Path,
    content: bytes,
    card: dict[str, Any],
    history: dict[str, Any],
    held_out: Windows,
    weights: Sequence[np.ndarray] = (),
    worst: Worst | None = None,
) -> TrainedModel:
    """The card last: where it is, the rest is whole. What an older run left is no result from the first write on."""
    card = json.loads(json.dumps(card))  # as it will be read back: lists where the recipe has tuples
    for name in (CARD, WEIGHTS, WORST):
        (folder / name).unlink(missing_ok=True)
    if len(weights):
        save_arrays(folder / WEIGHTS, {f"weights{i}": values for i, values in enumerate(weights)})
    if worst is not None:
        save_arrays(folder / WORST, vars(worst))
    save_arrays(folder / WINDOWS, {"features": held_out.features, "targets": held_out.targets})
    save_bytes(folder / MODEL, content)
    save_bytes(folder / HISTORY, json.dumps(history, indent=1).encode())
    save_bytes(folder / CARD, json.dumps(card, indent=1, ensure_ascii=False).encode())
    return TrainedModel(folder, tuple(card["labels"]), card, history)
