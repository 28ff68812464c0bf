"""Motion recordings -> varied recordings -> int8 model windows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from smidgen.datasets.motion.recordings import Motions, rotation, to_milli_g
from smidgen.datasets.windows import Windows
from smidgen.features.motion import MotionSpec

_EASING = 6  # samples in which a hand comes from rest into what was recorded, or back


@dataclass(frozen=True)
class Variation:
    """How far a recording is changed before it becomes a window; each figure is a standard deviation.

    turn: radians about any axis. pace: of the logarithm of the tempo. vigour: of the logarithm of the acceleration
    beside gravity. offset_mg, noise_mg: of the sensor. overhang: the largest share of a gesture outside its window.
    """

    turn: float = 0.15
    pace: float = 0.1
    vigour: float = 0.12
    offset_mg: float = 20.0
    noise_mg: float = 12.0
    overhang: float = 0.1


def vary(samples: np.ndarray, how: Variation, rng: np.random.Generator) -> np.ndarray:
    """Another recording that might have been, float64 [m, 3], of int16 [n, 3]."""
    count = max(4, round(len(samples) * np.exp(rng.normal(0, how.pace))))
    places = np.linspace(0, len(samples) - 1, count)
    moved = np.stack([np.interp(places, np.arange(len(samples)), axis) for axis in samples.T], axis=1)
    gravity = _gravity(moved)
    moved = gravity + (moved - gravity) * np.exp(rng.normal(0, how.vigour))
    moved = moved @ rotation(rng.normal(0, how.turn, 3)).T + rng.normal(0, how.offset_mg, 3)
    return moved + rng.normal(0, 1, moved.shape) * abs(rng.normal(0, how.noise_mg))


def varied(motions: Motions, targets: np.ndarray, spec: MotionSpec, how: Variation, seed: int) -> Windows:
    """One window of each recording, varied, somewhere in the window; the same recording may be in there many times.

    targets: int64 [len(motions)].
    """
    features = np.empty((len(motions), spec.window, 3), np.int8)
    for i, samples in enumerate(motions.samples):
        rng = np.random.default_rng([seed, i])
        features[i] = spec.features(to_milli_g(_placed(vary(samples, how, rng), spec.window, how.overhang, rng)))
    return Windows(features, np.asarray(targets, np.int64))


def as_recorded(motions: Motions, targets: np.ndarray, spec: MotionSpec) -> Windows:
    """Each recording as it is: in the middle of the window, its ends held; of a longer one the liveliest stretch.

    targets: int64 [len(motions)].
    """
    features = np.empty((len(motions), spec.window, 3), np.int8)
    for i, samples in enumerate(motions.samples):
        missing = spec.window - len(samples)
        if missing > 0:
            samples = np.pad(samples, ((missing // 2, missing - missing // 2), (0, 0)), mode="edge")
        features[i] = spec.features(_liveliest(samples, spec.window))
    return Windows(features, np.asarray(targets, np.int64))


def _gravity(samples: np.ndarray) -> np.ndarray:
    """1 g along the mean; a recording's mean is close to gravity, for what speeds up slows down again."""
    mean = samples.mean(axis=0)
    return mean / max(float(np.linalg.norm(mean)), 1.0) * 1000.0


def _placed(samples: np.ndarray, window: int, overhang: float, rng: np.random.Generator) -> np.ndarray:
    """The recording somewhere in a window, eased in from rest and out to rest."""
    n = len(samples)
    out = int(n * overhang)
    low, high = sorted((-out, window - n + out))
    start = int(rng.integers(low, high + 1))
    before, after = max(start, 0), max(window - start - n, 0)
    whole = _eased(samples, before, after)
    first = max(-start, 0)
    return whole[first : first + window]


def _eased(samples: np.ndarray, before: int, after: int) -> np.ndarray:
    """The recording between stretches of rest."""
    return np.concatenate([_rest(samples[0], before)[::-1], samples, _rest(samples[-1], after)])


def _rest(edge: np.ndarray, count: int) -> np.ndarray:
    """From an end of a recording into rest: only gravity is left, along the same direction."""
    norm = float(np.linalg.norm(edge))
    rest = edge / norm * 1000.0 if norm > 300 else edge
    share = np.minimum(np.arange(1, count + 1) / _EASING, 1.0)[:, None]
    return edge + (rest - edge) * share


def _liveliest(samples: np.ndarray, window: int) -> np.ndarray:
    """The stretch of int16 [n, 3], n at least window, that differs most from the mean."""
    energy = np.square(samples - samples.mean(axis=0)).sum(axis=1)
    sums = np.concatenate([[0.0], np.cumsum(energy)])
    start = int((sums[window:] - sums[:-window]).argmax())
    return samples[start : start + window]


def stream(recordings: Sequence[np.ndarray], gap: int) -> tuple[np.ndarray, list[int]]:
    """Recordings one after the other, each in the middle of `gap` samples, the hand coming to rest between them.

    recordings: int16 [n, 3] each. Returns int16 [len(recordings) * gap, 3] and where each recording begins.
    """
    pieces: list[np.ndarray] = []
    starts = []
    for n, samples in enumerate(recordings):
        samples = samples[:gap]
        before = (gap - len(samples)) // 2
        after = gap - len(samples) - before
        starts.append(n * gap + before)
        pieces.append(_eased(samples.astype(float), before, after))
    return to_milli_g(np.concatenate(pieces)), starts


def at_rest(samples: np.ndarray, count: int) -> np.ndarray:
    """int16 [n, 3] with `count` samples of rest before and after it."""
    return to_milli_g(_eased(samples.astype(float), count, count))
