"""A `.smg` on a folder of recordings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from smidgen import _format as fmt
from smidgen.datasets import speech_commands, windows
from smidgen.datasets.machine.files import load as load_machines
from smidgen.datasets.motion import windows as motion_windows
from smidgen.datasets.motion.files import load as load_motions
from smidgen.datasets.motion.wand import NEGATIVE
from smidgen.datasets.picture.files import load as load_pictures
from smidgen.datasets.picture.pictures import NOTHING
from smidgen.datasets.speech_commands import UNKNOWN
from smidgen.datasets.windows import Windows
from smidgen.engine import Engine, outputs_along
from smidgen.errors import DataError
from smidgen.features.audio import AudioSpec
from smidgen.features.image import ImageSpec
from smidgen.features.motion import MotionSpec
from smidgen.monitor import Monitor
from smidgen.train.evaluate import Evaluation, Predictor, evaluate
from smidgen.train.scoring import figures_of


def evaluate_folder(model: Path, data: Path) -> Evaluation:
    """Each recording as one window through the engine: WORD/*.wav for a model that listens, motions for one of
    gestures, pictures for one that sees.

    Classes that are no labels count as `_unknown_`, "negative" or "nothing". Raises a ModelError for a file that is no
    such model, DataError or AudioError for recordings that cannot be used.
    """
    engine = Engine(model.read_bytes(), str(model))
    sections = engine.blob.sections
    if not {"AUDIO", "IMU", "IMAGE"} & set(sections) or "LABELS" not in sections:
        raise fmt.SectionError(
            f"{model}: has no LABELS, or none of AUDIO, IMU and IMAGE; evaluate the .smg that 'smidgen train' wrote"
        )
    labels = engine.blob.labels
    cut = _of_motion if "IMU" in sections else _of_pictures if "IMAGE" in sections else _of_sound
    found = cut(engine, data, labels)
    return evaluate(engine_predictor(engine), found.features, found.targets, labels)


def evaluate_machines(model: Path, data: Path) -> dict[str, Any]:
    """An anomaly model on recordings of machines (see datasets/machine/files.py): area under the curve, by machine.

    A recording's score is the mean of its windows' scores. Raises as `evaluate_folder`; DataError too when no machine
    has both normal and anomalous recordings.
    """
    content = model.read_bytes()
    clips = load_machines(data)
    scores = []
    for audio in clips.audio:
        found = list(Monitor(content, str(model)).scores(audio))
        scores.append(float(np.mean(found)) if found else 0.0)
    figures = figures_of(scores, clips)
    if not figures["auc"]:
        raise DataError(f"{data}: no machine has both normal and anomalous recordings")
    return figures


def engine_predictor(engine: Engine) -> Predictor:
    """A predictor that runs the engine. A model that keeps state takes each window in steps, and then forgets it."""

    def predict(features: np.ndarray) -> np.ndarray:
        return np.stack([list(outputs_along(engine, window, len(window)))[-1][0].reshape(-1) for window in features])

    return predict


def _of_sound(engine: Engine, data: Path, labels: list[str]) -> Windows:
    clips = speech_commands.load(data)
    targets = _targets(clips.words, labels, UNKNOWN, data)
    return windows.as_recorded(clips, targets, AudioSpec.from_section(engine.blob.sections["AUDIO"]))


def _of_motion(engine: Engine, data: Path, labels: list[str]) -> Windows:
    spec = MotionSpec.from_section(engine.blob.sections["IMU"])
    motions = load_motions(data, spec.rate_hz)
    return motion_windows.as_recorded(motions, _targets(motions.labels, labels, NEGATIVE, data), spec)


def _of_pictures(engine: Engine, data: Path, labels: list[str]) -> Windows:
    spec = ImageSpec.from_section(engine.blob.sections["IMAGE"])
    pictures = load_pictures(data, 2 * max(spec.width, spec.height))
    features = np.stack([spec.features(image) for image in pictures.images])
    return Windows(features, _targets(pictures.labels, labels, NOTHING, data))


def _targets(classes: Sequence[str], labels: list[str], other: str, data: Path) -> np.ndarray:
    """int64 [len(classes)]. What is no label counts as `other`, if the model has that."""
    strange = [name for name in classes if name not in labels]
    if strange and other not in labels:
        raise DataError(f"{data}: the model knows no {strange[0]!r}, only {', '.join(labels)}; leave that folder out")
    return np.array([labels.index(name if name in labels else other) for name in classes], np.int64)
