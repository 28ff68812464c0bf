"""What training leaves behind: a folder, and this description of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from smidgen.datasets.cache import save_arrays, save_bytes
from smidgen.datasets.windows import Windows

MODEL = "model.tflite"
CARD = "card.json"
HISTORY = "history.json"
WINDOWS = "windows.npz"


@dataclass(frozen=True)
class TrainedModel:
    """A trained model on disk.

    folder holds
      model.tflite   int8 in [1, frames, channels, 1], int8 out [1, classes]
      card.json      `card`: task, labels, front end, detection, recipe, seed, data, held-out figures
      history.json   `history`
      windows.npz    held-out windows: features int8 [n, frames, channels], targets int64 [n] (indices into labels)

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
    folder: Path, content: bytes, card: dict[str, Any], history: dict[str, Any], held_out: Windows
) -> TrainedModel:
    """The card last: where it is, the rest is whole. What an older run left is no result from the first write on."""
    card = json.loads(json.dumps(card))  # as it will be read back: lists where the recipe has tuples
    (folder / CARD).unlink(missing_ok=True)
    save_arrays(folder / WINDOWS, {"features": held_out.features, "targets": held_out.targets})
    save_bytes(folder / MODEL, content)
    save_bytes(folder / HISTORY, json.dumps(history, indent=1).encode())
    save_bytes(folder / CARD, json.dumps(card, indent=1, ensure_ascii=False).encode())
    return TrainedModel(folder, tuple(card["labels"]), card, history)
