"""plain_sound.py, which says what each function does, in viper. Two variables are in registers, the first ones, which
are arguments: so the busiest two are. A byte takes 28 cycles of a Cortex-M0+, written out eight times."""

import micropython


@micropython.viper
def sinc(a: int, b: int, ring, at: int, count: int, table: ptr32, state: ptr32, out, place: int):
    bits = ptr8(int(ptr8(ring)) + at)
    target = ptr32(int(ptr32(out)) + 4 * place)
    field = 1023
    field_3 = 1023 << 3
    field_6 = 1023 << 6
    soon = state[0]
    later = state[1]
    while count:
        a = table[bits[0]]
        b = a
        c = a
        a += table[bits[1]]
        b += a
        c += b
        a += table[bits[2]]
        b += a
        c += b
        a += table[bits[3]]
        b += a
        c += b
        a += table[bits[4]]
        b += a
        c += b
        a += table[bits[5]]
        b += a
        c += b
        a += table[bits[6]]
        b += a
        c += b
        a += table[bits[7]]
        b += a
        c += b
        value = (a >> 20) + ((c & field) << 6) - (b >> 7 & field_3)
        rest = a >> 4 & field_6
        a &= field
        b &= field
        value -= 28 * b
        rest += 2016 * a - (b << 9)
        target[0] = (value + soon) >> 2
        soon = (a << 12) - rest - value - value + later
        later = rest + value
        target = ptr32(int(target) + 4)
        bits = ptr8(int(bits) + 8)
        count -= 1
    state[0] = soon
    state[1] = later


@micropython.viper
def halve(half: ptr32, value: int, out: ptr16, count: int, dc: int) -> int:
    memory = half
    total = 0
    while count:
        value = 9166 * half[9]
        value += 5422 * (half[8] + half[10])
        value -= 689 * (half[7] + half[11])
        value -= 2041 * (half[6] + half[12])
        value += 250 * (half[5] + half[13])
        value += 1050 * (half[4] + half[14])
        value -= 122 * (half[3] + half[15])
        value -= 563 * (half[2] + half[16])
        value += 40 * (half[1] + half[17])
        value += 262 * (half[0] + half[18])
        value = ((value + 8192) >> 14) - dc
        if value > 32767:
            value = 32767
        if value < -32768:
            value = -32768
        out[0] = value
        total += value
        out = ptr16(int(out) + 2)
        half = ptr32(int(half) + 8)
        count -= 1
    while count < 18:
        memory[count] = half[count]
        count += 1
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
