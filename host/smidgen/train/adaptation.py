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
from smidgen.train.fit import EpochEnd, fit
from smidgen.train.material import Material
from smidgen.train.recipe import Recipe

if TYPE_CHECKING:
    import keras

_HELD_OUT = 0.2


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


def adapt(
    model: keras.Model,
    user: Recordings,
    material: Material,
    train: Windows,
    held_out: Windows,
    recipe: Recipe,
    seed: int,
    cache: Path | None,
    progress: Progress,
    on_epoch: EpochEnd,
) -> dict[str, Any]:
    """Train on, gently, with each recording in `recipe.adapt_scenes` scenes beside as many synthetic windows.

    The epoch is chosen on the recordings and the voices held out. Returns the history and the counts, for the card.
    """
    own = _windows(user.train, recipe.adapt_scenes, material, recipe, seed + 10, cache, progress)
    test = _windows(user.held_out, max(recipe.adapt_scenes // 4, 1), material, recipe, seed + 11, cache, progress)
    order = np.random.default_rng(seed).permutation(len(train))[: len(own)]
    mixed = _join(own, Windows(train.features[order], train.targets[order]))
    settings = replace(recipe.fit, epochs=recipe.adapt_epochs, learning_rate=recipe.adapt_learning_rate)
    history = fit(model, mixed, _join(test, held_out), settings, seed=seed, on_epoch=on_epoch)
    return {"recordings": len(user.train), "held_out": len(user.held_out), "history": history}


def _windows(
    clips: Clips, count: int, material: Material, recipe: Recipe, seed: int, cache: Path | None, progress: Progress
) -> Windows:
    many = clips.take(i for _ in range(count) for i in range(len(clips)))
    return scenes(
        many,
        material.targets(many),
        recipe.spec,
        recipe.scenery,
        seed=seed,
        others=material.others,
        cache=cache,
        progress=progress,
    )


def _join(a: Windows, b: Windows) -> Windows:
    return Windows(np.concatenate([a.features, b.features]), np.concatenate([a.targets, b.targets]))
