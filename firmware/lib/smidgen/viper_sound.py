"""plain_sound.py, which says what each function does, in viper. The CIC's sums may overflow: their differences fit."""

import micropython


@micropython.viper
def sinc(ring, at: int, count: int, table: ptr32, state: ptr32, out, place: int):
    bits = ptr8(int(ptr8(ring)) + at)
    target = ptr32(int(ptr32(out)) + 4 * place)
    mask = 1023
    step = state[0]
    a = state[1]
    b = state[2]
    c = state[3]
    while count:
        end = int(bits) + 8
        while int(bits) != end:
            step = (step >> 10) + table[bits[0]]
            a += step & mask
            b += a
            c += b
            bits = ptr8(int(bits) + 1)
        first = c - state[4]
        state[4] = c
        second = first - state[5]
        state[5] = first
        target[0] = ((second - state[6]) & 0xFFFFF) >> 2
        state[6] = second
        target = ptr32(int(target) + 4)
        count -= 1
    state[0] = step
    state[1] = a
    state[2] = b
    state[3] = c


@micropython.viper
def halve(half: ptr32, out: ptr16, count: int, dc: int) -> int:
    x = half
    i = 0
    total = 0
    while i < count:
        value = 9166 * x[9]
        value += 5422 * (x[8] + x[10])
        value -= 689 * (x[7] + x[11])
        value -= 2041 * (x[6] + x[12])
        value += 250 * (x[5] + x[13])
        value += 1050 * (x[4] + x[14])
        value -= 122 * (x[3] + x[15])
        value -= 563 * (x[2] + x[16])
        value += 40 * (x[1] + x[17])
        value += 262 * (x[0] + x[18])
        value = ((value + 8192) >> 14) - dc
        if value > 32767:
            value = 32767
        if value < -32768:
            value = -32768
        out[i] = value
        total += value
        x = ptr32(int(x) + 8)
        i += 1
    i = 0
    while i < 18:
        half[i] = x[i]
        i += 1
    return total


@micropython.viper
def centre(ring, at: int, count: int, out, place: int, dc: int) -> int:
    words = ptr8(int(ptr8(ring)) + at)
    target = ptr16(int(ptr16(out)) + 2 * place)
    total = 0
    i = 0
    while i < count:
        value = ((words[0] | words[1] << 8) << 4) - dc
        if value > 32767:
            value = 32767
        if value < -32768:
            value = -32768
        target[i] = value
        total += value
        words = ptr8(int(words) + 2)
        i += 1
    return total
