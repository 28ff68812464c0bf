"""Read recordings of any WAV kind as what the front end takes: mono, int16, 16 kHz.

libsndfile (soundfile) decodes, soxr resamples. libsndfile reads what is left of a cut file without a word, so the
RIFF chunks are checked here first (Multimedia Programming Interface and Data Specifications 1.0, 1991; RF64: EBU
Tech 3306).
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import BinaryIO

import numpy as np
import soundfile
import soxr

from smidgen.datasets.clips import RATE_HZ
from smidgen.errors import AudioError

_RIFF_KINDS = (b"RIFF", b"RF64")
_LONG_OR_UNKNOWN = 0xFFFFFFFF  # RF64 has the length in its chunk ds64; a program that writes to a pipe does not know it


def load_audio(path: str | Path) -> np.ndarray:
    """Read a WAV file.

    8 to 32 bit integer, 32 or 64 bit float, plain or WAVE_FORMAT_EXTENSIBLE, any rate, any number of channels (their
    mean is taken). Returns int16 [samples], mono, 16 kHz; float samples beyond +-1 are clipped.
    Raises AudioError, naming the file, when it is missing, not a WAV, cut short, or holds no sample.
    """
    path = Path(path)
    _check_riff(path)
    try:
        samples, rate = soundfile.read(path, dtype="float64", always_2d=True)
    except (soundfile.LibsndfileError, OSError) as error:
        raise AudioError(f"{path}: cannot be decoded ({error}); save it as 16-bit PCM WAV") from error
    if not len(samples):
        raise AudioError(f"{path}: holds no samples; record it again")
    return to_int16(to_rate(np.nan_to_num(samples.mean(axis=1)), rate))


def to_rate(samples: np.ndarray, rate_hz: int) -> np.ndarray:
    """Resample float [samples] from rate_hz to 16 kHz with a linear-phase filter (soxr "HQ"). Returns float64."""
    if rate_hz == RATE_HZ:
        return samples.astype(np.float64)
    return soxr.resample(samples.astype(np.float64), rate_hz, RATE_HZ, quality="HQ")


def to_int16(samples: np.ndarray) -> np.ndarray:
    """Scale float samples of full scale +-1 to int16, rounded and clipped."""
    return np.clip(np.rint(samples * 32768.0), -32768, 32767).astype(np.int16)


def write_wav(path: str | Path, audio: np.ndarray) -> None:
    """Write int16 [samples] as a mono 16 kHz PCM WAV."""
    soundfile.write(path, audio, RATE_HZ, subtype="PCM_16", format="WAV")


def _check_riff(path: Path) -> None:
    """Raise AudioError unless the file is a WAV that holds all the sound that its header promises."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            if not _is_wav(file.read(12)):
                raise AudioError(f"{path}: not a WAV file; convert it to WAV first")
            missing = _missing_bytes(file, size)
    except OSError as error:
        raise AudioError(f"{path}: cannot be read ({error.strerror})") from error
    if missing is None:
        raise AudioError(f"{path}: truncated before its samples; copy it again")
    if missing > 0:
        raise AudioError(f"{path}: truncated, {missing} bytes of sound are missing; copy it again")


def _is_wav(head: bytes) -> bool:
    return len(head) == 12 and head[:4] in _RIFF_KINDS and head[8:] == b"WAVE"


def _missing_bytes(file: BinaryIO, size: int) -> int | None:
    """Walk the chunks up to the samples: how many of their bytes lie beyond the file's end; None without samples."""
    long_length = None
    while len(header := file.read(8)) == 8:
        chunk, length = struct.unpack("<4sI", header)
        start = file.tell()
        if chunk == b"data":
            if length == _LONG_OR_UNKNOWN:
                length = 0 if long_length is None else long_length
            return start + length - size
        if chunk == b"ds64" and len(sizes := file.read(16)) == 16:
            long_length = struct.unpack("<8xQ", sizes)[0]
        file.seek(start + length + (length & 1))
    return None
