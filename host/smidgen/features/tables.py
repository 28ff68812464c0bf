"""The audio front end's tables, computed as TensorFlow's microfrontend computes them.

The front end is equal to the microfrontend to the bit, so its tables must be too: every rounding of the original to
single precision is here, as `f32`. Two builds of the original are in use: TensorFlow's operator calculates what lies
between those roundings in double precision, pymicro-features (and through it microWakeWord) is compiled to stay in
single. A handful of entries differ by one. `real` is the type of that build: np.float32 or np.float64.
"""

from __future__ import annotations

import itertools
import math
from typing import NamedTuple

import numpy as np

from smidgen.features.libm import cosf, log1pf, powf

f32 = np.float32
Real = type[np.float32] | type[np.float64]

WEIGHT_BITS = 12
SNR_BITS = 12
WEIGHT_ROUNDED_TWICE = 0x8000
LOG_SEGMENTS = 128


class Filterbank(NamedTuple):
    """Triangular filters: `widths` bins for each rising slope (the first and the last included), one weight a bin."""

    first_bin: int
    widths: np.ndarray  # uint16 [channels + 1]
    weights: np.ndarray  # uint16 [sum(widths)], Q12 and WEIGHT_ROUNDED_TWICE


def twiddles(fft_size: int) -> np.ndarray:
    """The first quarter turn of exp(-2 pi j k / fft_size). int16 [fft_size / 4 + 1, 2]: real, imaginary part.

    kissfft calculates them in double precision in either build.
    """
    angles = [2 * math.pi * k / fft_size for k in range(fft_size // 4 + 1)]
    pairs = [(math.floor(0.5 + 32767 * math.cos(a)), math.floor(0.5 - 32767 * math.sin(a))) for a in angles]
    return np.array(pairs, np.int16)


def hann_window(size: int, real: Real) -> np.ndarray:
    """A Hann window, int16 [size], Q12."""
    angle = real(f32(real(2 * math.pi) / real(size)))
    half = real(0.5)
    cos = cosf if real is f32 else math.cos
    values = [f32(half - half * cos(angle * (real(i) + half))) for i in range(size)]
    return np.array([_round(real(v * f32(1 << WEIGHT_BITS))) for v in values], np.int16)


def _round(x: np.float32 | np.float64) -> int:
    return math.floor(x + type(x)(0.5))


def _mel(hz: np.float32, real: Real) -> np.float32:
    log1p = log1pf if real is f32 else math.log1p
    return f32(real(1127.0) * log1p(real(hz) / real(700.0)))


def _weight(share: np.float32, real: Real) -> int:
    one = 1 << WEIGHT_BITS
    weight = _round(real(share * f32(one)))
    complement = _round((real(1.0) - real(share)) * real(one))
    return weight | (WEIGHT_ROUNDED_TWICE if weight + complement > one else 0)


def filterbank(rate_hz: int, fft_size: int, channels: int, lower_hz: float, upper_hz: float, real: Real) -> Filterbank:
    """Mel filters from `lower_hz` to `upper_hz`, equally wide on the mel scale 1127 ln(1 + f / 700)."""
    low, high = _mel(f32(lower_hz), real), _mel(f32(upper_hz), real)
    spacing = f32(high - low) / f32(channels + 1)
    edges = [low] + [f32(low + spacing * f32(i + 1)) for i in range(channels + 1)]
    hz_per_bin = f32(real(0.5) * real(rate_hz) / real(fft_size // 2))
    first_bin = int(real(1.5) + real(f32(lower_hz) / hz_per_bin))
    widths, weights = [], []
    at = first_bin
    for below, above in itertools.pairwise(edges):
        start = at
        while (mel := _mel(f32(at) * hz_per_bin, real)) <= above:
            weights.append(_weight(f32(above - mel) / f32(above - below), real))
            at += 1
        widths.append(at - start)
    return Filterbank(first_bin, np.array(widths, np.uint16), np.array(weights, np.uint16))


def pcan_gains(strength: float, offset: float, gain_bits: int, input_bits: int) -> np.ndarray:
    """PCAN's gain 2^gain_bits * (x / 2^input_bits + offset)^-strength as parabolas, one for each octave of x.

    int16 [95]: the gains of 0 and 1, then for x of 2 to 32 bits y, a1, a2 with gain = y + a1 t + a2 t^2,
    t from 0 to 1 the position in the octave. Raises OverflowError when one does not fit.
    """

    def gain(x: int) -> int:
        base = f32(f32(x) / f32(1 << input_bits)) + f32(offset)
        value = f32(1 << gain_bits) * powf(base, -f32(strength))
        return int(value + f32(0.5))

    table = [gain(0), gain(1)]
    for bits in range(2, 33):
        start = 1 << (bits - 1)
        middle = start + start // 2
        end = 2 * start if bits < 32 else 2 * start - 1
        y = gain(start)
        to_middle, to_end = gain(middle) - y, gain(end) - y
        a1 = 4 * to_middle - to_end
        table += [y, a1, to_end - a1]
    return np.array(table, np.int16)


def log_segments() -> np.ndarray:
    """log2(1 + t) - t at t = 0, 1/128, ... 1, uint16 [129], Q16."""
    steps = [i / LOG_SEGMENTS for i in range(LOG_SEGMENTS + 1)]
    return np.array([math.floor(0.5 + 65536 * (math.log2(1 + t) - t)) for t in steps], np.uint16)
