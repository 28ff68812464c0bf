"""Fixed-point arithmetic of gemmlowp and TensorFlow Lite Micro on int64 arrays that hold int32 values."""

from __future__ import annotations

import numpy as np

INT32_MAX = 2**31 - 1
INT32_MIN = -(2**31)


def wrap32(x: np.ndarray) -> np.ndarray:
    """Keep the low 32 bits, signed, as C's int32 does in practice."""
    return ((np.asarray(x, np.int64) + 2**31) & 0xFFFFFFFF) - 2**31


def high_mul(a: np.ndarray, b: np.ndarray | int) -> np.ndarray:
    """The high word of 2ab, rounded half away from zero (SaturatingRoundingDoublingHighMul)."""
    product = np.asarray(a, np.int64) * np.asarray(b, np.int64)
    nudged = product + np.where(product >= 0, 1 << 30, 1 - (1 << 30))
    quotient = np.sign(nudged) * (np.abs(nudged) >> 31)  # C division truncates
    return np.minimum(quotient, INT32_MAX)  # only INT32_MIN squared exceeds it


def rounding_shift(x: np.ndarray, exponent: np.ndarray | int) -> np.ndarray:
    """x / 2^exponent, rounded half away from zero (RoundingDivideByPOT)."""
    x, exponent = np.asarray(x, np.int64), np.asarray(exponent, np.int64)
    mask = (np.int64(1) << exponent) - 1
    threshold = (mask >> 1) + (x < 0)
    return (x >> exponent) + ((x & mask) > threshold)


def scale(x: np.ndarray, multiplier: np.ndarray | int, shift: np.ndarray | int) -> np.ndarray:
    """x * multiplier / 2^31 * 2^shift, rounded twice (MultiplyByQuantizedMultiplier)."""
    shift = np.asarray(shift, np.int64)
    left = wrap32(np.asarray(x, np.int64) << np.maximum(shift, 0))
    return rounding_shift(high_mul(left, multiplier), np.maximum(-shift, 0))


def scale_wide(x: np.ndarray, multiplier: np.ndarray | int, shift: np.ndarray | int) -> np.ndarray:
    """The same for sums of 64 bits, with 16 bits of the multiplier, rounded once, half up."""
    multiplier, right = np.asarray(multiplier, np.int64), 15 - np.asarray(shift, np.int64)
    reduced = np.where(multiplier < 0x7FFF0000, (multiplier + 0x8000) >> 16, 0x7FFF)
    return wrap32((np.asarray(x, np.int64) * reduced + (np.int64(1) << (right - 1))) >> right)


def saturated(x: np.ndarray) -> np.ndarray:
    """The nearest int32."""
    return np.clip(x, INT32_MIN, INT32_MAX)


def saturating_left(x: np.ndarray, bits: np.ndarray | int) -> np.ndarray:
    """x * 2^bits, saturated (SaturatingRoundingMultiplyByPOT)."""
    return saturated(np.asarray(x, np.int64) << bits)


def exp_on_negative(x: np.ndarray, integer_bits: int = 5) -> np.ndarray:
    """exp(x) for x <= 0, from at most 5 integer bits to none (gemmlowp: exp_on_negative_values)."""
    x = np.asarray(x, np.int64)
    quarter_bit = 29 - integer_bits
    fraction = (x & ((1 << quarter_bit) - 1)) - (1 << quarter_bit)
    remainder = wrap32(fraction - x)
    result = _exp_on_quarter(saturating_left(fraction, integer_bits))
    powers = (1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242)  # exp(-2^k) for k = -2 to 4
    for bit, power in enumerate(powers[: integer_bits + 2]):
        result = np.where(remainder & (1 << (quarter_bit + bit)), high_mul(result, power), result)
    return np.where(x == 0, INT32_MAX, result)


def _exp_on_quarter(x: np.ndarray) -> np.ndarray:
    """exp(x) for -1/4 <= x < 0: a Taylor polynomial of degree 4 around -1/8."""
    exp_minus_eighth, third = 1895147668, 715827883
    d = x + (1 << 28)
    d2 = high_mul(d, d)
    tail = high_mul(rounding_shift(high_mul(d2, d2), 2) + high_mul(d2, d), third) + d2
    return wrap32(exp_minus_eighth + high_mul(d + rounding_shift(tail, 1), exp_minus_eighth))


def one_over_one_plus(x: np.ndarray) -> np.ndarray:
    """1 / (1 + x) for 0 <= x < 1, no integer bits (gemmlowp: one_over_one_plus_x_for_x_in_0_1)."""
    return saturating_left(_two_over_one_plus(x), 1)


def logistic(x: np.ndarray) -> np.ndarray:
    """1 / (1 + exp(-x)), from 4 integer bits to none (gemmlowp: logistic)."""
    x = np.asarray(x, np.int64)
    positive = one_over_one_plus(exp_on_negative(-np.abs(x), 4))
    return np.where(x == 0, 1 << 30, np.where(x > 0, positive, INT32_MAX - positive))


def tanh(x: np.ndarray) -> np.ndarray:
    """tanh(x), from 4 integer bits to none (gemmlowp: tanh): (1 - exp(-2|x|)) / (1 + exp(-2|x|)) with x's sign."""
    x = np.asarray(x, np.int64)
    decay = exp_on_negative(-np.abs(x), 5)  # one integer bit more: twice the value
    return np.sign(x) * saturating_left(_two_over_one_plus(decay) - (1 << 29), 2)


def _two_over_one_plus(x: np.ndarray) -> np.ndarray:
    """2 / (1 + x) for 0 <= x < 1, from no integer bits to 2: Newton-Raphson division."""
    half_denominator = (np.asarray(x, np.int64) + INT32_MAX + 1) // 2
    r = 1515870810 + high_mul(half_denominator, -1010580540)  # 48/17 and -32/17
    for _ in range(3):
        error = (1 << 29) - high_mul(half_denominator, r)
        r = r + saturating_left(high_mul(r, error), 2)
    return r


def leading_zeros(x: np.ndarray) -> np.ndarray:
    """Leading zeros of the 32 bits of x >= 0."""
    return 32 - np.frompyfunc(lambda v: int(v).bit_length(), 1, 1)(x).astype(np.int64)


def reciprocal(x: np.ndarray, integer_bits: int) -> tuple[np.ndarray, np.ndarray]:
    """1 / x for x > 0 with `integer_bits`, as (scale without integer bits, right shift) (GetReciprocal)."""
    x = np.asarray(x, np.int64)
    zeros = leading_zeros(x)
    normal = (x << zeros) & INT32_MAX
    return one_over_one_plus(normal), integer_bits - zeros
