"""What training leaves behind: a folder, and this description of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MODEL = "model.tflite"
CARD = "card.json"
HISTORY = "history.json"
WINDOWS = "windows.npz"


@dataclass(frozen=True)
class KeywordModel:
    """A trained keyword model on disk.

    folder holds
      model.tflite   int8 in [1, frames, channels, 1], int8 out [1, classes]
      card.json      `card`: labels, audio front end, detection, recipe, seed, voices, held-out figures
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


def read_result(folder: Path) -> KeywordModel | None:
    """The finished result that a folder holds, or None."""
    try:
        card = json.loads((folder / CARD).read_bytes())
        history = json.loads((folder / HISTORY).read_bytes())
    except (OSError, ValueError):
        return None
    if not (folder / MODEL).is_file() or not (folder / WINDOWS).is_file():
        return None
    return KeywordModel(folder, tuple(card["labels"]), card, history)
