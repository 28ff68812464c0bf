"""The inner loops of the front end in plain Python; viper_audio.py has the same in viper.

re, im: array("h") [n], a complex signal. turns: array("h"), the pairs of exp(-2 pi j k / 2n) for three quarters of a
turn. Numbers fit MicroPython's small integers but for the energies of full-scale signals; nothing else is allocated.
"""

from .python_arith import bit_length, int16


def window(samples, coefficients, order, re, im):
    """The windowed samples 2i and 2i + 1, shifted to 15 bits, as re and im [order[i]]. Returns the shift.
    (smg_window)"""
    size = len(coefficients)
    peak = 0
    for i in range(size):
        v = (samples[i] * coefficients[i]) >> 12
        v = -v if v < 0 else v
        if v > peak and v < 32768:
            peak = v
    shift = 15 - bit_length(peak)
    for i in range(len(order)):
        k = 2 * i
        p = order[i]
        even = (samples[k] * coefficients[k]) >> 12 if k < size else 0
        k += 1
        odd = (samples[k] * coefficients[k]) >> 12 if k < size else 0
        re[p] = int16(even << shift)
        im[p] = int16(odd << shift)
    return shift


def pairs(part):
    """All radix-2 butterflies of re or im, whose twiddles are 1."""
    for k in range(0, len(part), 2):
        a = (part[k] * 16383 + 0x4000) >> 15
        b = (part[k + 1] * 16383 + 0x4000) >> 15
        part[k] = int16(a + b)
        part[k + 1] = int16(a - b)


def quads(re, im, turns, m):
    """A stage of radix-4 butterflies, m apart. At angle 0 the twiddles change nothing; see fft.c."""
    n = len(re)
    for first in range(m):
        angle = first * (n // (2 * m))
        w1r, w1i = turns[2 * angle], turns[2 * angle + 1]
        w2r, w2i = turns[4 * angle], turns[4 * angle + 1]
        w3r, w3i = turns[6 * angle], turns[6 * angle + 1]
        for k0 in range(first, n, 4 * m):
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


def spectrum(re, im, energy, turns):
    """energy[k]: array("I"), of the bins 1 to n - 1 of the real signal (smg_spectrum)."""
    n = len(re)
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


def filterbank(energy, first_bin, widths, weights, sums):
    """Energies of the channels (smg_filterbank_next): of channel c sums[3c], [3c + 1] and [3c + 2] in units of 2^30,
    2^15 and 1. A bin's weight goes to the channel that falls there, the rest of it to the channel that rises."""
    at, bin = -3, first_bin
    next_top = next_middle = next_low = 0
    index = 0
    for width in widths:
        top, middle, low = next_top, next_middle, next_low
        next_top = next_middle = next_low = 0
        for _ in range(width):
            e = energy[bin]
            e_top, e_middle, e_low = e >> 30, (e >> 15) & 0x7FFF, e & 0x7FFF
            w = weights[index] & 0x7FFF
            low += e_low * w
            middle += e_middle * w + (low >> 15)
            top += e_top * w + (middle >> 15)
            low &= 0x7FFF
            middle &= 0x7FFF
            w = 4096 - w + (weights[index] >> 15)
            next_low += e_low * w
            next_middle += e_middle * w + (next_low >> 15)
            next_top += e_top * w + (next_middle >> 15)
            next_low &= 0x7FFF
            next_middle &= 0x7FFF
            bin += 1
            index += 1
        if at >= 0:
            sums[at], sums[at + 1], sums[at + 2] = top, middle, low
        at += 3
