"""From a stream of class scores to detections, by a model's DETECTION section. Integers only, the same as on the host
(host/smidgen/train/detection.py), value for value.

A class is detected when the sum of its last `smooth` scores leads every other class and reaches `smooth` times its
threshold, and nothing was detected in the last `refractory` inferences.
"""

import struct
from array import array

from ._format import DETECTION, SECTION_DETECTION
from .errors import error

_HEAD_SIZE = struct.calcsize(DETECTION)


def detector_of(model):
    """The Detector of a Model's DETECTION section. Raises SectionError when that does not fit its labels and scores."""
    scores, labels = model.outputs[0], model.labels
    if scores.dtype not in ("int8", "uint8") or scores.size != len(labels):
        raise error("SectionError", model.source, "%d scores but %d labels" % (scores.size, len(labels)))
    return Detector(model.blob.section(SECTION_DETECTION), len(labels), scores.dtype == "int8")


class Detector:
    """hop_frames: front-end frames between two inferences. score: of the last detection, 0 to 100."""

    def __init__(self, section, class_count, signed):
        """section: the DETECTION section. signed: the scores' bytes are int8, not uint8. Raises SectionError when the
        section is missing, malformed, or for another number of classes."""
        if section is None or len(section) < _HEAD_SIZE:
            raise error("SectionError", "DETECTION")
        self.hop_frames, self._smooth, self._refractory, count = struct.unpack_from(DETECTION, section)
        sane = self.hop_frames and 1 <= self._smooth <= 255 and len(section) == _HEAD_SIZE + 2 * count
        if not sane or count != class_count:
            raise error("SectionError", "DETECTION")
        self._thresholds = array("H", bytes(section[_HEAD_SIZE:]))
        self._flip = 128 if signed else 0
        self._sums = array("i", bytes(4 * count))
        self._recent = bytearray(self._smooth * count)  # a row of scores for each inference, written in turn
        self.reset()

    def reset(self):
        """Forget all scores."""
        for i in range(len(self._sums)):
            self._sums[i] = 0
        for i in range(len(self._recent)):
            self._recent[i] = 0
        self._at = self._seen = self._quiet = self.score = 0

    def feed(self, scores):
        """One inference's scores, a buffer of bytes. Returns the class detected, or -1."""
        best = self._add(scores)
        if self._quiet:
            self._quiet -= 1
            return -1
        if self._seen < self._smooth:
            return -1
        most = self._sums[best]
        if most < self._smooth * self._thresholds[best]:
            return -1
        self._quiet = self._refractory
        self.score = most * 100 // (255 * self._smooth)
        return best

    def _add(self, scores):
        """Returns the class whose sum leads: one loop that takes each element once, the dearest Python of a hop."""
        sums, recent, at, flip, best, most = self._sums, self._recent, self._at, self._flip, 0, -1
        for i in range(len(sums)):
            score = scores[i] ^ flip
            total = sums[i] + score - recent[at]
            sums[i] = total
            recent[at] = score
            at += 1
            if total > most:
                best, most = i, total
        self._at = at % len(recent)
        if self._seen < self._smooth:
            self._seen += 1
        return best
