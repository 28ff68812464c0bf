"""Sources of sound.

A source is any object with

    rate_hz           samples a second; without it, it is trusted to have the model's rate
    readinto(buf)     wait for sound, write int16 samples into the bytearray or array buf, return the bytes written:
                      an even number, at most its size; 0 at the end, which a real microphone never reaches

MicroPython's `machine.I2S` has this `readinto` already.
"""

import io
import struct

from .errors import error
from .files import find


class Microphone:
    """The board's own microphone. On a simulated board: what is played to it, to the end.

    Raises SmidgenError on a board whose microphone this package does not know.
    """

    rate_hz = 16000

    def __init__(self):
        try:
            from _sim import microphone_readinto
        except ImportError:
            from .errors import SmidgenError

            raise SmidgenError("this board's microphone is not known; give Listener a source as in microphone.py")
        self.readinto = microphone_readinto


class Recorded:
    """A recording: a WAV file of mono 16-bit samples, or a file or buffer of nothing but such samples.

    source: a path or a buffer. rate_hz: for samples without a header; a WAV knows its own. Raises InputError for a WAV
    of another kind or one that is cut short, OSError for a path that cannot be read.
    """

    def __init__(self, source, rate_hz=16000):
        named = isinstance(source, str)
        self._name = source if named else "recording"
        self._file = open(find(source), "rb") if named else io.BytesIO(source)
        self.rate_hz = rate_hz
        try:
            self._left = self._open()
        except BaseException:
            self.close()
            raise

    def readinto(self, buf):
        """Returns the bytes written, 0 at the end."""
        read = min(self._file.readinto(buf) & ~1, self._left)  # what follows the samples in a WAV is not sound
        self._left -= read
        return read

    def close(self):
        self._file.close()

    def _open(self):
        """Go to the first sample. Returns the bytes of samples."""
        riff = self._file.read(12)
        if riff[:4] != b"RIFF" or riff[8:] != b"WAVE":
            size = self._file.seek(0, 2)
            self._file.seek(0)
            return size & ~1
        formatted = False
        while True:
            head = self._file.read(8)
            if len(head) < 8:
                raise self._error("ends before its samples begin; copy it again")
            kind, size = struct.unpack("<4sI", head)
            if kind == b"data" and formatted:
                return self._samples(size)
            if kind == b"fmt ":
                self._check_format(self._file.read(size))
                formatted = True
            else:
                self._file.seek(size, 1)
            self._file.seek(size & 1, 1)  # chunks begin at even positions

    def _check_format(self, chunk):
        if len(chunk) < 16:
            raise self._error("is cut short; copy it again")
        code, channels, rate_hz, _, _, bits = struct.unpack("<HHIIHH", chunk[:16])
        if code != 1 or channels != 1 or bits != 16:
            text = "has %d channels of %d bits; save it as mono, 16-bit PCM" % (channels, bits)
            raise self._error(text)
        self.rate_hz = rate_hz

    def _samples(self, size):
        start = self._file.seek(0, 1)
        there = self._file.seek(0, 2) - start
        if there < size:
            raise self._error("is cut short; copy it again")
        self._file.seek(start)
        return size & ~1

    def _error(self, text):
        return error("InputError", self._name, text)
