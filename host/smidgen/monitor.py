"""A machine's sound to reports on the host: the loop of a board (firmware/lib/smidgen/monitor.py), value for value.

for report in Monitor(Path("model.smg").read_bytes()).feed(samples):
    print(report.alarm, report.percent, report.time_ms)
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from smidgen import _format as fmt
from smidgen.engine import Engine
from smidgen.features.audio import AudioFrontEnd
from smidgen.train.scoring import AnomalySpec

_ON, _OFF = 100, 90  # percent of the threshold at which an alarm begins and below which it ends


class Report(NamedTuple):
    """alarm: whether something is wrong. percent: the score over the threshold. score: of all windows since the last
    report. time_ms: where in the sound, at the end of the last window."""

    alarm: bool
    percent: int
    score: int
    time_ms: int


class Monitor:
    """A model with its front end, open on one stream of sound.

    rate_hz: samples a second that the model wants. threshold: what reports are compared with; set it to a learned one.
    """

    def __init__(self, content: bytes, source: str = "model"):
        """content: a whole `.smg` with AUDIO and ANOMALY. source names it in errors. Raises a ModelError."""
        self._engine = Engine(content, source)
        sections = self._engine.blob.sections
        for name in ("AUDIO", "ANOMALY"):
            if name not in sections:
                raise fmt.SectionError(f"{source}: has no {name} section: it is not a model for machines")
        self._front_end = AudioFrontEnd(sections["AUDIO"])
        self.rate_hz = self._front_end.rate_hz
        self.spec = AnomalySpec.from_section(sections["ANOMALY"])
        self.threshold = self.spec.threshold
        x, y = self._engine.inputs[0], self._engine.outputs[0]
        channels = self._front_end.channels
        if not (x.type == y.type == "INT8" and x.elements == y.elements and len(self.spec.weights) == channels):
            raise fmt.SectionError(f"{source}: its ANOMALY section does not fit its input and output")
        self._zero_points = x.zero_point, y.zero_point
        self._rows: deque[np.ndarray] = deque(maxlen=x.elements // channels)
        self._wait = x.elements // channels
        self._frames = self._sum = self._count = 0
        self._alarm = False

    def feed(self, samples: np.ndarray) -> Iterator[Report]:
        """The reports that int16 [n] mono samples complete, however a stream is cut into calls."""
        for score in self.scores(samples):
            self._sum += score
            self._count += 1
            if self._count == self.spec.smooth:
                yield self._report(self._sum // self._count)
                self._sum = self._count = 0

    def scores(self, samples: np.ndarray) -> Iterator[int]:
        """The score of every window that the samples complete."""
        for row in self._front_end.stream(samples):
            self._rows.append(row)
            self._frames += 1
            self._wait -= 1
            if self._wait == 0:
                self._wait = self.spec.hops
                yield self._score()

    def _report(self, score: int) -> Report:
        percent = score * 100 // max(self.threshold, 1)
        self._alarm = percent >= (_OFF if self._alarm else _ON)
        samples = (self._frames - 1) * self._front_end.hop + self._front_end.window
        return Report(self._alarm, percent, score, samples * 1000 // self.rate_hz)

    def _score(self) -> int:
        window = np.stack(self._rows)
        return self.spec.score(window, self._engine.invoke([window])[0], self._zero_points)
