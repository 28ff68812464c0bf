"""From a stream of class scores to detections, by a model's DETECTION section. Integers only, the same as on the host
(host/smidgen/train/detection.py), value for value.

A class is detected when the sum of its last `smooth` scores leads every other class and reaches `smooth` times its
threshold, and nothing was detected in the last `refractory` inferences.
"""

import struct
from array import array

from ._format import DETECTION, SECTION_DETECTION
from .errors import error
from .scores import Scores, for_model

_HEAD_SIZE = struct.calcsize(DETECTION)


def detector_of(model):
    """The Detector of a Model's DETECTION section. Raises SectionError when that does not fit its labels and scores."""
    return for_model(Detector, SECTION_DETECTION, model)


class Detector(Scores):
    """hop_frames: front-end frames between two inferences. score: of the last detection, 0 to 100."""

    def __init__(self, section, class_count, signed):
        """section: the DETECTION section. signed: the scores' bytes are int8, not uint8. Raises SectionError when the
        section is missing, malformed, or for another number of classes."""
        if section is None or len(section) < _HEAD_SIZE:
            raise error("SectionError", "DETECTION")
        self.hop_frames, smooth, self._refractory, count = struct.unpack_from(DETECTION, section)
        sane = self.hop_frames and 1 <= smooth <= 255 and len(section) == _HEAD_SIZE + 2 * count
        if not sane or count != class_count:
            raise error("SectionError", "DETECTION")
        self._thresholds = array("H", bytes(section[_HEAD_SIZE:]))
        super().__init__(count, smooth, signed)

    def reset(self):
        """Forget all scores."""
        super().reset()
        self._quiet = self.score = 0

    def feed(self, scores):
        """One inference's scores, a buffer of bytes. Returns the class detected, or -1."""
        best = self._add(scores)
        if self._quiet:
            self._quiet -= 1
            return -1
        if best < 0:
            return -1
        most = self._sums[best]
        if most < self._smooth * self._thresholds[best]:
            return -1
        self._quiet = self._refractory
        self.score = most * 100 // (255 * self._smooth)
        return best
