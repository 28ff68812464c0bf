"""The last scores of each class, and their sums: what `Detector` and `Presence` make decisions of. Integers only."""

from array import array

from .errors import error


def for_model(kind, section, model):
    """A kind(section, classes, signed), for a Model's labels and scores. Raises SectionError when these do not fit."""
    scores, labels = model.outputs[0], model.labels
    if scores.dtype not in ("int8", "uint8") or scores.size != len(labels):
        raise error("SectionError", model.source, "%d scores but %d labels" % (scores.size, len(labels)))
    return kind(model.blob.section(section), len(labels), scores.dtype == "int8")


class Scores:
    """The sums of the last `smooth` scores."""

    def __init__(self, count, smooth, signed):
        """count: classes. signed: the scores' bytes are int8, not uint8."""
        self._smooth = smooth
        self._flip = 128 if signed else 0
        self._sums = array("i", bytes(4 * count))
        self._recent = bytearray(smooth * count)  # a row of scores for each inference, written in turn
        self.reset()

    def reset(self):
        """Forget all scores."""
        for i in range(len(self._sums)):
            self._sums[i] = 0
        for i in range(len(self._recent)):
            self._recent[i] = 0
        self._at = self._seen = 0

    def _add(self, scores):
        """Take one inference's. Returns the class whose sum leads, the first of equals; -1 until there are `smooth`.

        One loop that takes each element once, the dearest Python of a hop."""
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
        return best if self._seen == self._smooth else -1
