"""Softmax in fixed point."""

from __future__ import annotations

import math

import numpy as np

from smidgen.graph import Op
from smidgen.quantise import quantise_multiplier
from smidgen.reference.arith import exp_on_negative, high_mul, reciprocal, rounding_shift, wrap32
from smidgen.reference.table import clamped, defines


def softmax_scaling(beta: float, in_scale: float) -> tuple[int, int, int]:
    """(multiplier, shift, diff_min) of the input difference with 5 integer bits (PreprocessSoftmaxScaling)."""
    multiplier, shift = quantise_multiplier(min(float(beta) * float(in_scale) * (1 << 26), 2.0**31 - 1))
    diff_min = -math.floor(31.0 * (1 << 26) / (1 << shift))  # CalculateInputRadius
    return multiplier, shift, diff_min


@defines("SOFTMAX")
def softmax(op: Op, x: np.ndarray) -> list[np.ndarray]:
    """exp(x - max) / sum over the last axis; the sum has 12 integer bits."""
    source = op.inputs[0]
    if source is None:
        raise ValueError(f"{op} lacks its input")
    multiplier, shift, diff_min = softmax_scaling(op.options["beta"], float(source.s))
    difference = x.astype(np.int64) - x.max(axis=-1, keepdims=True)
    exponential = exp_on_negative(high_mul(wrap32(difference << shift), multiplier))
    counted = difference >= diff_min
    sums = np.where(counted, rounding_shift(exponential, 12), 0).sum(axis=-1, keepdims=True)
    inverse, bits = reciprocal(sums, 12)
    exponent = bits + 31 - 8
    probability = np.where(exponent <= 31, rounding_shift(high_mul(exponential, inverse), np.minimum(exponent, 31)), 0)
    return clamped(op, np.where(counted, probability, 0) - 128, -128, 127)
