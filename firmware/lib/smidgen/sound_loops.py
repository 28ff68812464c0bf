"""What happens for every byte of a microphone, chosen as loops.py chooses the engine's.

128 bits of a PDM microphone become a sample in two steps. A CIC filter (Hogenauer 1981) of order 3 makes a value of 64
bits; a table knows what a byte gives to it. A symmetric FIR filter then halves the rate, evens out what the first one
weakens and holds back what would fold into the band: at 16 kHz the two are flat within 0.3 dB to 6 kHz, weaken 7 kHz by
1 dB, and all that lies beyond 9.5 kHz by 30 dB.
"""

from array import array

from .loops import MACHINE_CODE
from .plain_sound import TAPS

if MACHINE_CODE:
    from .viper_sound import centre, halve, sinc
else:
    from .plain_sound import centre, halve, sinc

SINC = 2  # values that `sinc` keeps between two calls


def sinc_table():
    """array("i") [256]: of a byte's bits that are set, the lowest first: how many, the sum of their places q, that of
    q (q - 1) / 2, in fields of ten bits."""
    table = array("i", bytes(4 * 256))
    for byte in range(256):
        for q in range(8):
            if byte >> q & 1:
                table[byte] += 1 | q << 10 | q * (q - 1) // 2 << 20
    return table


__all__ = ("SINC", "TAPS", "centre", "halve", "sinc", "sinc_table")
