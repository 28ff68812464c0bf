"""Fixed-point FFT of a real signal: the same numbers as firmware/engine/frontend/fft.c.

Numbers fit MicroPython's small integers but for the energies of full-scale signals; nothing else is allocated.
"""

from array import array


def bit_length(x):
    bits = 0
    while x >= 1 << 24:  # leaves the integers that live on the heap at once
        x >>= 24
        bits += 24
    while x >= 256:
        x >>= 8
        bits += 8
    while x:
        x >>= 1
        bits += 1
    return bits


def int16(x):
    """x as C's int16_t holds it."""
    return (x & 0x7FFF) - (x & 0x8000)


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
        n = self.n
        m = 1
        if n & 0xAAA:  # an odd power of two
            self._pairs()
            m = 2
        while m < n:
            step = n // (2 * m)
            for u in range(m):
                self._butterflies(m, u, u * step)
            m *= 4

    def _pairs(self):
        for part in (self.re, self.im):
            for k in range(0, self.n, 2):
                a = (part[k] * 16383 + 0x4000) >> 15
                b = (part[k + 1] * 16383 + 0x4000) >> 15
                part[k] = int16(a + b)
                part[k + 1] = int16(a - b)

    def _butterflies(self, m, first, angle):
        """All radix-4 butterflies of a stage that share their twiddles. At angle 0 these change nothing; see fft.c."""
        re, im = self.re, self.im
        turns = self.turns
        w1r, w1i = turns[2 * angle], turns[2 * angle + 1]
        w2r, w2i = turns[4 * angle], turns[4 * angle + 1]
        w3r, w3i = turns[6 * angle], turns[6 * angle + 1]
        for k0 in range(first, self.n, 4 * m):
            k1 = k0 + m
            k2 = k1 + m
            k3 = k2 + m
            ar = (re[k0] * 8191 + 0x4000) >> 15
            ai = (im[k0] * 8191 + 0x4000) >> 15
            r = (re[k1] * 8191 + 0x4000) >> 15
            i = (im[k1] * 8191 + 0x4000) >> 15
            br = (r * w1r - i * w1i + 0x4000) >> 15
            bi = (r * w1i + i * w1r + 0x4000) >> 15
            r = (re[k2] * 8191 + 0x4000) >> 15
            i = (im[k2] * 8191 + 0x4000) >> 15
            cr = (r * w2r - i * w2i + 0x4000) >> 15
            ci = (r * w2i + i * w2r + 0x4000) >> 15
            r = (re[k3] * 8191 + 0x4000) >> 15
            i = (im[k3] * 8191 + 0x4000) >> 15
            dr = (r * w3r - i * w3i + 0x4000) >> 15
            di = (r * w3i + i * w3r + 0x4000) >> 15
            re[k0] = int16(ar + cr + br + dr)
            im[k0] = int16(ai + ci + bi + di)
            re[k1] = int16(ar - cr + bi - di)
            im[k1] = int16(ai - ci - br + dr)
            re[k2] = int16(ar + cr - br - dr)
            im[k2] = int16(ai + ci - bi - di)
            re[k3] = int16(ar - cr - bi + di)
            im[k3] = int16(ai - ci + br - dr)

    def spectrum(self):
        """smg_spectrum"""
        re, im, energy, turns, n = self.re, self.im, self.energy, self.turns, self.n
        for k in range(1, n // 2 + 1):
            pr = (re[k] * 16383 + 0x4000) >> 15
            pi = (im[k] * 16383 + 0x4000) >> 15
            qr = (re[n - k] * 16383 + 0x4000) >> 15
            qi = (int16(-im[n - k]) * 16383 + 0x4000) >> 15
            wr, wi = turns[2 * k + 1], -turns[2 * k]
            dr = pr - qr
            di = pi - qi
            tr = int16((dr * wr - di * wi + 0x4000) >> 15)
            ti = int16((dr * wi + di * wr + 0x4000) >> 15)
            sr = pr + qr
            si = pi + qi
            r = (sr + tr) >> 1
            i = (si + ti) >> 1
            energy[k] = r * r + i * i
            r = (sr - tr) >> 1
            i = (ti - si) >> 1
            energy[n - k] = r * r + i * i
