"""Sound on an RP2040 or RP2350, brought into memory by DMA while the program computes: PDM microphones by a PIO state
machine, analogue ones by the ADC.

A PDM microphone sends one bit for each of its clock's ticks; how many are ones is the sound. 128 bits make a sample:
sound_loops.py filters them.
"""

import time
from array import array

import rp2
from machine import ADC, Pin, mem32
from uctypes import addressof

from .errors import SensorError
from .sound_loops import SINC, TAPS, centre, halve, sinc, sinc_table

_FOREVER = 0xFFFFFFFF  # transfers: 18 hours of the fastest on RP2040, without an end on RP2350
_PATIENCE_US = 1000000
_SLOW = 64  # buffers
_CENTRE = 32768


class Ring:
    """A peripheral's FIFO in a ring of 2 ** bits bytes.

    at: where the next byte to read lies in `content`. missed: how often the program came too late for what was there.
    """

    def __init__(self, fifo, request, width, rate, bits=14):
        """fifo: a register's address, or a state machine. request: the DREQ that paces it. width: bytes of a transfer,
        2 or 4. rate: bytes a second."""
        self._size = size = 1 << bits
        self._memory = memory = bytearray(2 * size)
        start = -addressof(memory) % size  # a ring lies at a multiple of its size
        self.content = memoryview(memory)[start : start + size]
        self.at = self.missed = 0
        self._base = addressof(memory) + start
        self._byte_khz = rate // 1000
        self._dma = rp2.DMA()
        control = self._dma.pack_ctrl(size=width // 2, inc_read=False, ring_size=bits, ring_sel=True, treq_sel=request)
        self._settings = {"read": fifo, "count": _FOREVER, "ctrl": control, "trigger": True}
        self._dma.config(write=self.content, **self._settings)
        self.step(0)

    def wait(self, count):
        """Until `count` bytes lie from `at` on. Raises SensorError when they do not come."""
        now = time.ticks_us()
        if time.ticks_diff(now, self._read_us) >= self._room_us:
            self.missed += 1
            self.at = self._written() & -8
        if not self._dma.active():
            self._dma.config(write=self._base + self._written(), **self._settings)
        while self._waiting() < count:
            if time.ticks_diff(time.ticks_us(), now) > _PATIENCE_US:
                raise SensorError("microphone: its samples stay away; check its wires")

    def step(self, count):
        """Say that so many bytes were read."""
        self.at = (self.at + count) % self._size
        self._read_us = time.ticks_us()
        self._room_us = (self._size - self._waiting()) * 1000 // self._byte_khz  # from now on, until it runs over

    def close(self):
        self._dma.close()

    def _waiting(self):
        return (self._written() - self.at) % self._size

    def _written(self):
        return self._dma.write - self._base


class Rest:
    """value: where a microphone rests, which is no sound: the mean of the first buffers, then it moves slowly."""

    def __init__(self, value):
        self.value, self._share = value, 1

    def feed(self, samples, total):
        """total: the sum of the samples, from which `value` was taken. All alike they are no sound: a wire is off."""
        count = len(samples)
        if total != count * samples[0] or samples[0] != samples[count // 3]:
            self.value += total // (count * self._share)
            self._share = min(self._share + 1, _SLOW)


@rp2.asm_pio(
    sideset_init=rp2.PIO.OUT_LOW,
    in_shiftdir=rp2.PIO.SHIFT_RIGHT,
    autopush=True,
    push_thresh=32,
    fifo_join=rp2.PIO.JOIN_RX,
)
def _sample():
    nop().side(0)
    in_(pins, 1).side(1)  # what the microphone showed while the clock was low: the left channel


class Pdm:
    """A PDM microphone. clock, data: pins.

    clock_hz: the microphone's, 128 times rate_hz. missed: see Ring.
    """

    def __init__(self, clock, data, rate_hz=16000):
        self.rate_hz, self.clock_hz = rate_hz, 128 * rate_hz
        pin = Pin(data, Pin.IN, Pin.PULL_DOWN)
        settings = {"freq": 2 * self.clock_hz, "in_base": pin, "sideset_base": Pin(clock)}
        number, self._machine = _state_machine(settings)
        self.ring = Ring(self._machine, number // 4 * 8 + 4 + number % 4, 4, self.clock_hz // 8)
        self._table, self._state = sinc_table(), array("i", bytes(4 * SINC))
        self._half = array("i")  # samples at twice the rate, the filter's memory first
        self._rest = Rest(_CENTRE)
        self._machine.active(1)

    @property
    def missed(self):
        return self.ring.missed

    def readinto(self, buf):
        """buf: array("h"), all of which is filled."""
        count = len(buf)
        if len(self._half) != TAPS - 1 + 2 * count:
            self._half = array("i", [_CENTRE] * (TAPS - 1 + 2 * count))
        done, ring = 0, self.ring
        while done < 2 * count:  # in pieces that end where the ring does
            part = min(2 * count - done, (len(ring.content) - ring.at) // 8, 256)
            ring.wait(8 * part)
            sinc(0, 0, ring.content, ring.at, part, self._table, self._state, self._half, TAPS - 1 + done)
            ring.step(8 * part)
            done += part
        self._rest.feed(buf, halve(self._half, 0, buf, count, self._rest.value))
        return 2 * count

    def close(self):
        self._machine.active(0)
        self.ring.close()


def _state_machine(settings):
    """One that nobody uses, and its number. I2S and wireless chips take some too."""
    for number in (4, 5, 6, 7, 0, 1, 2, 3):
        try:
            return number, rp2.StateMachine(number, _sample, **settings)
        except (OSError, ValueError) as failure:
            reason = failure
    raise SensorError("microphone: no state machine is free for it (%s)" % reason)


# The ADC's registers: RP2040 data sheet 4.9.6, RP2350 data sheet 12.4.7. It measures every 1 + _DIV ticks of 48 MHz.
_CLOCK_HZ = 48000000
_FIFO, _FCS, _DIV = 0x0C, 0x08, 0x10
_RUN = 1 << 3  # of CS
_FIFO_ON = 1 << 24 | 1 << 3 | 1 << 0  # of FCS: a request for each measurement


class Analogue:
    """An analogue microphone on pin 26 to 29, at rest in the middle of the range. missed: see Ring."""

    def __init__(self, pin, rate_hz=16000):
        if pin not in (26, 27, 28, 29):
            raise SensorError("microphone: pin %s is not analogue; use 26 to 29" % pin)
        self.rate_hz = rate_hz
        ADC(Pin(pin))
        self._base, request = (0x400A0000, 48) if _is_rp2350() else (0x4004C000, 36)
        mem32[self._base] = mem32[self._base] & ~_RUN & ~(7 << 12) | (pin - 26) << 12
        mem32[self._base + _DIV] = (_CLOCK_HZ // rate_hz - 1) << 8
        mem32[self._base + _FCS] = _FIFO_ON
        self.ring = Ring(self._base + _FIFO, request, 2, 2 * rate_hz, 12)
        self._rest = Rest(_CENTRE)
        mem32[self._base] |= _RUN

    @property
    def missed(self):
        return self.ring.missed

    def readinto(self, buf):
        """buf: array("h"), all of which is filled."""
        count, done, ring = len(buf), 0, self.ring
        total = 0
        while done < count:
            part = min(count - done, (len(ring.content) - ring.at) // 2, 256)
            ring.wait(2 * part)
            total += centre(ring.content, ring.at, part, buf, done, self._rest.value)
            ring.step(2 * part)
            done += part
        self._rest.feed(buf, total)
        return 2 * count

    def close(self):
        mem32[self._base] &= ~_RUN
        self.ring.close()


def _is_rp2350():
    import sys

    return "RP2350" in sys.implementation._machine
