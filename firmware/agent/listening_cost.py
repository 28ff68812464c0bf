# What MicroPython takes around the C engine while it listens, to words, motion or a machine. Runs on an emulated
# Cortex-M0 whose clock counts instructions; prints ticks of that clock, means: "hop N" for one without an inference,
# "inference N" for one with.

import gc
from array import array

import micropython
import smidgen.c_engine
import smidgen.frontend
from machine import mem32

from smidgen import Listener, Model, Monitor, Watcher
from smidgen._format import SECTION_ANOMALY, SECTION_IMU

RELOAD, COUNTER, MASK = 0xE000E014, 0xE000E018, 0xFFFFFF  # SysTick counts down
HOPS = 80


class Counted:
    """The C module. Of its functions in a hop it keeps the ticks inside, and the calls. They are machine code: bytecode
    of so many arguments takes its frame from the heap, and how long that takes depends on what else is there."""

    def __init__(self, module):
        self._module = module
        self.ticks = self.calls = 0

    def __getattr__(self, name):
        return getattr(self._module, name)

    @micropython.native
    def audio_feed(self, section, state, samples, start, end):
        before = mem32[COUNTER]
        result = self._module.audio_feed(section, state, samples, start, end)
        self._count(before - mem32[COUNTER])
        return result

    @micropython.native
    def audio_frame(self, section, state, out, at):
        before = mem32[COUNTER]
        result = self._module.audio_frame(section, state, out, at)
        self._count(before - mem32[COUNTER])
        return result

    @micropython.native
    def invoke(self, handle):
        before = mem32[COUNTER]
        result = self._module.invoke(handle)
        self._count(before - mem32[COUNTER])
        return result

    def _count(self, ticks):
        self.ticks += ticks & MASK
        self.calls += 1


def of_one_call(module, counted):
    """Ticks by which a counted call that does nothing exceeds what it counted inside, less those of the same call to
    the module itself: what is to be taken from a hop for each counted call besides."""
    nothing, many = bytearray(1), 200
    ticks = []
    for each in (counted, module):
        before = mem32[COUNTER]
        for _ in range(many):
            each.invoke(nothing)  # no handle: refused at once
        ticks.append((before - mem32[COUNTER]) & MASK)
    extra = (ticks[0] - counted.ticks - ticks[1]) / many
    counted.ticks = counted.calls = 0
    return extra


class Noise:
    """A sensor that is never late. From the end of one `readinto` to the next is a hop."""

    def __init__(self, counted):
        self._counted, self._at, self._hop = counted, 0, 0

    def last(self, warm_up):
        """So many hops that are not counted, and HOPS that are."""
        self._warm_up, self._hops = warm_up, warm_up + HOPS
        self.ticks, self.inside, self.calls = (array("i", bytes(4 * self._hops)) for _ in range(3))

    def readinto(self, buf):
        now = mem32[COUNTER]
        counted, hop = self._counted, self._hop
        if hop == self._hops:
            return 0
        self.ticks[hop], self.inside[hop], self.calls[hop] = (self._at - now) & MASK, counted.ticks, counted.calls
        counted.ticks = counted.calls = 0
        self._hop += 1
        for i in range(len(buf)):
            buf[i] = (i * 7919 + hop * 104729) % 2001 - 1000
        self._at = mem32[COUNTER]
        return 2 * len(buf)

    def kinds(self):
        """How often the module is called in a hop: without an inference, where there is such a hop, and with one."""
        return sorted(set(self.calls[self._warm_up :]))

    def mean(self, calls, extra):
        """Ticks of MicroPython alone in the hops of so many calls."""
        hops = [i for i in range(self._warm_up, self._hops) if self.calls[i] == calls]
        return sum(self.ticks[i] - self.inside[i] for i in hops) / len(hops) - calls * extra


def stream_of(model, source):
    if model.blob.section(SECTION_IMU) is not None:
        return Watcher(model, source)
    return (Listener if model.blob.section(SECTION_ANOMALY) is None else Monitor)(model, source)


before = mem32[RELOAD]
mem32[RELOAD] = MASK
mem32[COUNTER] = 0
module = smidgen.c_engine._smidgen
counted = Counted(module)
model = Model("model.smg")
extra = of_one_call(module, counted)
smidgen.c_engine._smidgen = smidgen.frontend._smidgen = counted
noise = Noise(counted)
stream = stream_of(model, noise)
noise.last(stream.front_end.frames + 10)
gc.collect()
for _ in stream:
    pass
mem32[RELOAD] = before
for name, calls in (("hop", noise.kinds()[0]), ("inference", noise.kinds()[-1])):
    print(name, noise.mean(calls, extra))
