"""Fixed-point FFT of a real signal: the same numbers as firmware/engine/frontend/fft.c."""

from array import array

from .audio_loops import pairs, quads, spectrum


def _input_order(n):
    """Positions with their base-4 digits reversed, a last digit of base 2 when n is not a power of 4."""
    order = array("H", bytes(2 * n))
    for i in range(n):
        p, left, size = 0, i, n
        while size > 1:
            radix = 4 if size % 4 == 0 else 2
            size //= radix
            p += left % radix * size
            left //= radix
        order[i] = p
    return order


def _three_quarters(quarter):
    """exp(-2 pi j k / fft_size) for three quarters of a turn from the first; a quarter turns (r, i) into (i, -r)."""
    half = len(quarter) - 2
    turns = array("h", bytes(6 * half))
    for k in range(0, half, 2):
        r, i = quarter[k], quarter[k + 1]
        turns[k], turns[k + 1] = r, i
        turns[k + half], turns[k + half + 1] = i, -r
        turns[k + 2 * half], turns[k + 2 * half + 1] = -r, -i
    return turns


class FFT:
    """Fill re[order[i]] and im[order[i]] with the samples 2 i and 2 i + 1, then `run`, then `spectrum`: energy[1:] are
    the bins 1 to fft_size / 2 - 1. twiddles: int16, the pairs of the section's table.
    """

    def __init__(self, fft_size, twiddles):
        self.n = fft_size // 2
        self.turns = _three_quarters(twiddles)
        self.order = _input_order(self.n)
        self.re = array("h", bytes(2 * self.n))
        self.im = array("h", bytes(2 * self.n))
        self.energy = array("I", bytes(4 * self.n))

    def run(self):
        """smg_fft"""
        m = 1
        if self.n & 0xAAA:  # an odd power of two
            pairs(self.re)
            pairs(self.im)
            m = 2
        while m < self.n:
            quads(self.re, self.im, self.turns, m)
            m *= 4

    def spectrum(self):
        """smg_spectrum"""
        spectrum(self.re, self.im, self.energy, self.turns)
