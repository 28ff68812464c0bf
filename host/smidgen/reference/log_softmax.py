"""The logarithm of softmax in fixed point."""

from __future__ import annotations

import numpy as np

from smidgen.graph import Op
from smidgen.quantise import quantise_multiplier
from smidgen.reference.arith import (
    INT32_MIN,
    exp_on_negative,
    high_mul,
    leading_zeros,
    one_over_one_plus,
    rounding_shift,
    saturated,
    saturating_left,
    scale,
    wrap32,
)
from smidgen.reference.softmax import softmax_scaling
from smidgen.reference.table import clamped, defines, operand


def log_softmax_scaling(in_scale: float) -> tuple[tuple[int, int, int], tuple[int, int]]:
    """((multiplier, shift, diff_min), (multiplier, shift) of the way back) (PreprocessLogSoftmaxScalingExp)."""
    forward = softmax_scaling(1.0, in_scale)
    return forward, quantise_multiplier((1 << (31 - forward[1])) / forward[0])


@defines("LOG_SOFTMAX")
def log_softmax(op: Op, x: np.ndarray) -> list[np.ndarray]:
    """x - max - log(sum of exp(x - max)) over the last axis, int8 in steps of 1/16 from 127 downwards."""
    (multiplier, shift, diff_min), back = log_softmax_scaling(float(operand(op).s))
    difference = x.astype(np.int64) - x.max(axis=-1, keepdims=True)
    scaled = scale(difference, multiplier, shift)
    counted = difference >= diff_min
    terms = np.where(counted, rounding_shift(exp_on_negative(np.where(counted, scaled, 0)), 12), 0)
    log_sum = log_q12(terms.sum(axis=-1, keepdims=True))
    least = np.maximum(diff_min - 1, scale(wrap32(log_sum + INT32_MIN), *back))
    value = rounding_shift(wrap32(scaled - log_sum), 22) + 127
    return clamped(op, np.where(difference > least, value, -128), -128, 127)


def log_q12(x: np.ndarray) -> np.ndarray:
    """log(x) for x >= 1, from 12 integer bits to 5 (log_x_for_x_greater_than_or_equal_to_1): a quotient of polynomials
    around the fourth root of 1/2, on x scaled by a power of two, in whichever of two ways gives the smaller number."""
    sqrt_half, log_2, centre, quarter = 1518500250, 1488522236, 1805811301, 1 << 23
    zeros, room = leading_zeros(x), leading_zeros(high_mul(x, sqrt_half)) - 1
    a = saturating_left(high_mul(saturating_left(x, zeros - 1), sqrt_half), 1)
    b = saturating_left(x, room)
    power = np.maximum(
        saturated(saturating_left(12 - zeros, 25) + quarter), saturated(saturating_left(12 - room, 25) - quarter)
    )
    r = np.minimum(a, b)
    q = 2 * (r - centre)
    square = high_mul(q, q)
    numerator = high_mul(q, r) + high_mul(high_mul(q, square), 117049297)
    inner = 1057819769 + q + high_mul(square, 127690142)
    middle = (r + centre + 1) // 2
    denominator = high_mul(middle, inner) + high_mul(q, 638450708)
    quotient = high_mul(rounding_shift(numerator, 6), one_over_one_plus(denominator))
    return saturating_left(high_mul(power, log_2) + quotient, 1)
