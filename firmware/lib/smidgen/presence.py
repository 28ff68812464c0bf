"""From the scores of pictures to what is seen, by a model's PRESENCE section. Integers only, the same as on the host
(host/smidgen/train/presence.py), value for value.

The class with the largest sum of its last `smooth` scores is seen once that reaches its `on`, and stays seen, whatever
leads, until its sum falls below its `off` or another class is seen.
"""

import struct
from array import array

from ._format import PRESENCE, SECTION_PRESENCE
from .errors import error

_HEAD_SIZE = struct.calcsize(PRESENCE)


def presence_of(model):
    """The Presence of a Model's PRESENCE section. Raises SectionError when that does not fit its labels and scores."""
    scores, labels = model.outputs[0], model.labels
    if scores.dtype not in ("int8", "uint8") or scores.size != len(labels):
        raise error("SectionError", model.source, "%d scores but %d labels" % (scores.size, len(labels)))
    return Presence(model.blob.section(SECTION_PRESENCE), len(labels), scores.dtype == "int8")


class Presence:
    """seen: the class that is seen now, or -1. score: its, 0 to 100."""

    def __init__(self, section, class_count, signed):
        """section: the PRESENCE section. signed: the scores' bytes are int8, not uint8. Raises SectionError when the
        section is missing, malformed, or for another number of classes."""
        if section is None or len(section) < _HEAD_SIZE:
            raise error("SectionError", "PRESENCE")
        self._smooth, count = struct.unpack_from(PRESENCE, section)
        if not 1 <= self._smooth <= 255 or count != class_count or len(section) != _HEAD_SIZE + 4 * count:
            raise error("SectionError", "PRESENCE")
        self._levels = array("H", bytes(section[_HEAD_SIZE:]))  # on and off of each class
        for i in range(0, 2 * count, 2):
            if not self._levels[i + 1] <= self._levels[i] <= 256:
                raise error("SectionError", "PRESENCE")
        self._flip = 128 if signed else 0
        self._sums = array("i", bytes(4 * count))
        self._recent = bytearray(self._smooth * count)  # a row of scores for each inference, written in turn
        self.reset()

    def reset(self):
        """Forget all scores; nothing is seen."""
        for i in range(len(self._sums)):
            self._sums[i] = 0
        for i in range(len(self._recent)):
            self._recent[i] = 0
        self._at = self._count = self.score = 0
        self.seen = -1

    def feed(self, scores):
        """One inference's scores, a buffer of bytes. Returns whether something else is seen than before."""
        sums, levels, smooth, before = self._sums, self._levels, self._smooth, self.seen
        self._add(scores)
        if self._count < smooth:
            return False
        best = 0
        for i in range(1, len(sums)):
            if sums[i] > sums[best]:
                best = i
        if sums[best] >= smooth * levels[2 * best]:
            self.seen = best
        elif before >= 0 and sums[before] < smooth * levels[2 * before + 1]:
            self.seen = -1
        self.score = sums[self.seen] * 100 // (255 * smooth) if self.seen >= 0 else 0
        return self.seen != before

    def _add(self, scores):
        sums, recent, at = self._sums, self._recent, self._at
        for i in range(len(sums)):
            score = scores[i] ^ self._flip
            sums[i] += score - recent[at]
            recent[at] = score
            at += 1
        self._at = at % len(recent)
        if self._count < self._smooth:
            self._count += 1
