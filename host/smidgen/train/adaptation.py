"""Fine-tune with a user's own recordings, mixed with the synthetic windows so that the rest is not forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
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

_HELD_OUT = 0.2
_OTHER_SCENES = 1000  # added to the seed, so that the scenes are not those of the first training


@dataclass(frozen=True)
class Recordings:
    """A user's recordings, split by speaker where the names tell the speakers, else by recording."""

    train: Clips
    held_out: Clips


def load(folder: Path, labels: Sequence[str]) -> Recordings:
    """Read a folder WORD/*.wav. Raises DataError when it holds none of the keywords."""
    clips = speech_commands.load(folder)
    if not set(labels[2:]) & set(clips.words):
        raise DataError(f"{folder}: no recordings of {' or '.join(labels[2:])}; put them into {folder / labels[2]}")
    return Recordings(*clips.split_by_speaker(_HELD_OUT, seed=0))


def windows(
    user: Recordings, material: Material, recipe: Recipe, seed: int, cache: Path | None, progress: Progress
) -> tuple[Windows, Windows]:
    """The recordings in scenes, about as many of each class; those held out in a quarter as many."""
    train, held_out = (
        _scenes(clips, max(count, 1), material, recipe, seed + _OTHER_SCENES + n, cache, progress)
        for n, (clips, count) in enumerate(
            ((user.train, recipe.adapt_scenes), (user.held_out, recipe.adapt_scenes // 4))
        )
    )
    return train, held_out


def repeats(targets: np.ndarray, count: int) -> np.ndarray:
    """How many scenes each recording gets so that all classes have as many, `count` for one of the rarest class.

    Else a user's many other words and few keywords would teach that whatever sounds real is unknown.
    targets: int64 [n]. Returns int64 [n], each 1 or more.
    """
    present = np.bincount(targets)
    wanted = count * present[present > 0].min()
    return np.maximum(np.rint(wanted / present[targets]).astype(np.int64), 1)


def _scenes(
    clips: Clips, count: int, material: Material, recipe: Recipe, seed: int, cache: Path | None, progress: Progress
) -> Windows:
    targets = material.targets(clips)
    order = np.repeat(np.arange(len(clips)), repeats(targets, count))
    return scenes(
        clips.take(order.tolist()),
        targets[order],
        recipe.spec,
        recipe.scenery,
        seed=seed,
        others=material.others,
        cache=cache,
        progress=progress,
    )


def adapt(
    model: keras.Model,
    own: Windows,
    own_held_out: Windows,
    train: Windows,
    held_out: Windows,
    recipe: Recipe,
    seed: int,
    on_epoch: EpochEnd,
) -> dict[str, Any]:
    """Train on, gently, with the user's windows beside twice as many of the first training's.

    The epoch is chosen on the recordings and the speakers held out. Returns {"history": ...}, see `fit`.
    """
    order = np.random.default_rng(seed).permutation(len(train))[: 2 * len(own)]
    mixed = _join(own, Windows(train.features[order], train.targets[order]))
    settings = replace(recipe.fit, epochs=recipe.adapt_epochs, learning_rate=recipe.adapt_learning_rate)
    return {"history": fit(model, mixed, _join(own_held_out, held_out), settings, seed=seed, on_epoch=on_epoch)}


def _join(a: Windows, b: Windows) -> Windows:
    return Windows(np.concatenate([a.features, b.features]), np.concatenate([a.targets, b.targets]))
