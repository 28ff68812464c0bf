"""Fine-tune with a user's own recordings, beside more synthetic windows so that the rest is not forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from smidgen.datasets import speech_commands
from smidgen.datasets.clips import Clips
from smidgen.datasets.jobs import Progress
from smidgen.datasets.windows import Windows, scenes
from smidgen.errors import DataError
from smidgen.train.fit import fit
from smidgen.train.keeper import EpochEnd
from smidgen.train.material import Material
from smidgen.train.recipe import Recipe

if TYPE_CHECKING:
    import keras

_OTHER_SCENES = 1000  # added to the seed, so that the scenes are not those of the first training


def load(folder: Path, labels: Sequence[str]) -> Clips:
    """Read a folder WORD/*.wav. Raises DataError when it holds none of the keywords."""
    clips = speech_commands.load(folder)
    if not set(labels[2:]) & set(clips.words):
        raise DataError(f"{folder}: no recordings of {' or '.join(labels[2:])}; put them into {folder / labels[2]}")
    return clips


def windows(
    user: Clips, material: Material, recipe: Recipe, seed: int, cache: Path | None, progress: Progress
) -> Windows:
    """The recordings in many scenes each."""
    targets = material.targets(user)
    order = np.repeat(np.arange(len(user)), repeats(targets, recipe.adapt_scenes))
    return scenes(
        user.take(order.tolist()),
        targets[order],
        recipe.spec,
        recipe.scenery,
        seed=seed + _OTHER_SCENES,
        others=material.others,
        cache=cache,
        progress=progress,
    )


def repeats(targets: np.ndarray, count: int) -> np.ndarray:
    """How many scenes each recording gets: `count` for one of the rarest class, fewer by the root of how much commoner
    its class is, so that many other words neither drown the keywords nor are wasted.

    targets: int64 [n]. Returns int64 [n], each 1 or more.
    """
    present = np.bincount(targets)
    rarity = present[present > 0].min() / present[targets]
    return np.maximum(np.rint(count * np.sqrt(rarity)).astype(np.int64), 1)


def adapt(
    model: keras.Model,
    own: Windows,
    train: Windows,
    held_out: Windows,
    recipe: Recipe,
    seed: int,
    on_epoch: EpochEnd,
    resume: Path,
) -> dict[str, Any]:
    """Train on, gently, with the user's windows and `recipe.adapt_beside` as many of the first training's.

    The last epoch stays: the held-out voices, synthetic ones, cannot tell which is best for people. resume: see `fit`.
    Returns {"history": ...}, see there too.
    """
    mixed = _join(own, beside(own, train, recipe.adapt_beside, seed))
    settings = replace(recipe.fit, epochs=recipe.adapt_epochs, learning_rate=recipe.adapt_learning_rate, keep_last=True)
    return {"history": fit(model, mixed, held_out, settings, seed=seed, on_epoch=on_epoch, resume=resume)}


def beside(own: Windows, train: Windows, times: int, seed: int) -> Windows:
    """`times` as many windows of each class as `own` has; of a class of which it has none (silence, mostly), `times` as
    many as it has in all. Fewer where there are no more."""
    rng = np.random.default_rng(seed)
    counts = np.bincount(own.targets, minlength=int(train.targets.max()) + 1)
    chosen = np.concatenate([
        rng.permutation(np.flatnonzero(train.targets == c))[: times * (count or len(own))]
        for c, count in enumerate(counts)
    ])  # fmt: skip
    return Windows(train.features[chosen], train.targets[chosen])


def _join(a: Windows, b: Windows) -> Windows:
    return Windows(np.concatenate([a.features, b.features]), np.concatenate([a.targets, b.targets]))
