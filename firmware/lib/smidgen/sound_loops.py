"""What happens for every byte of a microphone, chosen as loops.py chooses the engine's.

128 bits of a PDM microphone become a sample in two steps. A CIC filter (Hogenauer 1981) of order 3 makes a value of 64
bits; its first eighth is a table that knows what a byte adds to this value and to the next two. A symmetric FIR filter
then halves the rate, evens out what the first one weakens and holds back what would fold into the band: at 16 kHz the
two are flat within 0.3 dB to 6 kHz, weaken 7 kHz by 1 dB, and all that lies beyond 9.5 kHz by 30 dB.
"""

from array import array

from .loops import MACHINE_CODE
from .plain_sound import TAPS

if MACHINE_CODE:
    from .viper_sound import centre, halve, sinc
else:
    from .plain_sound import centre, halve, sinc

SINC = 7  # values that `sinc` keeps between two calls


def sinc_table():
    """array("i") [256]: what a byte's bits, the lowest first, add to the sinc^3 of this byte, of the next one and of
    the one after that, in ten bits each."""
    ones = [1] * 8
    response = _convolved(_convolved(ones, ones), ones) + [0, 0]
    table = array("i", bytes(4 * 256))
    for byte in range(256):
        for bit in range(8):
            if byte >> bit & 1:
                for late in range(3):
                    table[byte] += response[8 * late + 7 - bit] << 10 * late
    return table


def _convolved(a, b):
    out = [0] * (len(a) + len(b) - 1)
    for i in range(len(a)):
        for j in range(len(b)):
            out[i + j] += a[i] * b[j]
    return out


__all__ = ("SINC", "TAPS", "centre", "halve", "sinc", "sinc_table")
