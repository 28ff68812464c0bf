"""From pictures to a vision model: scenes, variation, training, quantisation, levels, figures, card."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from smidgen import __version__
from smidgen.datasets.cache import cache_folder, key_of
from smidgen.datasets.jobs import Progress, silent
from smidgen.datasets.windows import Windows
from smidgen.errors import UsageError
from smidgen.train.calibrate import Calibration
from smidgen.train.evaluate import evaluate, most_wrong, tflite_predictor
from smidgen.train.fit import fit
from smidgen.train.pretrained import Pretrained
from smidgen.train.result import TrainedModel, Worst, finished, write_result
from smidgen.train.run import epochs, require_tensorflow, versions
from smidgen.train.scoring import area_under_curve
from smidgen.train.vision_calibrate import calibrate
from smidgen.train.vision_material import VisionMaterial, is_real, recorded, simulated, training_windows
from smidgen.train.vision_recipe import VisionRecipe
from smidgen.train.vision_variation import disturber

if TYPE_CHECKING:
    import keras

_WORST = 12


def train_vision(
    objects: Sequence[str] | None = None,
    out_dir: str | Path = "build/vision",
    *,
    seed: int = 1,
    data: str | Path | None = None,
    held_out: float = 0.25,
    pretrained: str | Path | None = None,
    recipe: VisionRecipe | None = None,
    cache: Path | None = None,
    progress: Progress = silent,
) -> TrainedModel:
    """Train a model that tells what a picture shows, or that it shows "nothing" of that.

    objects: of the renderer, default face; with `data`, the folder's classes instead, or categories of COCO. data:
    pictures, see datasets/picture/files.py. held_out: share of each class's subjects that nothing is learned or chosen
    on. pretrained: an earlier result to begin with; then ten pictures a class are worth having. out_dir: where the
    result goes (see `TrainedModel`); the result of these very arguments is returned at once when it is there. cache:
    folder for a run under way (default: the user's cache).

    Everything random follows from `seed`. Raises UsageError, DataError (pictures, disk), MissingExtra (no TensorFlow or
    scikit-image), Interrupted (Ctrl-C; a re-run goes on from the last epoch, out_dir is untouched).
    """
    require_tensorflow()
    if not 0 < held_out < 1:
        raise UsageError(f"held out {held_out:g}: give a share between 0 and 1, such as 0.25")
    recipe, out_dir = recipe or VisionRecipe(), Path(out_dir)
    recipe = recipe if pretrained is None else recipe.adapting()
    progress("pictures", 0, 1)
    if data is None:
        material = simulated(objects or ["face"], recipe, seed)
    else:
        material = recorded(Path(data), objects, held_out, recipe, seed)
    before = None if pretrained is None else Pretrained.read(Path(pretrained), "vision", material.labels)
    sides = [side.key() for side in (material.train, material.validation, material.test)]
    began = None if before is None else before.result.card["key"]
    key = key_of(__version__, "vision", seed, recipe.to_dict(), list(material.labels), sides, began)
    if (done := finished(out_dir, key)) is not None:
        return done
    train = training_windows(material, recipe)
    validation, test = (material.windows(side, recipe.spec) for side in (material.validation, material.test))
    progress("pictures", 1, 1, f"{len(train):,} to learn from")
    under_way = (cache or cache_folder()) / "runs" / key
    model, history = _fit(train, validation, len(material.labels), recipe, seed, before, under_way, progress)
    content, calibration = _finish(model, train, validation, material.labels, seed, progress)
    figures, worst = _figures(content, test, material)
    card = {
        "key": key,
        "task": "vision",
        "labels": list(material.labels),
        "seed": seed,
        "image": asdict(recipe.spec),
        "presence": calibration.spec.to_dict(),
        "data": {"source": material.source, **material.summary()},
        "recipe": recipe.to_dict(),
        "held_out": figures,
        "streams": calibration.to_dict(),
        "pretrained": began,
        "versions": versions(),
    }
    result = write_result(out_dir, content, card, history, test, model.get_weights(), worst)
    shutil.rmtree(under_way, ignore_errors=True)
    return result


def _fit(
    train: Windows,
    validation: Windows,
    classes: int,
    recipe: VisionRecipe,
    seed: int,
    before: Pretrained | None,
    under_way: Path,
    progress: Progress,
) -> tuple[keras.Model, dict[str, Any]]:
    """A fitted float model and its history."""
    import keras

    from smidgen.models import tiny_vision

    keras.utils.set_random_seed(seed)
    spec = recipe.spec
    shape = (spec.height, spec.width, spec.channels, classes)
    model = tiny_vision.build(*shape, filters=recipe.filters, blocks=recipe.blocks)
    if before is not None:
        before.give_to(model)
    history = fit(
        model,
        train,
        validation,
        recipe.fit,
        seed=seed,
        on_epoch=epochs(progress, "training", "other pictures"),
        resume=under_way / "training",
        disturber=partial(disturber, recipe.variation),
    )
    return model, history


def _finish(
    model: keras.Model, train: Windows, validation: Windows, labels: Sequence[str], seed: int, progress: Progress
) -> tuple[bytes, Calibration]:
    """Quantise, and choose levels on streams of the validation's pictures."""
    from smidgen.train.quantise import quantise

    progress("quantising", 0, 1)
    content = quantise(model, train.features)
    found = calibrate(tflite_predictor(content), validation, labels, seed)
    progress("quantising", 1, 1, f"{found.hits} of {found.said} visits in streams, {found.false_alarms} false alarms")
    return content, found


def _figures(content: bytes, test: Windows, material: VisionMaterial) -> tuple[dict[str, Any], Worst]:
    """What the card says of the pictures held out, and those that the model is most wrong about.

    auc: of each class against all other pictures; real_auc: the same on what was taken with a camera, where both sides
    are there. scores: by class, of pictures that show it and of those that do not.
    """
    scores = tflite_predictor(content)(test.features)
    figures = evaluate(lambda _: scores, test.features, test.targets, material.labels).to_dict()
    real = is_real(material.test)
    figures["auc"] = _areas(scores, test.targets, material.labels)
    figures["real_auc"] = _areas(scores[real], test.targets[real], material.labels)
    figures["real_count"] = int(real.sum())
    figures["scores"] = {
        label: {
            "shown": (scores[test.targets == n, n].astype(int) + 128).tolist(),
            "not shown": (scores[test.targets != n, n].astype(int) + 128).tolist(),
        }
        for n, label in enumerate(material.labels)
        if n
    }
    chosen, answer, lead = most_wrong(scores, test.targets, _WORST)
    return figures, Worst(test.features[chosen], test.targets[chosen], answer, lead)


def _areas(scores: np.ndarray, targets: np.ndarray, labels: Sequence[str]) -> dict[str, float]:
    """Area under the ROC curve of each class but "nothing"; without those that lack pictures on a side."""
    areas = {}
    for n, label in enumerate(labels):
        shown = targets == n
        if n and shown.any() and not shown.all():
            areas[label] = area_under_curve(scores[~shown, n].tolist(), scores[shown, n].tolist())
    return areas
