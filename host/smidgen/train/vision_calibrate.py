"""Choose the levels of presence on streams of pictures: something comes into view, stays a while, and goes again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from smidgen.datasets.windows import Windows
from smidgen.train.calibrate import Calibration
from smidgen.train.evaluate import Predictor
from smidgen.train.presence import NEVER, Presence, PresenceSpec

_SMOOTH = 3
_STAY = 6  # pictures for which something is in view, and for which nothing is
_PICTURE_S = 0.2
_VISITS = 150  # at most
_CANDIDATES = range(96, 248, 8)
_PRICE_OF_FALSE_ALARM = 2.0  # in visits that are missed
_INDIFFERENCE = 0.03  # of the visits: real pictures score lower than rendered ones, so prefer low levels


@dataclass(frozen=True)
class _Stream:
    """scores: int64 [pictures, classes], 0 to 255. truth: int64 [pictures], what is in view."""

    scores: np.ndarray
    truth: np.ndarray


def calibrate(predict: Predictor, windows: Windows, labels: Sequence[str], seed: int) -> Calibration:
    """Pick, for each label but the first ("nothing") apart, the lowest level that loses hardly more than the best one.

    windows: pictures that nothing was learned from, of the labels. A false alarm costs as much as two misses.
    """
    stream = _stream(predict, windows, len(labels), np.random.default_rng(seed))
    spec = PresenceSpec((NEVER,) * len(labels), (0,) * len(labels), _SMOOTH)
    for label in range(1, len(labels)):
        losses = {on: _loss(stream, _with(spec, label, on), label) for on in _CANDIDATES}
        said = _count(stream, spec, range(label, label + 1))[1]
        acceptable = min(losses.values()) + _INDIFFERENCE * said
        spec = _with(spec, label, next(on for on, loss in losses.items() if loss <= acceptable))
    everything = range(1, len(labels))
    hits, said, alarms = _count(stream, spec, everything)
    curve = []
    for on in _CANDIDATES:
        level = replace(spec, on=(NEVER, *[on] * (len(labels) - 1)), off=(0, *[_off(on)] * (len(labels) - 1)))
        found, _, false = _count(stream, level, everything)
        curve.append((on, found, false))
    return Calibration(spec, hits, said, alarms, len(stream.truth) * _PICTURE_S / 3600, tuple(curve))


def _off(on: int) -> int:
    """The level below which what is seen is gone: what keeps it from flickering."""
    return on * 3 // 4


def _with(spec: PresenceSpec, label: int, on: int) -> PresenceSpec:
    def changed(levels: tuple[int, ...], level: int) -> tuple[int, ...]:
        return (*levels[:label], level, *levels[label + 1 :])

    return PresenceSpec(changed(spec.on, on), changed(spec.off, _off(on)), spec.smooth)


def _stream(predict: Predictor, windows: Windows, classes: int, rng: np.random.Generator) -> _Stream:
    things = rng.permutation(np.flatnonzero(windows.targets > 0))[:_VISITS]
    nothings = np.resize(rng.permutation(np.flatnonzero(windows.targets == 0)), len(things))
    order = np.repeat(np.stack([nothings, things], axis=1).reshape(-1), _STAY)
    shaken = np.stack([_shaken(windows.features[i], rng) for i in order])
    scores = predict(shaken).astype(np.int64) + 128
    return _Stream(scores.reshape(-1, classes), windows.targets[order])


def _shaken(features: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """What a camera sees a moment later: a pixel aside, a little brighter or darker, with other noise."""
    moved = np.roll(features, rng.integers(-1, 2, 2).tolist(), axis=(0, 1))
    noisy = moved + rng.normal(0, 6) + rng.normal(0, 3, moved.shape)
    return np.clip(np.rint(noisy), -128, 127).astype(np.int8)


def _loss(stream: _Stream, spec: PresenceSpec, label: int) -> float:
    hits, said, alarms = _count(stream, spec, range(label, label + 1))
    return said - hits + _PRICE_OF_FALSE_ALARM * alarms


def _count(stream: _Stream, spec: PresenceSpec, labels: range) -> tuple[int, int, int]:
    """(visits that were noticed, visits, times that something was seen that was not there) of these labels."""
    presence = Presence(spec)
    noticed, visits, alarms = set(), set(), 0
    for step, (row, truth) in enumerate(zip(stream.scores.tolist(), stream.truth.tolist(), strict=True)):
        changed = presence.feed(row)
        if truth in labels:
            visits.add(step // _STAY)
            if presence.seen == truth:
                noticed.add(step // _STAY)
        alarms += changed and presence.seen in labels and presence.seen != truth
    return len(noticed), len(visits), alarms
