"""A `.smg` on a folder of recordings."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from smidgen import _format as fmt
from smidgen.datasets import speech_commands
from smidgen.datasets.speech_commands import UNKNOWN
from smidgen.datasets.windows import as_recorded
from smidgen.engine import Engine, outputs_along
from smidgen.errors import DataError
from smidgen.features.audio import AudioSpec
from smidgen.train.evaluate import Evaluation, Predictor, evaluate


def evaluate_folder(model: Path, data: Path) -> Evaluation:
    """Each recording of WORD/*.wav as one window through the engine.

    Words that are no labels count as `_unknown_`. Raises a ModelError for a file that is not a model that listens,
    DataError or AudioError for recordings that cannot be used.
    """
    engine = Engine(model.read_bytes(), str(model))
    for name in ("AUDIO", "LABELS"):
        if name not in engine.blob.sections:
            raise fmt.SectionError(f"{model}: has no {name} section; evaluate the .smg that 'smidgen train' wrote")
    labels = engine.blob.labels
    clips = speech_commands.load(data)
    targets = np.array([_target(word, labels, data) for word in clips.words], np.int64)
    windows = as_recorded(clips, targets, AudioSpec.from_section(engine.blob.sections["AUDIO"]))
    return evaluate(engine_predictor(engine), windows.features, windows.targets, labels)


def engine_predictor(engine: Engine) -> Predictor:
    """A predictor that runs the engine. A model that keeps state takes each window in steps, and then forgets it."""

    def predict(features: np.ndarray) -> np.ndarray:
        return np.stack([list(outputs_along(engine, window, len(window)))[-1][0].reshape(-1) for window in features])

    return predict


def _target(word: str, labels: list[str], data: Path) -> int:
    if word in labels:
        return labels.index(word)
    if UNKNOWN in labels:
        return labels.index(UNKNOWN)
    raise DataError(f"{data}: the model knows no {word!r}, only {', '.join(labels)}; leave that folder out")
