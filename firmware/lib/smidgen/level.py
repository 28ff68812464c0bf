"""Whether a microphone hears: a look at every sixteenth of its samples, a verdict a second."""

OK, SILENT, CLIPPING, UNPLUGGED = "ok", "silent", "clipping", "unplugged"

_STEP = 16
_FULL = 32700  # from here on a sample is taken for one that did not fit
_CLIPPED = 50  # one of so many: too loud to be right
_SILENT = 3  # from the lowest to the highest of a second: less than any microphone's own noise


class Level:
    """status: "ok", "silent" (only the lowest bits move: is it muted?), "clipping" (2 % of the samples do not fit: too
    loud or too near) or "unplugged" (nothing moves at all: a wire is off). "ok" until the first second is over."""

    def __init__(self, rate_hz):
        self.status = OK
        self._whole = rate_hz // _STEP
        self._begin()

    def _begin(self):
        self._seen = self._clipped = 0
        self._low, self._high = 32767, -32768

    def feed(self, samples, count):
        """samples: an indexable of int16, of which the first `count` are new."""
        low, high, clipped = self._low, self._high, self._clipped
        for i in range(0, count, _STEP):
            value = samples[i]
            low = value if value < low else low
            high = value if value > high else high
            if value > _FULL or value < -_FULL:
                clipped += 1
        self._low, self._high, self._clipped = low, high, clipped
        self._seen += (count + _STEP - 1) // _STEP
        if self._seen >= self._whole:
            self.status = self._verdict()
            self._begin()

    def _verdict(self):
        if self._high == self._low:
            return UNPLUGGED
        if self._high - self._low <= _SILENT:
            return SILENT
        return CLIPPING if self._clipped * _CLIPPED > self._seen else OK
