"""From what an autoencoder makes of a window to an anomaly score, and from scores to a threshold: integers only, so
that board (firmware/lib/smidgen/monitor.py) and host agree value for value.

The score of a window is the mean of squared errors, each weighted by its mel channel. Scores of `smooth` windows make a
report, their mean rounded down. The threshold is learned from reports of a machine that is well: their mean and so many
standard deviations.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from smidgen import _format as fmt
from smidgen.datasets.machine.recordings import MachineClips
from smidgen.errors import UsageError

_HEAD = fmt.RECORDS["anomaly"][0]
CLAMP = 1023  # of a weighted error; the sum over 1,024 values then fits a small integer of MicroPython


@dataclass(frozen=True)
class AnomalySpec:
    """How errors become scores. Stored in the model card and in the `.smg`.

    out_scale_q16: the output's scale over the input's, times 65536. hops: frames between two windows. smooth: windows
    of a report. learned: reports from which a board learns its threshold. margin_q4: standard deviations above their
    mean, in sixteenths. threshold: until a board has learned its own. weights: of each mel channel, 0 to 255.
    """

    out_scale_q16: int
    hops: int
    smooth: int
    learned: int
    margin_q4: int
    threshold: int
    weights: tuple[int, ...]

    def __post_init__(self) -> None:
        sane = 1 <= self.out_scale_q16 < 1 << 20 and self.hops >= 1 and 1 <= self.smooth <= 1024 and self.learned >= 2
        if not sane or not self.weights or not all(0 <= weight <= 255 for weight in self.weights):
            raise UsageError(f"anomaly: {self}: out of range")

    def score(self, window: np.ndarray, restored: np.ndarray, zero_points: tuple[int, int]) -> int:
        """Of one window. window, restored: int8 [frames * channels], input and output. zero_points: theirs."""
        x = (window.reshape(-1).astype(np.int64) - zero_points[0]) << 4
        y = ((restored.reshape(-1).astype(np.int64) - zero_points[1]) * self.out_scale_q16) >> 12
        weights = np.resize(np.array(self.weights, np.int64), len(x))
        errors = np.clip(((x - y) * weights) >> 8, -CLAMP, CLAMP)
        return int((errors * errors).sum() // len(x))

    def learn(self, reports: Sequence[int]) -> int:
        """The threshold from reports of a machine that is well."""
        mean = sum(reports) // len(reports)
        variance = sum((report - mean) ** 2 for report in reports) // len(reports)
        return mean + max(1, self.margin_q4 * math.isqrt(variance) // 16)

    def to_dict(self) -> dict[str, Any]:
        return {**asdict(self), "weights": list(self.weights)}

    @classmethod
    def from_dict(cls, fields: dict[str, Any]) -> AnomalySpec:
        return cls(**{**fields, "weights": tuple(fields["weights"])})

    def to_section(self) -> bytes:
        """The ANOMALY section of a `.smg`."""
        values = (self.out_scale_q16, self.threshold, self.hops, self.smooth, self.learned, self.margin_q4)
        return struct.pack(_HEAD, *values, len(self.weights), 0) + bytes(self.weights)

    @classmethod
    def from_section(cls, section: bytes) -> AnomalySpec:
        """The spec of an ANOMALY section. Raises SectionError when it is malformed."""
        size = struct.calcsize(_HEAD)
        values = struct.unpack_from(_HEAD, section.ljust(size, b"\0"))
        out_scale, threshold, hops, smooth, learned, margin, count, _ = values
        if len(section) != size + count:
            raise fmt.SectionError(f"the ANOMALY section has {len(section)} bytes, not {size + count}")
        try:
            return cls(out_scale, hops, smooth, learned, margin, threshold, tuple(section[size:]))
        except UsageError as error:
            raise fmt.SectionError(f"the ANOMALY section is malformed: {error}") from error


def area_under_curve(normal: Sequence[float], anomalous: Sequence[float]) -> float:
    """Area under the receiver operating characteristic: how often an anomalous score is the higher one; ties count
    half."""
    pairs = np.asarray(anomalous, np.float64)[:, None] - np.asarray(normal, np.float64)
    return float(((pairs > 0) + 0.5 * (pairs == 0)).mean())


def figures_of(scores: Sequence[float], test: MachineClips) -> dict[str, Any]:
    """scores: of each recording. Returns auc: by machine; machines without both kinds are left out. mean_auc,
    least_auc: over them, None without any. scores: by machine and kind."""
    by_machine: dict[str, dict[str, list[float]]] = {}
    for score, machine, anomalous in zip(scores, test.machines, test.anomalous, strict=True):
        own = by_machine.setdefault(machine, {"normal": [], "anomalous": []})
        own["anomalous" if anomalous else "normal"].append(score)
    auc = {
        machine: area_under_curve(own["normal"], own["anomalous"])
        for machine, own in by_machine.items()
        if own["normal"] and own["anomalous"]
    }
    return {
        "count": len(test),
        "auc": auc,
        "mean_auc": float(np.mean([*auc.values()])) if auc else None,
        "least_auc": min(auc.values(), default=None),
        "scores": by_machine,
    }
