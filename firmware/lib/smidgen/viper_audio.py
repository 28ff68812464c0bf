"""plain_audio.py, which says what each function does, in viper.

An int16 that is read from a ptr16 has lost its sign; (x ^ 0x8000) - 0x8000 has it.
"""

import micropython


@micropython.viper
def window(samples, coefficients, order, re: ptr16, im: ptr16) -> int:
    s, c = ptr16(samples), ptr16(coefficients)
    size, n = int(len(coefficients)), int(len(order))
    places = ptr16(order)
    peak = 0
    i = 0
    while i < size:
        v = (((s[i] ^ 0x8000) - 0x8000) * c[i]) >> 12
        if v < 0:
            v = 0 - v
        if v > peak and v < 32768:
            peak = v
        i += 1
    shift = 15
    while peak:
        peak >>= 1
        shift -= 1
    i = 0
    while i < n:
        k, p = 2 * i, places[i]
        v = 0
        if k < size:
            v = (((s[k] ^ 0x8000) - 0x8000) * c[k]) >> 12
        re[p] = v << shift
        k += 1
        v = 0
        if k < size:
            v = (((s[k] ^ 0x8000) - 0x8000) * c[k]) >> 12
        im[p] = v << shift
        i += 1
    return shift


@micropython.viper
def pairs(part):
    p = ptr16(part)
    end = int(p) + 2 * int(len(part))
    while int(p) != end:
        a = (((p[0] ^ 0x8000) - 0x8000) * 16383 + 0x4000) >> 15
        b = (((p[1] ^ 0x8000) - 0x8000) * 16383 + 0x4000) >> 15
        p[0] = a + b
        p[1] = a - b
        p = ptr16(int(p) + 4)


@micropython.viper
def quads(re, im, turns: ptr16, m: int):
    xr, xi = ptr16(re), ptr16(im)
    n = int(len(re))
    first = 0
    while first < m:
        k = first * (n // m)
        w1r, w1i = (turns[k] ^ 0x8000) - 0x8000, (turns[k + 1] ^ 0x8000) - 0x8000
        w2r, w2i = (turns[2 * k] ^ 0x8000) - 0x8000, (turns[2 * k + 1] ^ 0x8000) - 0x8000
        w3r, w3i = (turns[3 * k] ^ 0x8000) - 0x8000, (turns[3 * k + 1] ^ 0x8000) - 0x8000
        k = first
        while k < n:
            ar = (((xr[k] ^ 0x8000) - 0x8000) * 8191 + 0x4000) >> 15
            ai = (((xi[k] ^ 0x8000) - 0x8000) * 8191 + 0x4000) >> 15
            k += m
            r = (((xr[k] ^ 0x8000) - 0x8000) * 8191 + 0x4000) >> 15
            i = (((xi[k] ^ 0x8000) - 0x8000) * 8191 + 0x4000) >> 15
            br = (r * w1r - i * w1i + 0x4000) >> 15
            bi = (r * w1i + i * w1r + 0x4000) >> 15
            k += m
            r = (((xr[k] ^ 0x8000) - 0x8000) * 8191 + 0x4000) >> 15
            i = (((xi[k] ^ 0x8000) - 0x8000) * 8191 + 0x4000) >> 15
            cr = (r * w2r - i * w2i + 0x4000) >> 15
            ci = (r * w2i + i * w2r + 0x4000) >> 15
            k += m
            r = (((xr[k] ^ 0x8000) - 0x8000) * 8191 + 0x4000) >> 15
            i = (((xi[k] ^ 0x8000) - 0x8000) * 8191 + 0x4000) >> 15
            dr = (r * w3r - i * w3i + 0x4000) >> 15
            di = (r * w3i + i * w3r + 0x4000) >> 15
            xr[k] = ar - cr - bi + di
            xi[k] = ai - ci + br - dr
            k -= m
            xr[k] = ar + cr - br - dr
            xi[k] = ai + ci - bi - di
            k -= m
            xr[k] = ar - cr + bi - di
            xi[k] = ai - ci - br + dr
            k -= m
            xr[k] = ar + cr + br + dr
            xi[k] = ai + ci + bi + di
            k += 4 * m
        first += 1


@micropython.viper
def spectrum(re, im: ptr16, energy: ptr32, turns: ptr16):
    xr = ptr16(re)
    n = int(len(re))
    k = 1
    while k <= n >> 1:
        other = n - k
        pr = (((xr[k] ^ 0x8000) - 0x8000) * 16383 + 0x4000) >> 15
        pi = (((im[k] ^ 0x8000) - 0x8000) * 16383 + 0x4000) >> 15
        qr = (((xr[other] ^ 0x8000) - 0x8000) * 16383 + 0x4000) >> 15
        i = 0 - im[other]
        qi = (((i & 0x7FFF) - (i & 0x8000)) * 16383 + 0x4000) >> 15
        wr = (turns[2 * k + 1] ^ 0x8000) - 0x8000
        wi = 0x8000 - (turns[2 * k] ^ 0x8000)
        dr = pr - qr
        di = pi - qi
        i = (dr * wr - di * wi + 0x4000) >> 15
        tr = (i & 0x7FFF) - (i & 0x8000)
        i = (dr * wi + di * wr + 0x4000) >> 15
        ti = (i & 0x7FFF) - (i & 0x8000)
        sr = pr + qr
        si = pi + qi
        r = (sr + tr) >> 1
        i = (si + ti) >> 1
        energy[k] = r * r + i * i
        r = (sr - tr) >> 1
        i = (ti - si) >> 1
        energy[other] = r * r + i * i
        k += 1


@micropython.viper
def filterbank(energy: ptr32, first_bin: int, widths, weights: ptr16, sums: ptr32):
    width = ptr16(widths)
    channels = int(len(widths))
    energy = ptr32(int(energy) + 4 * first_bin)
    next_top = 0
    next_middle = 0
    next_low = 0
    c = 0
    while c < channels:
        top, middle = next_top, next_middle
        low = next_low
        next_top = 0
        next_middle = 0
        next_low = 0
        left = width[c]
        while left:
            e = energy[0]
            w = weights[0] & 0x7FFF
            rest = 4096 - w + (weights[0] >> 15)
            part = e & 0x7FFF
            low += part * w
            next_low += part * rest
            part = (e >> 15) & 0x7FFF
            middle += part * w + (low >> 15)
            next_middle += part * rest + (next_low >> 15)
            part = (e >> 30) & 3
            top += part * w + (middle >> 15)
            next_top += part * rest + (next_middle >> 15)
            low &= 0x7FFF
            middle &= 0x7FFF
            next_low &= 0x7FFF
            next_middle &= 0x7FFF
            energy = ptr32(int(energy) + 4)
            weights = ptr16(int(weights) + 2)
            left -= 1
        if c:
            sums[0] = top
            sums[1] = middle
            sums[2] = low
            sums = ptr32(int(sums) + 12)
        c += 1
