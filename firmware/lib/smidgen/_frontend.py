"""The audio front end in Python: the same numbers as firmware/engine/frontend/, function for function.

Integers grow as they need here, so what C computes from 16-bit halves stands here as the plain formula; `& 0xFFFFFFFF`
and int16 are where C's 32 and 16 bits end.
"""

import struct
from array import array

try:
    from micropython import const
except ImportError:  # CPython

    def const(value):
        return value


from ._fft import FFT
from .audio_loops import filterbank, window
from .python_arith import bit_length

_NOISE_REDUCTION = const(1)
_PCAN = const(2)
_LOG = const(4)
_HEAD = "<I7H2B3H2B3Hh"
_HEAD_SIZE = const(52)
_WEIGHT_BITS = const(12)
_SNR_BITS = const(12)
_OUTPUT_BITS = const(6)
_GAIN_COUNT = const(95)
_LOG_COUNT = const(129)
_LN2_Q16 = const(45426)
_TRUNCATED = const(-1)
_FRONTEND = const(-14)


def _newton(x, root):
    """floor(sqrt(x)) by Newton's iteration from a root that is not too small."""
    while True:
        better = (root + x // root) >> 1
        if better >= root:
            return root
        root = better


def _sqrt(x):
    """Square root, rounded to nearest; see filterbank.c for the two exceptions."""
    if x == 0:
        return 0
    shift = max(0, bit_length(x) - 27) >> 1  # begin with a part that is a small integer
    root = (_newton(x >> 2 * shift, 1 << 14) + 1) << shift
    root = _newton(x, root)
    limit = 0xFFFFFFFF if x >> 32 else 0xFFFF
    return root + 1 if x - root * root > root and root != limit else root


def _table_sizes(window, fft_size, channels, bins, stages):
    gains = _GAIN_COUNT if stages & _PCAN else 0
    logs = _LOG_COUNT if stages & _LOG else 0
    return fft_size // 2 + 2, window, channels + 1, bins, gains, logs


def _valid(head):
    (rate, window, hop, fft_size, channels, first_bin, bins, frames, stages, smoothing_bits, even, odd, min_signal,
     gain_bits, log_shift, _, _, div, offset) = head  # fmt: skip
    if not (rate and frames and 32 <= fft_size <= 4096 and not fft_size & (fft_size - 1)):
        return False
    snr_shift = gain_bits - bit_length(fft_size) + 1 + _WEIGHT_BITS // 2 - _SNR_BITS
    return (
        1 <= window <= fft_size
        and 1 <= hop <= window
        and 1 <= channels <= 256
        and first_bin >= 1
        and first_bin + bins <= fft_size // 2
        and stages <= 15
        and smoothing_bits <= 16
        and max(even, odd, min_signal) <= 1 << 14
        and (not stages & _PCAN or 0 <= snr_shift <= 31)
        and log_shift <= 15
        and div >= 1
        and -128 <= offset <= 127
    )


def check(section):
    """smg_audio_open: 0, or the engine's error code."""
    if len(section) < _HEAD_SIZE:
        return _TRUNCATED
    head = struct.unpack_from(_HEAD, section)
    if not _valid(head):
        return _FRONTEND
    sizes = _table_sizes(head[1], head[3], head[4], head[6], head[8])
    size = (_HEAD_SIZE + 2 * sum(sizes) + 3) & ~3
    if len(section) != size:
        return _TRUNCATED if len(section) < size else _FRONTEND
    return 0 if _valid_tables(section, sizes) else _FRONTEND


def _valid_tables(section, sizes):
    def entries(which):
        at = _HEAD_SIZE + 2 * sum(sizes[:which])
        return array("H", bytes(section[at : at + 2 * sizes[which]]))

    turn = entries(0)
    one = 1 << _WEIGHT_BITS
    return (
        (turn[0], turn[1], turn[-2], turn[-1]) == (32767, 0, 0, 65536 - 32767)
        and max(entries(1)) <= one
        and sum(entries(2)) == sizes[3]
        and all((weight & 0x7FFF) <= one for weight in entries(3))
    )


class Stream:
    """One stream. The section must have passed `check`."""

    def __init__(self, section):
        (_, self.window, self.hop, fft_size, self.channels, self.first_bin, bins, _, self.stages, self.smoothing_bits,
         self.even, self.odd, self.min_signal, gain_bits, self.log_shift,
         self.mul, self.add, self.div, self.offset) = struct.unpack_from(_HEAD, section)  # fmt: skip
        self.correction = bit_length(fft_size) - 1 - _WEIGHT_BITS // 2
        self.snr_shift = gain_bits - self.correction - _SNR_BITS
        at = _HEAD_SIZE
        tables = []
        sizes = _table_sizes(self.window, fft_size, self.channels, bins, self.stages)
        for i, count in enumerate(sizes):
            tables.append(array("hhHHhH"[i], bytes(section[at : at + 2 * count])))
            at += 2 * count
        twiddles, self.coefficients, self.widths, self.weights, self.gains, self.logs = tables
        self.fft = FFT(fft_size, twiddles)
        self.noise = array("I", bytes(4 * self.channels))
        self.sums = array("i", bytes(12 * self.channels))
        self.input = memoryview(array("h", bytes(2 * self.window)))
        self.used = 0

    def reset(self):
        """smg_audio_reset"""
        for c in range(self.channels):
            self.noise[c] = 0
        self.used = 0

    def feed(self, samples, start, end):
        """smg_audio_feed"""
        taken = min(end - start, self.window - self.used)
        self.input[self.used : self.used + taken] = memoryview(samples)[start : start + taken]
        self.used += taken
        return taken

    def frame(self, out, at):
        """smg_audio_frame, into a bytearray."""
        if self.used != self.window:
            return 0
        fft = self.fft
        shift = window(self.input, self.coefficients, fft.order, fft.re, fft.im)
        fft.run()
        fft.spectrum()
        filterbank(fft.energy, self.first_bin, self.widths, self.weights, self.sums)
        for c in range(self.channels):
            energy = (self.sums[3 * c] << 30) + (self.sums[3 * c + 1] << 15) + self.sums[3 * c + 2]
            out[at + c] = self._feature(c, _sqrt(energy) >> shift)
        keep = self.window - self.hop
        self.input[:keep] = self.input[self.hop :]
        self.used = keep
        return 1

    def _feature(self, channel, signal):
        """feature_of and to_int8; the int8 as the byte that a bytearray holds"""
        if self.stages & (_NOISE_REDUCTION | _PCAN):
            signal = self._noise_reduction(channel, signal)
        if self.stages & _PCAN:
            signal = self._pcan(self.noise[channel], signal)
        if self.stages & _LOG:
            signal = self._log_scale(signal)
        signal = min(signal, 0xFFFF)
        quotient = (signal * self.mul + self.add) // self.div
        return (min(quotient, 127 - self.offset) + self.offset) & 0xFF

    def _noise_reduction(self, channel, signal):
        """smg_noise_reduction"""
        smoothing = self.odd if channel & 1 else self.even
        scaled = (signal << self.smoothing_bits) & 0xFFFFFFFF
        estimate = (scaled * smoothing + self.noise[channel] * ((1 << 14) - smoothing)) >> 14
        self.noise[channel] = estimate
        if not self.stages & _NOISE_REDUCTION:
            return signal
        cleaned = 0 if estimate > scaled else (scaled - estimate) >> self.smoothing_bits
        return max(cleaned, (signal * self.min_signal) >> 14)

    def _gain(self, noise):
        gains = self.gains
        if noise <= 1:
            return gains[noise] & 0xFFFF
        bits = bit_length(noise)
        at = 3 * bits - 4
        x = (noise << (11 - bits) if bits < 11 else noise >> (bits - 11)) & 0x3FF
        rise = (((gains[at + 2] * x) >> 5) + (gains[at + 1] << 5)) * x + (1 << 14)
        rise = ((rise & 0x7FFFFFFF) - (rise & 0x80000000)) >> 15
        return (rise + gains[at]) & 0xFFFF

    def _pcan(self, noise, signal):
        """smg_pcan"""
        snr = ((signal * self._gain(noise)) >> self.snr_shift) & 0xFFFFFFFF
        if snr < 2 << _SNR_BITS:
            return (snr * snr) >> (2 + 2 * _SNR_BITS - _OUTPUT_BITS)
        return (snr >> (_SNR_BITS - _OUTPUT_BITS)) - (1 << _OUTPUT_BITS)

    def _log_scale(self, signal):
        """smg_log_scale"""
        x = signal >> -self.correction if self.correction < 0 else (signal << self.correction) & 0xFFFFFFFF
        if x <= 1:
            return 0
        whole = bit_length(x) - 1
        t = x - (1 << whole)
        t = t << (16 - whole) if whole < 16 else t >> (whole - 16)
        segment = t >> 9
        low = self.logs[segment]
        fraction = t + low + (((self.logs[segment + 1] - low) * (t & 511)) >> 16)
        natural = _LN2_Q16 * whole + (((_LN2_Q16 * fraction + 0x8000) & 0xFFFFFFFF) >> 16)
        return (((natural << self.log_shift) + 0x8000) & 0xFFFFFFFF) >> 16
