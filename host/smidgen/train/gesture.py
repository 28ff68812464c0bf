"""From motions to a gesture model: recordings, variation, training, quantisation, thresholds, figures, card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from smidgen import __version__
from smidgen.datasets.cache import key_of
from smidgen.datasets.jobs import Progress, silent
from smidgen.datasets.motion.recordings import Motions
from smidgen.datasets.motion.windows import stream
from smidgen.datasets.windows import Windows
from smidgen.errors import UsageError
from smidgen.features.motion import MotionSpec
from smidgen.train.calibrate import Calibration, Stream, choose
from smidgen.train.detection import NEVER, DetectionSpec
from smidgen.train.evaluate import Predictor, evaluate, most_wrong, tflite_predictor
from smidgen.train.fit import fit
from smidgen.train.gesture_material import GestureMaterial, plain_windows, recorded, simulated, training_windows
from smidgen.train.gesture_recipe import GestureRecipe
from smidgen.train.pretrained import Pretrained
from smidgen.train.result import TrainedModel, Worst, finished, write_result
from smidgen.train.run import epochs, require_tensorflow, versions

if TYPE_CHECKING:
    import keras

_STEP_S, _SMOOTHED_S, _REFRACTORY_S = 0.08, 0.24, 1.0
_GESTURE_EVERY_S = 4.0
_GESTURES_A_STREAM = 20
_WORST = 12


def train_gesture(
    gestures: Sequence[str] = ("ring", "slope", "wing"),
    out_dir: str | Path = "build/gesture",
    *,
    seed: int = 1,
    data: str | Path | None = None,
    held_out: float = 0.25,
    pretrained: str | Path | None = None,
    recipe: GestureRecipe | None = None,
    progress: Progress = silent,
) -> TrainedModel:
    """Train a model that tells gestures from each other and from all else ("negative").

    gestures: of the simulator; with `data`, the folder's classes instead. data: recordings, see
    datasets/motion/files.py. held_out: share of each class's recordings, the last ones, that nothing is learned or
    chosen on. pretrained: an earlier result to begin with; ten recordings of each gesture are then worth having. Of one
    for other gestures all layers but the last are taken. out_dir: where the result goes (see `TrainedModel`); the
    result of these very arguments is returned at once when it is there.

    Everything random follows from `seed`. Raises UsageError, DataError (recordings, disk), MissingExtra (no
    TensorFlow), Interrupted (Ctrl-C; out_dir is untouched).
    """
    require_tensorflow()
    if not 0 < held_out < 1:
        raise UsageError(f"held out {held_out:g}: give a share between 0 and 1, such as 0.25")
    recipe, out_dir = recipe or GestureRecipe(), Path(out_dir)
    progress("motions", 0, 1)
    material = simulated(gestures, recipe, seed) if data is None else recorded(Path(data), held_out, recipe, seed)
    before = None if pretrained is None else Pretrained.read(Path(pretrained), "gesture", material.labels)
    if before is not None and before.same_labels:
        recipe = recipe.adapting()
    sides = [side.key() for side in (material.train, material.validation, material.test)]
    began = None if before is None else before.result.card["key"]
    key = key_of(__version__, "gesture", seed, recipe.to_dict(), sides, began)
    if (done := finished(out_dir, key)) is not None:
        return done
    train = training_windows(material, recipe, seed)
    progress("motions", 1, 1, f"{len(train):,} windows")
    model, history = _fit(train, material, recipe, seed, before, progress)
    content, calibration = _finish(model, train.features, material, recipe, seed, progress)
    test = plain_windows(material, material.test, recipe)
    scores = tflite_predictor(content)(test.features)
    figures = evaluate(lambda _: scores, test.features, test.targets, material.labels)
    card = {
        "key": key,
        "task": "gesture",
        "labels": list(material.labels),
        "seed": seed,
        "imu": asdict(recipe.spec),
        "detection": calibration.spec.to_dict(),
        "data": {"source": material.source, **material.summary()},
        "recipe": recipe.to_dict(),
        "held_out": figures.to_dict(),
        "streams": calibration.to_dict(),
        "pretrained": began,
        "versions": versions(),
    }
    chosen, answer, lead = most_wrong(scores, test.targets, _WORST)
    worst = Worst(test.features[chosen], test.targets[chosen], answer, lead)
    return write_result(out_dir, content, card, history, test, model.get_weights(), worst)


def _fit(
    train: Windows,
    material: GestureMaterial,
    recipe: GestureRecipe,
    seed: int,
    before: Pretrained | None,
    progress: Progress,
) -> tuple[keras.Model, dict[str, Any]]:
    import keras

    from smidgen.models import motion_cnn

    keras.utils.set_random_seed(seed)
    model = motion_cnn.build(recipe.spec.window, 3, len(material.labels), width=recipe.width)
    if before is not None:
        before.give_to(model)
    validation = plain_windows(material, material.validation, recipe)
    told = epochs(progress, "training", "later recordings")
    return model, fit(model, train, validation, recipe.fit, seed=seed, on_epoch=told)


def _finish(
    model: keras.Model,
    features: np.ndarray,
    material: GestureMaterial,
    recipe: GestureRecipe,
    seed: int,
    progress: Progress,
) -> tuple[bytes, Calibration]:
    """Quantise, and choose thresholds on streams of the validation's recordings."""
    from smidgen.train.quantise import quantise

    progress("quantising", 0, 1)
    content = quantise(model, features)
    motions = material.validation
    found = calibrate(tflite_predictor(content), motions, material.targets(motions), material.labels, recipe.spec, seed)
    progress("quantising", 1, 1, f"{found.hits} of {found.said} gestures in streams, {found.false_alarms} false alarms")
    return content, found


def calibrate(
    predict: Predictor, motions: Motions, targets: np.ndarray, labels: Sequence[str], spec: MotionSpec, seed: int
) -> Calibration:
    """Thresholds on streams of recordings with rest between them. targets: int64 [len(motions)], 0 for no gesture."""
    hops = max(1, round(_STEP_S * spec.rate_hz))
    step_s = hops / spec.rate_hz
    detection = DetectionSpec(
        thresholds=(NEVER,) * len(labels),
        window=max(1, round(_SMOOTHED_S / step_s)),
        hops=hops,
        refractory=round(_REFRACTORY_S / step_s),
    )
    order = np.random.default_rng(seed).permutation(len(motions))
    gap = round(_GESTURE_EVERY_S * spec.rate_hz)
    streams = []
    for first in range(0, len(order), _GESTURES_A_STREAM):
        chosen = order[first : first + _GESTURES_A_STREAM]
        samples, starts = stream([motions.samples[i] for i in chosen], gap)
        view = np.lib.stride_tricks.sliding_window_view(spec.features(samples), spec.window, axis=0)[::hops]
        scores = predict(np.ascontiguousarray(view.transpose(0, 2, 1)))
        made = [((start - spec.window) // hops, int(targets[i])) for start, i in zip(starts, chosen, strict=True)]
        streams.append(Stream(scores, made, gap // hops))
    return choose(streams, detection, range(1, len(labels)), step_s)
