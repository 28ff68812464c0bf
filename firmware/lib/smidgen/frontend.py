"""The audio front end of a model: int16 samples in, one row of int8 mel features for every hop out.

The section is the model's AUDIO section; docs/audio-front-end.md has its bytes. The C engine does the work where the
board has it, `_frontend.py` where not, with the same bytes out. A listening loop allocates no buffers:

    front_end = FrontEnd(section)
    row = bytearray(front_end.channels)
    while True:
        microphone.readinto(samples)  # array("h")
        at = 0
        while at < len(samples):
            at += front_end.feed(samples, at, len(samples))
            while front_end.frame(row):
                use(row)
"""

import struct

from .c_module import c_module
from .errors import error_for

_smidgen = c_module()


def _checked(result):
    if result < 0:
        raise error_for(result, "audio front end")
    return result


class _Engine:
    """A stream in the C engine; its state is one buffer."""

    def __init__(self, section):
        self._section = section
        self._state = bytearray(_checked(_smidgen.audio_open(section)))
        self.reset()

    def reset(self):
        _checked(_smidgen.audio_reset(self._section, self._state))

    def feed(self, samples, start, end):
        return _checked(_smidgen.audio_feed(self._section, self._state, samples, start, end))

    def frame(self, out, at):
        return _checked(_smidgen.audio_frame(self._section, self._state, out, at))


class FrontEnd:
    """A stream of samples. Features depend on all that it has heard since `reset`.

    rate_hz, window and hop (samples), channels (features of a frame), frames (that a score rests on) are the
    section's. `engine` says what does the work: "c" or "python". Raises ModelError when the section is malformed.
    """

    width = 1

    def __init__(self, section):
        if hasattr(_smidgen, "audio_open"):  # a small native module has no front end
            self._stream = _Engine(section)
            self.engine = "c"
        else:
            from ._frontend import Stream, check

            _checked(check(section))
            self._stream = Stream(section)
            self.engine = "python"
        fields = struct.unpack_from("<I7H", section)
        self.rate_hz, self.window, self.hop, _, self.channels, _, _, self.frames = fields
        self.rate_mhz = 1000 * self.rate_hz

    def reset(self):
        """Forget all that was heard."""
        self._stream.reset()

    def feed(self, samples, start, end):
        """Take samples[start:end], an array of int16, until the window is full. Returns how many were taken."""
        return self._stream.feed(samples, start, end)

    def frame(self, out, at=0):
        """When the window is full: write a row of `channels` int8 to out[at:], a bytearray, and return True."""
        return self._stream.frame(out, at) == 1
