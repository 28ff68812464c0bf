# What MicroPython takes around the C engine while it listens. Runs on an emulated Cortex-M0 whose clock counts
# instructions; prints ticks of that clock, means: "hop N" for one without an inference, "inference N" for one with.

from array import array

import smidgen.c_engine
import smidgen.frontend
from machine import mem32

from smidgen import Listener, Model

RELOAD, COUNTER, MASK = 0xE000E014, 0xE000E018, 0xFFFFFF  # SysTick counts down
HOPS, WARM_UP = 140, 60


class Counted:
    """The C module. Of its functions in a hop it keeps the ticks inside, and the calls. Like a hop, a call allocates
    nothing: in a heap that fills up each would take longer than the one before."""

    def __init__(self, module):
        self._module = module
        self.ticks = self.calls = 0

    def __getattr__(self, name):
        return getattr(self._module, name)

    def audio_feed(self, section, state, samples, start, end):
        before = mem32[COUNTER]
        result = self._module.audio_feed(section, state, samples, start, end)
        self._count(before - mem32[COUNTER])
        return result

    def audio_frame(self, section, state, out, at):
        before = mem32[COUNTER]
        result = self._module.audio_frame(section, state, out, at)
        self._count(before - mem32[COUNTER])
        return result

    def invoke(self, handle):
        before = mem32[COUNTER]
        result = self._module.invoke(handle)
        self._count(before - mem32[COUNTER])
        return result

    def _count(self, ticks):
        self.ticks += ticks & MASK
        self.calls += 1


def of_one_call(module, counted, section):
    """Ticks by which a counted call that does nothing exceeds what it counted inside, less those of the same call to
    the module itself: what is to be taken from a hop for each counted call besides."""
    state, row, many = bytearray(module.audio_open(section)), bytearray(1), 200
    module.audio_reset(section, state)
    ticks = []
    for each in (counted, module):
        before = mem32[COUNTER]
        for _ in range(many):
            each.audio_frame(section, state, row, 0)  # there is no frame yet
        ticks.append((before - mem32[COUNTER]) & MASK)
    extra = (ticks[0] - counted.ticks - ticks[1]) / many
    counted.ticks = counted.calls = 0
    return extra


class Noise:
    """A microphone that is never late. From the end of one `readinto` to the next is a hop."""

    rate_hz = 16000

    def __init__(self, counted):
        self._counted, self._at, self._hop = counted, 0, 0
        self.ticks, self.inside, self.calls = (array("i", bytes(4 * HOPS)) for _ in range(3))

    def readinto(self, buf):
        now = mem32[COUNTER]
        counted, hop = self._counted, self._hop
        if hop == HOPS:
            return 0
        self.ticks[hop], self.inside[hop], self.calls[hop] = (self._at - now) & MASK, counted.ticks, counted.calls
        counted.ticks = counted.calls = 0
        self._hop += 1
        for i in range(len(buf)):
            buf[i] = (i * 7919 + hop * 104729) % 2001 - 1000
        self._at = mem32[COUNTER]
        return 2 * len(buf)

    def mean(self, calls, extra):
        """Ticks of MicroPython alone in the hops of so many calls."""
        hops = [i for i in range(WARM_UP, HOPS) if self.calls[i] == calls]
        return sum(self.ticks[i] - self.inside[i] for i in hops) / len(hops) - calls * extra


before = mem32[RELOAD]
mem32[RELOAD] = MASK
mem32[COUNTER] = 0
module = smidgen.c_engine._smidgen
counted = Counted(module)
model = Model("model.smg")
extra = of_one_call(module, counted, model.blob.section(16))
smidgen.c_engine._smidgen = smidgen.frontend._smidgen = counted
noise = Noise(counted)
for _ in Listener(model, noise):
    pass
mem32[RELOAD] = before
for name, calls in zip(("hop", "inference"), sorted(set(noise.calls[WARM_UP:]))):
    print(name, noise.mean(calls, extra))
