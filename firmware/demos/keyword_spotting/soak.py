"""Listens as main.py does, for hours, and prints once a minute of sound how much memory is in use.

With cycles.json beside the model a clock charges what a hop costs on a Pico; at the end it tells how many were late.
"""

import gc
import json

from smidgen import Listener, Microphone, Model
from smidgen.files import find

MINUTE = 60 * 16000 * 2  # bytes of sound


class Clock:
    """A core that takes `hop` cycles for a hop, `inference` for one with an inference, and gets the next hop's sound
    after `period`. Late is what is not done by then; the next one has to wait for it."""

    def __init__(self, hop, inference, period):
        self._hop, self._inference, self._period = hop, inference, period
        self._behind = self.hops = self.late = self.worst = 0

    def charge(self, inferred):
        took = self._behind + (self._inference if inferred else self._hop)
        self.hops += 1
        self.late += took > self._period
        self.worst = max(self.worst, took)
        self._behind = max(0, took - self._period)


class Counted(Model):
    """A model that knows whether it ran."""

    ran = False

    def invoke(self, x=None):
        self.ran = True
        return super().invoke(x)


class Watched:
    """A microphone that reports memory as it goes. Where it is read again a hop ends: the clock is charged."""

    def __init__(self, source, model, clock):
        self.rate_hz, self._source, self._heard = source.rate_hz, source, 0
        self._model, self._clock = model, clock

    def readinto(self, buf):
        if self._clock and self._heard:
            self._clock.charge(self._model.ran)
            self._model.ran = False
        count = self._source.readinto(buf)
        if self._heard // MINUTE != (self._heard + count) // MINUTE:
            gc.collect()
            print("memory", gc.mem_alloc())
        self._heard += count
        return count


def clock():
    """None when nothing is to be charged."""
    try:
        with open(find("cycles.json")) as file:
            return Clock(**json.load(file))
    except OSError:
        return None


model, charged = Counted("model.smg"), clock()
for word, score, time_ms in Listener(model, Watched(Microphone(), model, charged)):
    print("{:8.2f} s  {}  {} %".format(time_ms / 1000, word, score))
if charged:
    print("hops", charged.hops, "late", charged.late, "worst", charged.worst)
