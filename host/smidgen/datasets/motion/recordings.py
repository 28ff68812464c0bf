"""A set of motion recordings: what each one shows and when it was made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from smidgen.datasets.cache import key_of

STANDARD_GRAVITY = 9.80665  # m/s2


@dataclass
class Motions:
    """Recordings of single gestures, in the order in which they were made.

    samples: int16 [n, 3] each, milli-g along x, y and z. labels: which gesture. sessions: recordings that were made in
    one go; they resemble each other more than anything a board will meet, so a split never parts neighbours needlessly.
    """

    samples: list[np.ndarray] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    sessions: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.samples)

    def append(self, samples: np.ndarray, label: str, session: str) -> None:
        self.samples.append(samples)
        self.labels.append(label)
        self.sessions.append(session)

    def extend(self, other: Motions) -> None:
        self.samples.extend(other.samples)
        self.labels.extend(other.labels)
        self.sessions.extend(other.sessions)

    def take(self, indices: Iterable[int]) -> Motions:
        """The recordings at these indices, in that order."""
        chosen = list(indices)
        return Motions(
            [self.samples[i] for i in chosen], [self.labels[i] for i in chosen], [self.sessions[i] for i in chosen]
        )

    def split_by_order(self, held_out: float) -> tuple[Motions, Motions]:
        """(earlier, later): of each class the last `held_out` (0 to 1) of its recordings are held out.

        Where a class has several sessions, the cut moves to the nearest border between two. Each side gets one
        recording of every class that has two.
        """
        earlier: list[int] = []
        later: list[int] = []
        for label in dict.fromkeys(self.labels):
            mine = [i for i, own in enumerate(self.labels) if own == label]
            cut = self._cut(mine, held_out)
            earlier += mine[:cut]
            later += mine[cut:]
        return self.take(earlier), self.take(later)

    def _cut(self, indices: list[int], held_out: float) -> int:
        count = len(indices)
        if count < 2:
            return count
        wanted = min(max(round(count * (1 - held_out)), 1), count - 1)
        sessions = [self.sessions[i] for i in indices]
        borders = [i for i in range(1, count) if sessions[i] != sessions[i - 1]]
        return min(borders, key=lambda border: abs(border - wanted), default=wanted)

    def key(self) -> str:
        """Equal for equal recordings."""
        return key_of(self.labels, self.sessions, *self.samples)


def to_milli_g(samples: np.ndarray) -> np.ndarray:
    """Real milli-g as int16, rounded and clipped."""
    return np.clip(np.rint(samples), -32768, 32767).astype(np.int16)


def at_rate(samples: np.ndarray, own_hz: float, wanted_hz: float) -> np.ndarray:
    """int16 [m, 3]: each new sample is the mean over its own period, so that what is faster than that leaves no alias;
    between the samples of a slower recording it is interpolated."""
    if abs(own_hz - wanted_hz) < 1e-3 * wanted_hz:
        return to_milli_g(samples)
    span = len(samples) / own_hz  # a sample stands for the period around it
    count = max(2, round(span * wanted_hz))
    middles = (np.arange(count) + 0.5) / wanted_hz
    if own_hz < wanted_hz:
        places = (np.arange(len(samples)) + 0.5) / own_hz
        return to_milli_g(np.stack([np.interp(middles, places, axis) for axis in samples.T], axis=1))
    edges = np.arange(len(samples) + 1) / own_hz
    sums = np.concatenate([np.zeros((1, 3)), np.cumsum(samples, axis=0)]) / own_hz
    limits = np.minimum(np.stack([middles - 0.5 / wanted_hz, middles + 0.5 / wanted_hz]), span)
    low, high = (np.stack([np.interp(limit, edges, axis) for axis in sums.T], axis=1) for limit in limits)
    return to_milli_g((high - low) / np.maximum(limits[1] - limits[0], 1e-9)[:, None])


def rotation(angles: np.ndarray) -> np.ndarray:
    """Matrices [..., 3, 3] that turn by |angles| radians about the axis along angles [..., 3] (Rodrigues)."""
    angle = np.linalg.norm(angles, axis=-1)[..., None, None]
    x, y, z = np.moveaxis(angles / np.maximum(angle[..., 0], 1e-12), -1, 0)
    nil = np.zeros_like(x)
    cross = np.stack([np.stack(row, -1) for row in ((nil, -z, y), (z, nil, -x), (-y, x, nil))], -2)
    return np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * (cross @ cross)
