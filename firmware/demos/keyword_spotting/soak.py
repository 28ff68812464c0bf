"""Listens as main.py does, for hours, and prints once a minute of sound how much memory is in use."""

import gc

from smidgen import Listener, Microphone, Model

MINUTE = 60 * 16000 * 2  # bytes of sound


class Watched:
    """A microphone that reports memory as it goes."""

    def __init__(self, source):
        self.rate_hz, self._source, self._heard = source.rate_hz, source, 0

    def readinto(self, buf):
        count = self._source.readinto(buf)
        if self._heard // MINUTE != (self._heard + count) // MINUTE:
            gc.collect()
            print("memory", gc.mem_alloc())
        self._heard += count
        return count


for word, score, time_ms in Listener(Model("model.smg"), Watched(Microphone())):
    print("{:8.2f} s  {}  {} %".format(time_ms / 1000, word, score))
