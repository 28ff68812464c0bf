"""This machine's own microphone, through PortAudio (the package sounddevice, extra "listen")."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from smidgen.errors import DeviceError, MissingExtra

_PIECE_S = 0.1


def pieces(rate_hz: int, lost: Callable[[], None]) -> Iterator[np.ndarray]:
    """Sound as it comes, for as long as it is asked for: int16 [n], mono, at rate_hz.

    lost: called when this machine was too busy and sound was lost. Raises MissingExtra without sounddevice, DeviceError
    when there is no microphone or it gives another rate only.
    """
    try:
        import sounddevice
    except ImportError as error:
        raise MissingExtra("this machine's microphone", "listen") from error
    except OSError as error:  # the package is there, the library that it wants is not
        raise DeviceError(f"microphone: {error}; install PortAudio (Debian: libportaudio2)") from error
    count = round(rate_hz * _PIECE_S)
    try:
        with sounddevice.InputStream(samplerate=rate_hz, channels=1, dtype="int16", blocksize=count) as stream:
            while True:
                samples, overflowed = stream.read(count)
                if overflowed:
                    lost()
                yield samples[:, 0]
    except sounddevice.PortAudioError as error:
        raise DeviceError(f"microphone: {error}; connect one, and allow this program to use it") from error
