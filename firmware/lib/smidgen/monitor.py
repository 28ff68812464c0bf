"""A machine's sound to alarms, on the board, for as long as there is sound.

    monitor = Monitor(Model("model.smg"), Microphone(), "calibration.bin")
    if not monitor.calibrated:
        monitor.calibrate()                   listens to a machine that is well, and keeps the threshold
    for alarm, percent, time_ms in monitor:
        print(alarm, percent, time_ms)

Everything comes from the model's file: the front end (AUDIO), how errors become scores (ANOMALY). The arithmetic is
that of host/smidgen/train/scoring.py, value for value.
"""

import struct
from array import array

from ._format import ANOMALY, SECTION_ANOMALY, SECTION_AUDIO
from .calibration import Calibration
from .errors import error
from .frontend import FrontEnd
from .stream import Stream

_CLAMP = 1023


class Monitor(Stream):
    """An iterator of reports (alarm, percent, time_ms), see stream.py.

    alarm: whether something is wrong: on at 100 percent of the threshold, off again below 90. percent: the score over
    the threshold. score: the last report's, threshold: what it is compared with. calibrated: whether the threshold was
    learned here.
    """

    def __init__(self, model, microphone, path=None):
        """model: a Model with AUDIO and ANOMALY sections. microphone: see microphone.py. path: the file that keeps the
        threshold; without it, nothing is kept. Raises SectionError or InputError when these do not fit each other."""
        audio = model.blob.section(SECTION_AUDIO)
        if audio is None or model.blob.section(SECTION_ANOMALY) is None:
            raise error("SectionError", model.source, "lacks AUDIO or ANOMALY: it is not a model for machines")
        front_end = FrontEnd(audio)
        scorer = Scorer(model, front_end.channels)
        super().__init__(model, microphone, front_end, "AUDIO", "microphone", scorer)
        self._store = Calibration(path, model) if path else None
        kept = self._store.load() if path else None
        self.calibrated = kept is not None
        self.threshold = scorer.threshold if kept is None else kept
        self.score = 0
        self._alarm = False

    def calibrate(self):
        """Learn the threshold from the sound that comes now, of a machine that is well; keep it where there is a path.

        Returns it. Raises InputError when the sound ends too early, OSError when the file cannot be written.
        """
        self.reset()
        scores = []
        while len(scores) < self._detector.learned:
            try:
                next(self)
            except StopIteration:
                text = "ends after %d of the %d reports that a threshold is learned from"
                raise error("InputError", "microphone", text % (len(scores), self._detector.learned))
            scores.append(self.score)
        self.threshold = learn(scores, self._detector.margin_q4)
        self._alarm = False
        if self._store:
            self._store.save(self.threshold)
            self.calibrated = True
        return self.threshold

    def _decide(self, restored):
        report = self._detector.feed(restored, self._rows)
        if report < 0:
            return None
        self.score = report
        percent = report * 100 // max(self.threshold, 1)
        self._alarm = percent >= (90 if self._alarm else 100)
        return self._alarm, percent, self._time_ms()


class Scorer:
    """hop_frames: frames between two windows. threshold, learned, margin_q4: the section's."""

    def __init__(self, model, channels):
        """Raises SectionError when the section is malformed or does not fit the model."""
        section = model.blob.section(SECTION_ANOMALY)
        head = struct.calcsize(ANOMALY)
        if len(section) < head:
            raise error("SectionError", "ANOMALY")
        fields = struct.unpack_from(ANOMALY, section)
        scale, self.threshold, self.hop_frames, self._smooth, self.learned, self.margin_q4, count, _ = fields
        sane = self.hop_frames and 1 <= self._smooth <= 1024 and self.learned >= 2 and 1 <= scale < 1 << 20
        source, restored = model.inputs[0], model.outputs[0]
        fits = restored.dtype == "int8" and restored.size == source.size <= 1024 and count == channels
        if not sane or not fits or len(section) != head + count:
            raise error("SectionError", "ANOMALY")
        self._weights = bytes(section[head:])
        # What each byte stands for, in sixteenths of the input's steps: the window is compared in bytecode.
        self._given = array("h", [_value(byte, source) << 4 for byte in range(256)])
        self._restored = array("i", [_value(byte, restored) * scale >> 12 for byte in range(256)])
        self.reset()

    def reset(self):
        """Forget the scores of a report that is not complete."""
        self._sum = self._count = 0

    def feed(self, restored, window):
        """One inference: its output and its input, buffers of int8. Returns the report that it completes, or -1."""
        self._sum += self._score(window, restored)
        self._count += 1
        if self._count < self._smooth:
            return -1
        report = self._sum // self._smooth
        self.reset()
        return report

    def _score(self, window, restored):
        given, back = self._given, self._restored
        total = i = 0
        while i < len(window):
            for weight in self._weights:
                error = (given[window[i]] - back[restored[i]]) * weight >> 8
                if error > _CLAMP or error < -_CLAMP:
                    error = _CLAMP
                total += error * error
                i += 1
        return total // len(window)


def _value(byte, tensor):
    return (byte ^ 128) - 128 - tensor.zero_point


def learn(reports, margin_q4):
    """The threshold: the mean of the reports and so many sixteenths of their standard deviation."""
    mean = sum(reports) // len(reports)
    variance = sum((report - mean) ** 2 for report in reports) // len(reports)
    return mean + max(1, margin_q4 * _root(variance) // 16)


def _root(value):
    """The square root of a whole number, rounded down (Newton)."""
    if value < 2:
        return value
    guess = value
    while True:
        better = (guess + value // guess) // 2
        if better >= guess:
            return guess
        guess = better
