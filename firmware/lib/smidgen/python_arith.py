"""Fixed-point arithmetic, equal to firmware/engine/smg_arith.h and fixed.c.

MicroPython's integers of 31 bits are free, larger ones live on the heap; what runs for every output stays small.
"""


def wrap(x):
    """x as C's int32_t holds it."""
    if -0x40000000 <= x <= 0x3FFFFFFF:
        return x
    return ((x + 0x80000000) & 0xFFFFFFFF) - 0x80000000


def int16(x):
    """x as C's int16_t holds it."""
    return (x & 0x7FFF) - (x & 0x8000)


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


def high_mul(a, b):
    """The high word of 2ab, rounded half up (smg_high_mul)."""
    if a == b == -0x80000000:
        return 0x7FFFFFFF
    return (a * b + 0x40000000) >> 31


def high_mul_halves(a, high, low):
    """high_mul(a, (high << 16) + low) with high below 2^15 and low below 2^16, from small integers when |a| < 2^27."""
    if not -0x8000000 < a < 0x8000000:
        return (a * ((high << 16) + low) + 0x40000000) >> 31
    a_high = a >> 14
    a_low = a & 0x3FFF
    middle = a_low * high
    carry = (a_high * low + ((middle & 0x3FFF) << 2) + ((a_low * low) >> 14) + 0x10000) >> 16
    return (a_high * high + (middle >> 14) + carry) >> 1


def rounding_shift(x, exponent):
    """x / 2^exponent, rounded half away from zero; exponent 0 to 31 (smg_rounding_shift)."""
    mask = (1 << exponent) - 1
    return (x >> exponent) + ((x & mask) > (mask >> 1) + (x < 0))


def scale(x, multiplier, shift):
    """x * multiplier / 2^31 * 2^shift, rounded twice (smg_scale)."""
    if shift > 0:
        x, shift = wrap(x << shift), 0
    return rounding_shift(high_mul(x, multiplier), -shift)


def saturating_left(x, bits):
    """x * 2^bits, saturated (smg_saturating_left)."""
    return min(max(x << bits, -0x80000000), 0x7FFFFFFF)


def _exp_on_quarter(x):
    d = wrap(x + (1 << 28))
    d2 = high_mul(d, d)
    tail = wrap(high_mul(wrap(rounding_shift(high_mul(d2, d2), 2) + high_mul(d2, d)), 715827883) + d2)
    return wrap(1895147668 + high_mul(1895147668, wrap(d + rounding_shift(tail, 1))))


def exp_on_negative(x):
    """exp(x) for x <= 0: from Q5 to Q0 (smg_exp_on_negative)."""
    if x == 0:
        return 0x7FFFFFFF
    quarter = 1 << 24
    fraction = (x & (quarter - 1)) - quarter
    remainder = wrap(fraction - x)
    result = _exp_on_quarter(saturating_left(fraction, 5))
    for power in (1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242):
        if remainder & quarter:
            result = high_mul(result, power)
        quarter <<= 1
    return result


def reciprocal(x, integer_bits):
    """(scale, shift): 1 / x as scale * 2^-shift; x > 0 has `integer_bits`, the scale is Q0 (smg_reciprocal)."""
    zeros = 0
    while not x & 0x80000000 and zeros < 32:
        x = (x << 1) & 0xFFFFFFFF
        zeros += 1
    half_denominator = ((x & 0x7FFFFFFF) + 0x80000000) >> 1
    r = wrap(1515870810 + high_mul(half_denominator, -1010580540))
    for _ in range(3):  # Newton-Raphson
        error = wrap((1 << 29) - high_mul(half_denominator, r))
        r = wrap(r + saturating_left(high_mul(r, error), 2))
    return saturating_left(r, 1), integer_bits - zeros
