"""Softmax in fixed point."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable

import numpy as np

from smidgen.features.libm import expf
from smidgen.graph import Op
from smidgen.quantise import quantise_multiplier, rounded
from smidgen.reference.arith import exp_on_negative, high_mul, leading_zeros, reciprocal, rounding_shift, scale, wrap32
from smidgen.reference.table import clamped, defines, operand

OUTPUT_BITS = {"INT8": 8, "INT16": 16}


def softmax_scaling(beta: float, in_scale: float) -> tuple[int, int, int]:
    """(multiplier, shift, diff_min) of the input difference with 5 integer bits (PreprocessSoftmaxScaling)."""
    multiplier, shift = quantise_multiplier(min(float(beta) * float(in_scale) * (1 << 26), 2.0**31 - 1))
    diff_min = -math.floor(31.0 * (1 << 26) / (1 << shift))  # CalculateInputRadius
    return multiplier, shift, diff_min


@defines("SOFTMAX")
def softmax(op: Op, x: np.ndarray) -> list[np.ndarray]:
    """exp(x - max) / sum over the last axis; the sum has 12 integer bits."""
    source, out = operand(op), op.outputs[0]
    if source.type == "INT16":
        return softmax_int16(op, x)
    multiplier, shift, diff_min = softmax_scaling(op.options["beta"], float(source.s))
    difference = x.astype(np.int64) - x.max(axis=-1, keepdims=True)
    exponential = exp_on_negative(high_mul(wrap32(difference << shift), multiplier))
    counted = difference >= diff_min
    sums = np.where(counted, rounding_shift(exponential, 12), 0).sum(axis=-1, keepdims=True)
    inverse, bits = reciprocal(sums, 12)
    exponent = bits + 31 - OUTPUT_BITS[out.type]
    probability = np.where(exponent <= 31, rounding_shift(high_mul(exponential, inverse), np.minimum(exponent, 31)), 0)
    low = -(1 << (OUTPUT_BITS[out.type] - 1))
    return clamped(op, np.where(counted, probability, 0) + low, low, -low - 1)


def softmax_int16_scaling(beta: float, in_scale: float) -> tuple[int, int]:
    """(multiplier, shift) of the input difference to steps of 10 / 65535."""
    return quantise_multiplier(in_scale * beta / (10.0 / 65535.0))


def softmax_int16(op: Op, x: np.ndarray) -> list[np.ndarray]:
    """The same on INT16, with two interpolated tables: exp from -10 to 0, and 1 / (1 + x) from 0 to 1, in Q0.15."""
    factor = softmax_int16_scaling(op.options["beta"], float(operand(op).s))
    difference = scale(x.astype(np.int64) - x.max(axis=-1, keepdims=True), *factor) + 32767
    exponential = interpolate(np.clip(difference, -32768, 32767), exp_table())
    sums = exponential.sum(axis=-1, keepdims=True)
    zeros = leading_zeros(sums)
    normal = ((sums << (zeros - 1)) + (1 << 13)) >> 14  # 1.0 to 2.0 as 2^16 to 2^17
    inverse = interpolate(np.clip(normal - (1 << 15) - (1 << 16), -32768, 32767), reciprocal_table())
    right = 31 - zeros
    return clamped(op, (exponential * inverse + (np.int64(1) << (right - 1))) >> right, 0, 32767)


@functools.cache
def exp_table() -> np.ndarray:
    """exp(x) for x from -10 to 0 in Q0.15, int16 [513]."""
    return _table(10, 32767, expf)


@functools.cache
def reciprocal_table() -> np.ndarray:
    """1 / (1 + x) for x from 0 to 1 in Q0.15, int16 [513]."""
    return _table(1, -32768, lambda x: np.float32(1) / (np.float32(1) + x))


def _table(span: int, zero_point: int, function: Callable[[np.float32], np.float32]) -> np.ndarray:
    """`function` on 65535 steps of span / 65535, sampled at every 128th; each sample less half of what interpolating is
    wrong by in the middle. In float32, in the steps of TFLM's LUTPopulateInt16, whose exp is the C library's."""
    f = np.float32
    in_scale, out_scale = f(span) / f(65535), f(2) / f(65535)
    low, high = in_scale * f(-32768 - zero_point), in_scale * f(32767 - zero_point)
    step = (high - low) / f(512)
    factor = f(65536) / (out_scale * f(32767) - out_scale * f(-32768))
    entries = []
    for i in range(512):
        value, following = function(low + f(i) * step), function(low + f(i + 1) * step)
        middle = f(rounded(function(low + f(i) * step + step / f(2)) * factor))
        sample = f(rounded(value * factor))
        error = f(rounded((following * factor + sample) / f(2))) - middle
        entries.append(sample - f(rounded(error / f(2))))
    entries.append(f(rounded(function(high) * factor)))
    return np.clip(entries, -32768, 32767).astype(np.int16)


def interpolate(x: np.ndarray, table: np.ndarray) -> np.ndarray:
    """int16 values x: between the entries of a table of 513 (LUTLookup)."""
    x, table = np.asarray(x, np.int64), table.astype(np.int64)
    at = 256 + (x >> 7)
    slope = (table[at + 1] - table[at]).astype(np.int16).astype(np.int64)
    return table[at] + ((slope * (x & 127) + 64) >> 7)
