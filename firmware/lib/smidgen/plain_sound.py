"""The inner loops of microphones in plain Python; viper_sound.py has the same in viper."""

TAPS = 19  # of the FIR filter; from its middle, in 1 / 16384:
_HALF_BAND = (9166, 5422, -689, -2041, 250, 1050, -122, -563, 40, 262)
_MASK = 0xFFFFF  # of the CIC's sums; what they differ by needs 19 bits


def sinc(ring, at, count, table, state, out, place):
    """8 * count bytes of ring from `at` on, a bit each for a tick of the clock, become out[place:place + count], an
    array("i") of 0 to 65536. table: of sound_loops. state: array("i") [7], what is kept until the next call."""
    step, a, b, c, x, y, z = state
    for i in range(place, place + count):
        for j in range(at, at + 8):
            step = (step >> 10) + table[ring[j]]
            a = (a + (step & 1023)) & _MASK
            b = (b + a) & _MASK
            c = (c + b) & _MASK
        at += 8
        first = c - x
        x = c
        second = first - y
        y = first
        out[i] = ((second - z) & _MASK) >> 2
        z = second
    for i, value in enumerate((step, a, b, c, x, y, z)):
        state[i] = value


def halve(half, out, count, dc):
    """out[:count] of int16 from twice as many behind the filter's memory in half, less dc; the last become the memory.

    half: array("i"). Returns the sum of out."""
    total = 0
    for i in range(count):
        m = 2 * i + TAPS // 2
        value = _HALF_BAND[0] * half[m]
        for k in range(1, len(_HALF_BAND)):
            value += _HALF_BAND[k] * (half[m - k] + half[m + k])
        value = ((value + 8192) >> 14) - dc
        value = -32768 if value < -32768 else 32767 if value > 32767 else value
        out[i] = value
        total += value
    for i in range(TAPS - 1):
        half[i] = half[2 * count + i]
    return total


def centre(ring, at, count, out, place, dc):
    """Twelve bits without a sign, in two bytes each of ring from `at` on, become out[place:place + count] of int16:
    sixteen times as much, less dc. Returns their sum."""
    total = 0
    for i in range(place, place + count):
        value = ((ring[at] | ring[at + 1] << 8) << 4) - dc
        value = -32768 if value < -32768 else 32767 if value > 32767 else value
        out[i] = value
        total += value
        at += 2
    return total
