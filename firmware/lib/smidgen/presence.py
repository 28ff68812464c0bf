"""From the scores of pictures to what is seen, by a model's PRESENCE section. Integers only, the same as on the host
(host/smidgen/train/presence.py), value for value.

The class with the largest sum of its last `smooth` scores is seen once that reaches its `on`, and stays seen, whatever
leads, until its sum falls below its `off` or another class is seen.
"""

import struct
from array import array

from ._format import PRESENCE, SECTION_PRESENCE
from .errors import error
from .scores import Scores, for_model

_HEAD_SIZE = struct.calcsize(PRESENCE)


def presence_of(model):
    """The Presence of a Model's PRESENCE section. Raises SectionError when that does not fit its labels and scores."""
    return for_model(Presence, SECTION_PRESENCE, model)


class Presence(Scores):
    """seen: the class that is seen now, or -1. score: its, 0 to 100."""

    def __init__(self, section, class_count, signed):
        """section: the PRESENCE section. signed: the scores' bytes are int8, not uint8. Raises SectionError when the
        section is missing, malformed, or for another number of classes."""
        if section is None or len(section) < _HEAD_SIZE:
            raise error("SectionError", "PRESENCE")
        smooth, count = struct.unpack_from(PRESENCE, section)
        if not 1 <= smooth <= 255 or count != class_count or len(section) != _HEAD_SIZE + 4 * count:
            raise error("SectionError", "PRESENCE")
        self._levels = array("H", bytes(section[_HEAD_SIZE:]))  # on and off of each class
        for i in range(0, 2 * count, 2):
            if not self._levels[i + 1] <= self._levels[i] <= 256:
                raise error("SectionError", "PRESENCE")
        super().__init__(count, smooth, signed)

    def reset(self):
        """Forget all scores; nothing is seen."""
        super().reset()
        self.score, self.seen = 0, -1

    def feed(self, scores):
        """One inference's scores, a buffer of bytes. Returns whether something else is seen than before."""
        sums, levels, smooth, before = self._sums, self._levels, self._smooth, self.seen
        best = self._add(scores)
        if best < 0:
            return False
        if sums[best] >= smooth * levels[2 * best]:
            self.seen = best
        elif before >= 0 and sums[before] < smooth * levels[2 * before + 1]:
            self.seen = -1
        self.score = sums[self.seen] * 100 // (255 * smooth) if self.seen >= 0 else 0
        return self.seen != before
