"""The inner loops of microphones in plain Python; viper_sound.py has the same in viper."""

TAPS = 19  # of the FIR filter; from its middle, in 1 / 16384:
_HALF_BAND = (9166, 5422, -689, -2041, 250, 1050, -122, -563, 40, 262)
_FIELD = 1023


def sinc(a, b, ring, at, count, table, state, out, place):
    """8 * count bytes of ring from `at` on, a bit each for a tick of the clock, become out[place:place + count], an
    array("i") of 0 to 65536. table: of sound_loops. state: array("i") [2], what the bits so far add to the next value
    and to the one after it. a, b: 0, the two variables that viper keeps in registers.

    In a block of 64 bits the one at p counts (64 - p)(65 - p) / 2 for this block's value, p (p - 1) / 2 for the value
    after the next, and for the next what is missing to 64 * 64. All of it follows from how many bits q of each byte are
    set, the sum of q and that of q (q - 1) / 2, what a adds up over the bytes, b with weights 8 to 1, c with 36, 28 to
    1: in fields of 10 bits, of which c needs the lowest alone and b the lowest two.
    """
    soon, later = state
    for i in range(place, place + count):
        a = b = c = 0
        for j in range(at, at + 8):
            a += table[ring[j]]
            b = (b + a) & 0xFFFFF
            c += b & _FIELD
        at += 8
        value = 64 * c - 28 * (b & _FIELD) - 8 * (b >> 10) + (a >> 20)
        rest = 2016 * (a & _FIELD) - 512 * (b & _FIELD) + 64 * (a >> 10 & _FIELD)
        out[i] = (value + soon) >> 2
        soon = 4096 * (a & _FIELD) - rest - 2 * value + later
        later = rest + value
    state[0], state[1] = soon, later


def halve(half, value, out, count, dc):
    """out[:count] of int16 from twice as many behind the filter's memory in half, less dc; the last become the memory.

    half: array("i"). value: 0, as with `sinc`. Returns the sum of out."""
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
