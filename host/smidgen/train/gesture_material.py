"""Motions for a gesture model: simulated, recorded, or both, on three sides of a split by recording order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from smidgen.datasets.motion.files import load
from smidgen.datasets.motion.recordings import Motions
from smidgen.datasets.motion.wand import GESTURES, NEGATIVE, simulate
from smidgen.datasets.motion.windows import as_recorded, varied
from smidgen.datasets.windows import Windows, balanced
from smidgen.errors import DataError, UsageError
from smidgen.train.gesture_recipe import GestureRecipe

_TESTED_PEOPLE = 1000  # added to the seed: the simulated people of the test are others
_TESTED_SHARE = 0.25


@dataclass(frozen=True)
class GestureMaterial:
    """train: what is learned from. validation: what epoch and thresholds are chosen on. test: what the figures are of.

    recorded: which of train come from a sensor, bool [len(train)]. source: what all of this is, in a few words.
    """

    labels: tuple[str, ...]
    train: Motions
    recorded: np.ndarray
    validation: Motions
    test: Motions
    source: str

    def targets(self, motions: Motions) -> np.ndarray:
        """int64 [len(motions)], indices into the labels."""
        return np.array([self.labels.index(label) for label in motions.labels], np.int64)

    def summary(self) -> dict[str, Any]:
        """Recordings and sessions of each side, for the card."""
        sides = {"train": self.train, "validation": self.validation, "held_out": self.test}
        return {name: {"recordings": len(m), "sessions": sorted({*m.sessions})} for name, m in sides.items()}


def simulated(gestures: Sequence[str], recipe: GestureRecipe, seed: int) -> GestureMaterial:
    """Gestures of the simulator alone. Raises UsageError for one that it does not know."""
    labels = labels_for(gestures)
    rate_hz = recipe.spec.rate_hz
    motions = simulate(dict.fromkeys(labels, recipe.simulated), rate_hz, seed)
    count = max(4, round(recipe.simulated * _TESTED_SHARE))
    test = simulate(dict.fromkeys(labels, count), rate_hz, seed + _TESTED_PEOPLE)
    train, validation = motions.split_by_order(recipe.validated)
    return GestureMaterial(labels, train, np.zeros(len(train), bool), validation, test, "simulated motions")


def recorded(folder: Path, held_out: float, recipe: GestureRecipe, seed: int) -> GestureMaterial:
    """A user's recordings, and simulated ones of the gestures that the simulator knows and of everything that is none.

    held_out: the share of each class that is only tested on: its last recordings. Raises DataError.
    """
    own = load(folder, recipe.spec.rate_hz)
    labels = labels_for(sorted({*own.labels} - {NEGATIVE}), str(folder))
    kept, test = own.split_by_order(held_out)
    few = [label for label in labels if label in own.labels and kept.labels.count(label) < 2]
    if few:
        raise DataError(f"{folder}: too few recordings of {', '.join(few)}; record at least four of each")
    train, validation = kept.split_by_order(recipe.validated)
    counts = {label: recipe.simulated for label in labels if label in GESTURES or label == NEGATIVE}
    more, checked = simulate(counts, recipe.spec.rate_hz, seed).split_by_order(recipe.validated)
    is_recorded = np.arange(len(train) + len(more)) < len(train)
    train.extend(more)
    validation.extend(checked)
    source = "recordings and simulated motions (" + ", ".join(counts) + ")"
    return GestureMaterial(labels, train, is_recorded, validation, test, source)


def labels_for(gestures: Sequence[str], source: str = "gestures") -> tuple[str, ...]:
    """NEGATIVE first (equal scores fall to it), then the gestures. Raises UsageError for a list that makes no sense."""
    if not gestures or len(set(gestures)) < len(gestures) or NEGATIVE in gestures:
        raise UsageError(f"{source}: name at least one gesture, each once, beside {NEGATIVE!r}, which is always there")
    return (NEGATIVE, *gestures)


def training_windows(material: GestureMaterial, recipe: GestureRecipe, seed: int) -> Windows:
    """`recipe.windows` of each class: each recording in as many variations as it takes, half from either source."""
    targets = material.targets(material.train)
    indices = balanced(targets, material.recorded, len(material.labels), recipe.windows)
    return varied(material.train.take(indices.tolist()), targets[indices], recipe.spec, recipe.variation, seed)


def plain_windows(material: GestureMaterial, motions: Motions, recipe: GestureRecipe) -> Windows:
    """Recordings as they are."""
    return as_recorded(motions, material.targets(motions), recipe.spec)
