"""A stream of sensor frames into recordings: pauses part them."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Pauses:
    """Counts of frames. before: kept of the time before something happens. calm: after which it is over. least, most:
    of a recording, without what is kept before."""

    before: int
    calm: int
    least: int
    most: int


class Splitter:
    """Frames in, recordings out. active: whether something is happening now."""

    def __init__(self, pauses: Pauses):
        self._pauses = pauses
        self._before: deque[np.ndarray] = deque(maxlen=pauses.before)
        self._frames: list[np.ndarray] = []
        self._quiet = 0
        self._led = 0

    @property
    def active(self) -> bool:
        return bool(self._frames)

    def feed(self, frame: np.ndarray, happening: bool) -> np.ndarray | None:
        """frame: int16 [samples, ...]. Returns the recording that it completes, the same joined, or None: what is too
        short is dropped, what is too long is cut."""
        if not self._frames:
            if not happening:
                self._before.append(frame)
                return None
            self._led = len(self._before)
            self._frames = [*self._before]
            self._before.clear()
        self._frames.append(frame)
        self._quiet = 0 if happening else self._quiet + 1
        length = len(self._frames) - self._led
        if self._quiet < self._pauses.calm and length < self._pauses.most:
            return None
        return self.end()

    def end(self) -> np.ndarray | None:
        """The stream is over: what was under way, unless it is too short."""
        frames, length = self._frames, len(self._frames) - self._led - self._quiet
        self._frames, self._quiet = [], 0
        return np.concatenate(frames) if length >= self._pauses.least else None


class MotionActivity:
    """How much the sensor moves, milli-g: how far a sample is from the one three before it."""

    threshold = 150.0

    def __init__(self) -> None:
        self._recent: deque[np.ndarray] = deque(maxlen=4)

    def level(self, frame: np.ndarray) -> float:
        """frame: int16 [1, 3]."""
        self._recent.append(frame[0].astype(np.float64))
        return float(np.linalg.norm(self._recent[-1] - self._recent[0]))


class SoundActivity:
    """How loud it is, decibels over the quietest tenth of the last seconds."""

    threshold = 12.0

    def __init__(self) -> None:
        self._recent: deque[float] = deque(maxlen=250)

    def level(self, frame: np.ndarray) -> float:
        """frame: int16 [n]."""
        power = 10 * np.log10(np.mean(np.square(frame.astype(np.float64) - frame.mean())) + 1.0)
        self._recent.append(float(power))
        return float(power) - float(np.percentile(list(self._recent), 10))
