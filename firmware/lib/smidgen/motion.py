"""The motion front end of a model, and recorded motion. The front end: samples of int16 milli-g in, a row of int8 for
each out; what the host has in host/smidgen/features/motion.py, value for value. It has the face of `FrontEnd`
(frontend.py)."""

import struct

from ._format import IMU
from .errors import error

_ACCELERATION, _MILLI_G = 3, 0
_SAMPLE_BYTES = 6


class MotionFrontEnd:
    """A frame is a sample: hop and window are 1. rate_hz, rate_mhz: samples a second, and a thousand seconds.
    frames: of a model input. channels, width: values of a sample. Raises SectionError when the section is malformed."""

    channels = width = _ACCELERATION
    hop = window = 1

    def __init__(self, section):
        if len(section) != struct.calcsize(IMU):
            raise error("SectionError", "IMU")
        self.rate_mhz, self.frames, self._full_scale, axes, unit, _ = struct.unpack(IMU, section)
        if axes != _ACCELERATION or unit != _MILLI_G:
            raise error("SectionError", "IMU", "is of a kind that this package does not know; update it")
        if not (1000 <= self.rate_mhz <= 10000000 and 1 <= self.frames <= 1024 and 1 <= self._full_scale <= 32767):
            raise error("SectionError", "IMU")
        self.rate_hz = self.rate_mhz / 1000 if self.rate_mhz % 1000 else self.rate_mhz // 1000
        self._values = bytearray(_ACCELERATION)
        self.reset()

    def reset(self):
        """Forget a sample that is not whole."""
        self._count = 0

    def feed(self, samples, start, end):
        """Take samples[start:end], an array of int16, until a sample is whole. Returns how many values were taken."""
        scale, half = self._full_scale, self._full_scale // 2
        at = start
        while at < end and self._count < _ACCELERATION:
            value = (samples[at] * 128 + half) // scale
            self._values[self._count] = (-128 if value < -128 else 127 if value > 127 else value) & 255
            self._count += 1
            at += 1
        return at - start

    def frame(self, out, at=0):
        """When a sample is whole: write its row of 3 int8 to out[at:], a bytearray, and return True."""
        if self._count < _ACCELERATION:
            return False
        for i in range(_ACCELERATION):
            out[at + i] = self._values[i]
        self._count = 0
        return True


class RecordedMotion:
    """A recording: a CSV with columns x_mg, y_mg and z_mg (as `smidgen record` writes it, others are skipped), or a
    buffer of nothing but samples.

    source: a path or a buffer. rate_hz: samples a second. Raises InputError for a file of another kind or a row that is
    no numbers, OSError for a path that cannot be read.
    """

    def __init__(self, source, rate_hz=25):
        self.rate_hz = rate_hz
        self._at = 0
        self._file = self._content = None
        if not isinstance(source, str):
            self._content = memoryview(source)
            return
        self._name, self._line = source, 1
        self._file = open(source)
        names = [name.strip() for name in self._file.readline().split(",")]
        if not all(axis in names for axis in ("x_mg", "y_mg", "z_mg")):
            self.close()
            raise self._error("needs columns x_mg, y_mg and z_mg")
        self._columns = [names.index(axis) for axis in ("x_mg", "y_mg", "z_mg")]

    def readinto(self, buf):
        """Returns the bytes written, 0 at the end."""
        return self._next_row(buf) if self._file else self._next_bytes(memoryview(buf))

    def close(self):
        if self._file:
            self._file.close()

    def _next_row(self, buf):
        line = self._file.readline()
        self._line += 1
        if not line.strip():
            return 0
        row = line.split(",")
        try:
            struct.pack_into("<hhh", buf, 0, *(round(float(row[i])) for i in self._columns))
        except (ValueError, IndexError, OverflowError):
            raise self._error("line %d is no row of numbers" % self._line)
        return _SAMPLE_BYTES

    def _next_bytes(self, buf):
        if len(self._content) - self._at < _SAMPLE_BYTES:
            return 0
        struct.pack_into("<6s", buf, 0, bytes(self._content[self._at : self._at + _SAMPLE_BYTES]))
        self._at += _SAMPLE_BYTES
        return _SAMPLE_BYTES

    def _error(self, text):
        return error("InputError", self._name, text)
