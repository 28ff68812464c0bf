"""Sources of sound.

A source is any object with

    rate_hz           samples a second; without it, it is trusted to have the model's rate
    readinto(buf)     wait for sound, write int16 samples into buf, an array("h"), return the bytes written: an even
                      number, at most its size; 0 at the end, which a real microphone never reaches

MicroPython's `machine.I2S` has this `readinto` already. `Microphone` is the board's own.
"""

import io
import struct

from .errors import SensorError, SmidgenError, error
from .files import find
from .level import Level
from .wiring import part


class Microphone:
    """The board's own microphone. On a simulated board: what is played to it, to the end.

    status: what the last second says of it: "ok", "silent", "clipping" or "unplugged", see level.py. missed: how often
    the program came too late and lost sound, where the source knows. readinto raises SensorError when the microphone
    does not answer, and opens it again when it is called next: catch it and go on.
    """

    def __init__(self, wiring=None, rate_hz=16000):
        """wiring: what sound_inputs.py takes, such as {"bus": "I2S", "sck": 16, "ws": 17, "sd": 18}; without it, what
        wiring.json says. Raises SensorError when it cannot be opened, SmidgenError when it is not known or the firmware
        has no input for it. rate_hz becomes what it truly is; a Listener refuses one that its model does not want."""
        self._wiring, self._wanted_hz = wiring, rate_hz
        self._source = None
        self._open()
        self.rate_hz = getattr(self._source, "rate_hz", rate_hz)
        self._level = Level(self.rate_hz)

    @property
    def status(self):
        return self._level.status

    @property
    def missed(self):
        return getattr(self._source, "missed", 0)

    def readinto(self, buf):
        """buf: array("h"). Returns the bytes written, 0 at the end of what is played to a simulated board."""
        if self._source is None:
            self._open()
        try:
            count = self._source.readinto(buf)
        except (OSError, SensorError) as failure:
            self.close()
            if isinstance(failure, SensorError):
                raise
            raise SensorError("microphone: does not answer (%s); check its wires" % failure)
        self._level.feed(buf, count // 2)
        return count

    def close(self):
        """Let go of pins and memory; the next readinto opens it again."""
        source, self._source = self._source, None
        for name in ("close", "deinit"):
            if hasattr(source, name):
                getattr(source, name)()
                break

    def _open(self):
        if self._wiring is None:
            try:
                from _sim import microphone_readinto

                self._source = _Simulated(microphone_readinto)
                return
            except ImportError:
                self._wiring = part("microphone")
        if self._wiring is None:
            raise SmidgenError(
                "this board's microphone is not known; deploy with smidgen, or say its pins: see sound_inputs.py"
            )
        from .sound_inputs import open_input

        self._source = open_input(self._wiring, self._wanted_hz)


class _Simulated:
    """What is played to a simulated board, to the end."""

    def __init__(self, read):
        self.readinto = read


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
