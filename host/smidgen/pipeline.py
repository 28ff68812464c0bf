"""Sound to words, motion to gestures, on the host: the loop of a board (firmware/lib/smidgen/), value for value.

for word, score, time_ms in listen(Path("model.smg").read_bytes(), samples):
    print(word, score, time_ms)
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from smidgen import _format as fmt
from smidgen.blob import Blob
from smidgen.engine import Engine
from smidgen.features.audio import AudioFrontEnd
from smidgen.features.motion import MotionFrontEnd
from smidgen.train.detection import DetectionSpec, Detector


class Detection(NamedTuple):
    """word: the label. score: 0 to 100, the mean of the scores that gave the detection. time_ms: where in the stream,
    at the end of the window that completed it."""

    word: str
    score: int
    time_ms: int


class Pipeline:
    """A model with its front end and detector, open on one stream of sound or motion.

    kind: "AUDIO" or "IMU". rate_hz: samples a second that the model wants. labels: its classes.
    """

    def __init__(self, content: bytes, source: str = "model"):
        """content: a whole `.smg` with AUDIO or IMU, LABELS and DETECTION. source names it in errors. Raises a
        ModelError."""
        blob = Blob.from_bytes(content, source)
        kind = "IMU" if "IMU" in blob.sections else "AUDIO"
        for name in (kind, "DETECTION", "LABELS"):
            if name not in blob.sections:
                raise fmt.SectionError(f"{source}: has no {name} section: it is not a model that listens")
        self.labels = blob.labels
        self.kind = kind
        self._engine = Engine(content, source)
        self._front_end = (MotionFrontEnd if kind == "IMU" else AudioFrontEnd)(blob.sections[kind])
        self.rate_hz = self._front_end.rate_hz
        self._detection = DetectionSpec.from_section(blob.sections["DETECTION"])
        self._step = self._engine.inputs[0].elements // self._front_end.channels  # frames that an inference takes
        self._whole = self._front_end.frames  # frames that its scores rest on: more, where the model keeps state
        self._check(source)
        self._detector = Detector(self._detection)
        self._frames = 0
        self._wait = (self._whole - 1) % self._step + 1  # frames until the next inference
        nothing = np.zeros(self._front_end.channels, np.int8)
        self._rows: deque[np.ndarray] = deque([nothing] * self._step, maxlen=self._step)

    def _check(self, source: str) -> None:
        (x, *_), (scores, *_) = self._engine.inputs, self._engine.outputs
        if x.type != "INT8" or x.elements % self._front_end.channels:
            raise fmt.InputError(f"{source}: its input does not fit its {self.kind} section")
        if not (self._step == self._whole or self._step == self._detection.hops < self._whole):
            frames = f"takes {self._step} frames, {self.kind} has {self._whole}, DETECTION {self._detection.hops}"
            raise fmt.SectionError(f"{source}: {frames}; they contradict each other")
        thresholds = len(self._detection.thresholds)
        if scores.type not in ("INT8", "UINT8") or not scores.elements == len(self.labels) == thresholds:
            counts = f"{scores.elements} scores of {scores.type}, {len(self.labels)} labels, {thresholds} thresholds"
            raise fmt.SectionError(f"{source}: {counts}; they must be as many, the scores INT8 or UINT8")

    def feed(self, samples: np.ndarray) -> Iterator[Detection]:
        """The detections that samples complete, however a stream is cut into calls: int16 [n], mono, or [n, 3],
        milli-g."""
        for row in self._front_end.stream(samples):
            self._rows.append(row)
            self._frames += 1
            self._wait -= 1
            if self._wait == 0:
                self._wait = self._detection.hops
                yield from self._infer()

    def _infer(self) -> Iterator[Detection]:
        """One more inference: the detection that it completes, or none."""
        scores = self._engine.invoke([np.stack(self._rows)])[0].reshape(-1)
        if self._frames < self._whole:
            return  # a model that keeps state warms up
        shift = 128 if self._engine.outputs[0].type == "UINT8" else 0
        found = self._detector.feed([int(score) - shift for score in scores])
        if found is not None:
            window = self._detection.window
            score = (found.score + 128 * window) * 100 // (255 * window)
            yield Detection(self.labels[found.label], score, self._time_ms())

    def _time_ms(self) -> int:
        front_end = self._front_end
        samples = (self._frames - 1) * front_end.hop + front_end.window
        return samples * 1_000_000 // round(self.rate_hz * 1000)


def listen(content: bytes, samples: np.ndarray, source: str = "model") -> list[Detection]:
    """Every detection of a model (a `.smg` file's bytes) in a recording, at the model's rate: int16 [n], or [n, 3]."""
    return list(Pipeline(content, source).feed(samples))
