"""Pictures for a vision model: rendered, real, or both, on three sides of a split by subject."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from smidgen.datasets.picture import bundled
from smidgen.datasets.picture.coco import annotations_of, load_coco
from smidgen.datasets.picture.files import load
from smidgen.datasets.picture.pictures import NOTHING, Pictures
from smidgen.datasets.picture.scenes import cut_out, scene, simulate
from smidgen.datasets.picture.sprites import SPRITES
from smidgen.datasets.windows import Windows, balanced
from smidgen.errors import DataError, UsageError
from smidgen.features.image import ImageSpec
from smidgen.train.vision_recipe import VisionRecipe

_OTHERS = {"train": 0, "validation": 1000, "test": 2000}  # added to the seed: scenes of one side are not another's


@dataclass(frozen=True)
class VisionMaterial:
    """train: what is learned from. validation: what epoch and levels are chosen on. test: what the figures are of.

    source: what all of this is, in a few words.
    """

    labels: tuple[str, ...]
    train: Pictures
    validation: Pictures
    test: Pictures
    source: str

    def targets(self, pictures: Pictures) -> np.ndarray:
        """int64 [len(pictures)], indices into the labels."""
        return np.array([self.labels.index(label) for label in pictures.labels], np.int64)

    def windows(self, pictures: Pictures, spec: ImageSpec) -> Windows:
        """Each picture as a model sees it."""
        features = np.empty((len(pictures), *spec.shape), np.int8)
        for i, image in enumerate(pictures.images):
            features[i] = spec.features(image)
        return Windows(features, self.targets(pictures))

    def summary(self) -> dict[str, Any]:
        """Pictures of each side, for the card."""
        sides = {"train": self.train, "validation": self.validation, "held_out": self.test}
        return {
            name: {
                "pictures": len(side),
                "of real subjects": int(is_real(side).sum()),
                "subjects": len({*side.subjects}),
            }
            for name, side in sides.items()
        }


def is_real(pictures: Pictures) -> np.ndarray:
    """bool [n]: what was not rendered."""
    return np.array([not subject.startswith("simulated-") for subject in pictures.subjects], bool)


def simulated(objects: Sequence[str], recipe: VisionRecipe, seed: int) -> VisionMaterial:
    """Scenes of the renderer; where faces are among the objects, the real ones of scikit-image beside them.

    Raises UsageError for an object that it does not know, MissingExtra without scikit-image.
    """
    labels = labels_for(objects)
    sides = {side: _rendered(labels, side, recipe, seed) for side in _OTHERS}
    source = "rendered scenes"
    if bundled.FACE in labels:
        source += " and the real faces of scikit-image (lfw_subset)"
        _add_faces(sides, recipe, seed)
    return VisionMaterial(labels, sides["train"], sides["validation"], sides["test"], source)


def _add_faces(sides: dict[str, Pictures], recipe: VisionRecipe, seed: int) -> None:
    """The real ones: as they are to each side, and in scenes to what is learned from and chosen on."""
    kept, test = bundled.faces(), Pictures()
    if recipe.real < 1:
        kept, test = kept.split_by_subject(1 - recipe.real, seed) if recipe.real else (test, kept)
    learned, checked = kept.split_by_subject(recipe.validated, seed)
    for side, own in (("train", learned), ("validation", checked), ("test", test)):
        sides[side].extend(own)
    sides["train"].extend(_in_scenes(learned, recipe.real_scenes, seed))
    sides["validation"].extend(_in_scenes(checked, 1, seed + 1))


def recorded(
    folder: Path, objects: Sequence[str] | None, held_out: float, recipe: VisionRecipe, seed: int
) -> VisionMaterial:
    """A user's pictures, and rendered scenes of the classes that the renderer knows and of nothing; or COCO's pictures,
    alone. objects: of COCO's categories, by default person; None with folders of classes, which are the objects.

    held_out: the share of each class's subjects that is only tested on. Raises DataError, UsageError.
    """
    side = 2 * max(recipe.spec.width, recipe.spec.height)
    if annotations_of(folder):
        labels = labels_for(objects or ["person"], str(folder))
        own, scenes = load_coco(folder, labels[1:], side, recipe.most, seed), []
        source = "COCO's pictures, as visual wake words"
    else:
        if objects:
            raise UsageError(f"{folder}: its folders are the objects; leave --objects out")
        own = load(folder, side)
        labels = labels_for(sorted({*own.labels} - {NOTHING}), str(folder))
        scenes = [label for label in labels if label == NOTHING or label in SPRITES]
        source = f"pictures and rendered scenes ({', '.join(scenes)})"
    kept, test = own.split_by_subject(held_out, seed)
    few = [label for label in labels if label in own.labels and kept.labels.count(label) < 2]
    if few:
        raise DataError(f"{folder}: too few pictures of {', '.join(few)}; take at least four of each")
    train, validation = kept.split_by_subject(recipe.validated, seed)
    train.extend(_rendered(scenes, "train", recipe, seed))
    validation.extend(_rendered(scenes, "validation", recipe, seed))
    return VisionMaterial(labels, train, validation, test, source)


def labels_for(objects: Sequence[str], source: str = "objects") -> tuple[str, ...]:
    """NOTHING first (equal scores fall to it), then the objects. Raises UsageError for a list that makes no sense."""
    if not objects or len(set(objects)) < len(objects) or NOTHING in objects:
        raise UsageError(f"{source}: name at least one object, each once, beside {NOTHING!r}, which is always there")
    return (NOTHING, *objects)


def training_windows(material: VisionMaterial, recipe: VisionRecipe) -> Windows:
    """`recipe.windows` of each class, half of them real pictures where there are any."""
    windows = material.windows(material.train, recipe.spec)
    chosen = balanced(windows.targets, is_real(material.train), len(material.labels), recipe.windows)
    return Windows(windows.features[chosen], windows.targets[chosen])


def _rendered(labels: Sequence[str], side: str, recipe: VisionRecipe, seed: int) -> Pictures:
    """Scenes for one side; fewer for those that nothing is learned from."""
    count = recipe.simulated if side == "train" else max(4, round(recipe.simulated * recipe.validated / 2))
    return simulate(dict.fromkeys(labels, count), seed + _OTHERS[side], bundled.photographs())


def _in_scenes(pictures: Pictures, count: int, seed: int) -> Pictures:
    """Each picture, its corners faded out, in `count` scenes; backgrounds too, so that fading tells nothing."""
    made = Pictures()
    for i, image in enumerate(pictures.images):
        for n in range(count):
            rng = np.random.default_rng([seed, i, n])
            picture = scene(cut_out(image), rng, bundled.photographs())
            made.append(picture, pictures.labels[i], pictures.subjects[i], pictures.names[i])
    return made
