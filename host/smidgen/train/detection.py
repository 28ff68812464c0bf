"""From scores to detections: integer arithmetic only, so that board and host agree value for value.

The model gives one int8 score a class every `hops` frames of the front end. A keyword is detected when the sum of
its last `window` scores reaches `window * threshold`, it leads every other class by that sum, and nothing was
detected in the last `refractory` steps. No division, no float; sums fit 16 bits for windows up to 255.
"""

from __future__ import annotations

import struct
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from smidgen import _format as fmt
from smidgen.errors import UsageError

_HEAD = fmt.RECORDS["detection"][0]
NEVER = 128  # a threshold that no int8 score reaches: for `_silence_` and `_unknown_`


@dataclass(frozen=True)
class DetectionSpec:
    """How scores become detections. Stored in the model card and in the `.smg`.

    thresholds: one integer a class, -128..128, in the order of the model's labels; NEVER for a class that is never
    reported. window: scores that are summed, 1..255. hops: front-end frames between two invocations, 1 or more.
    refractory: invocations after a detection in which nothing is detected, 0 or more.
    """

    thresholds: tuple[int, ...]
    window: int
    hops: int
    refractory: int

    def __post_init__(self) -> None:
        if not 1 <= self.window <= 255 or self.hops < 1 or self.refractory < 0:
            raise UsageError(f"detection: window {self.window}, hops {self.hops}, refractory {self.refractory}: "
                             "need a window of 1..255, hops >= 1 and refractory >= 0")  # fmt: skip
        if not all(-128 <= t <= NEVER for t in self.thresholds):
            raise UsageError(f"detection: thresholds {self.thresholds} must lie in -128..{NEVER}")

    def to_dict(self) -> dict[str, Any]:
        return {**asdict(self), "thresholds": list(self.thresholds)}

    @classmethod
    def from_dict(cls, fields: dict[str, Any]) -> DetectionSpec:
        return cls(tuple(fields["thresholds"]), fields["window"], fields["hops"], fields["refractory"])

    def to_section(self) -> bytes:
        """The DETECTION section of a `.smg`; it counts scores from 0, not from -128."""
        head = struct.pack(_HEAD, self.hops, self.window, self.refractory, len(self.thresholds))
        return head + struct.pack(f"<{len(self.thresholds)}H", *(t + 128 for t in self.thresholds))

    @classmethod
    def from_section(cls, section: bytes) -> DetectionSpec:
        """The spec of a DETECTION section. Raises SectionError when it is malformed."""
        size = struct.calcsize(_HEAD)
        hops, window, refractory, count = struct.unpack_from(_HEAD, section.ljust(size, b"\0"))
        if len(section) != size + 2 * count:
            raise fmt.SectionError(f"the DETECTION section has {len(section)} bytes, not {size + 2 * count}")
        thresholds = struct.unpack_from(f"<{count}H", section, size)
        try:
            return cls(tuple(t - 128 for t in thresholds), window, hops, refractory)
        except UsageError as error:
            raise fmt.SectionError(f"the DETECTION section is malformed: {error}") from error


@dataclass(frozen=True)
class Detection:
    """step: the invocation (0 is the stream's first) that fired. label: class index. score: the sum of its window."""

    step: int
    label: int
    score: int


class Detector:
    """The rule above, fed one invocation at a time."""

    def __init__(self, spec: DetectionSpec):
        self._spec = spec
        self._recent: deque[Sequence[int]] = deque(maxlen=spec.window)
        self._step = -1
        self._quiet = 0

    def feed(self, scores: Sequence[int]) -> Detection | None:
        """scores: one int8 value a class. Returns the detection that this invocation completes, or None."""
        self._step += 1
        self._recent.append([int(s) for s in scores])
        if self._quiet:
            self._quiet -= 1
            return None
        if len(self._recent) < self._spec.window:
            return None
        sums = [sum(column) for column in zip(*self._recent, strict=True)]
        best = max(range(len(sums)), key=sums.__getitem__)  # the first of equals
        if sums[best] < self._spec.window * self._spec.thresholds[best]:
            return None
        self._quiet = self._spec.refractory
        return Detection(self._step, best, sums[best])


def detect(scores: Iterable[Sequence[int]], spec: DetectionSpec) -> list[Detection]:
    """Every detection in a stream of scores, int8 [steps, classes]: what a Detector fed row by row gives, at once."""
    rows = np.asarray(scores if isinstance(scores, np.ndarray) else list(scores), np.int64)
    if len(rows) < spec.window:
        return []
    total = np.cumsum(np.pad(rows, ((1, 0), (0, 0))), axis=0)
    sums = total[spec.window :] - total[: -spec.window]
    best = sums.argmax(axis=1)  # the first of equals
    highest = sums[np.arange(len(sums)), best]
    found: list[Detection] = []
    free_from = 0
    for i in np.flatnonzero(highest >= spec.window * np.array(spec.thresholds)[best]):
        step = int(i) + spec.window - 1
        if step >= free_from:
            found.append(Detection(step, int(best[i]), int(highest[i])))
            free_from = step + spec.refractory + 1
    return found
