"""Operators from one value to one value that are more than a change of scale (rescale.py).

All but ELU compute in integers. ELU is a table of float32 results, which TFLM makes at start-up and this module makes
in the same steps; its exp is the C library's, as TFLM's.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from smidgen.features.libm import expf
from smidgen.graph import Op, Tensor
from smidgen.quantise import quantise_multiplier, rounded
from smidgen.reference.arith import (
    INT32_MAX,
    high_mul,
    leading_zeros,
    logistic,
    rounding_shift,
    saturating_left,
    scale,
    tanh,
)
from smidgen.reference.sigmoid import logistic16, tanh16
from smidgen.reference.table import clamped, defines, operand


@defines("LOGISTIC")
def logistic_(op: Op, x: np.ndarray) -> list[np.ndarray]:
    """1 / (1 + exp(-x)). int8: in Q4 fixed point; int16: by interpolation."""
    if operand(op).type == "INT16":
        return clamped(op, logistic16(_table_input(x, operand(op), (0,))), -32768, 32767)
    return _saturating(op, x, lambda q4: rounding_shift(logistic(q4), 23) - 128)


@defines("TANH")
def tanh_(op: Op, x: np.ndarray) -> list[np.ndarray]:
    """tanh(x). int8: in Q4 fixed point, whatever the output's quantisation says; int16: by interpolation."""
    if operand(op).type == "INT16":
        return clamped(op, tanh16(_table_input(x, operand(op), (0, 1))), -32768, 32767)
    return _saturating(op, x, lambda q4: rounding_shift(tanh(q4), 24))


def _saturating(op: Op, x: np.ndarray, function: Callable[[np.ndarray], np.ndarray]) -> list[np.ndarray]:
    """`function` of the input in Q4; inputs that Q4 cannot hold give the largest and the smallest output."""
    source = operand(op)
    multiplier, shift = quantise_multiplier(float(source.s) * (1 << 27))
    radius = math.floor(15 * 2.0 ** (27 - shift))
    value = x.astype(np.int64) - source.zp
    inside = np.abs(value) < radius
    result = function(scale(np.where(inside, value, 0), multiplier, shift))
    return clamped(op, np.where(inside, result, np.where(value <= -radius, -128, 127)), -128, 127)


def table_scaling(source: Tensor, powers: tuple[int, ...]) -> tuple[int, int]:
    """(multiplier, right shift) from int16 inputs to steps of 1 / (3 * 4096), of which 10.7 fill 17 bits. A scale of
    2^(power - 12) with one of `powers` takes a shortcut in TFLM's LogisticPrepare (0) and TanhPrepare (0, 1)."""
    exponent = float(np.log2(source.s))
    if abs(exponent - round(exponent)) < 1e-3 and 12 + round(exponent) in powers:
        return 3 << (12 + round(exponent)), 0
    multiplier, shift = float(source.s) * 4096.0 * 3.0, 0
    while multiplier <= 32767.0 / 2.0 and shift <= 30:
        multiplier, shift = multiplier * 2.0, shift + 1
    return int(multiplier), shift


def _table_input(x: np.ndarray, source: Tensor, powers: tuple[int, ...]) -> np.ndarray:
    multiplier, shift = table_scaling(source, powers)
    return (x.astype(np.int64) * multiplier + ((1 << shift) >> 1)) >> shift


@defines("HARD_SWISH")
def hard_swish(op: Op, x: np.ndarray) -> list[np.ndarray]:
    """x * relu6(x + 3) / 6 in 16-bit fixed point."""
    (out_factor, out_exponent), (reluish_factor, reluish_exponent) = hard_swish_scaling(op)
    value = (x.astype(np.int64) - operand(op).zp) << 7
    reluish = _saturated16(value << max(reluish_exponent - 1, 0))
    reluish = _high_mul16(reluish, reluish_factor)
    if reluish_exponent > 0:
        reluish = _saturated16(reluish << 1)
    reluish = (_rounding_shift16(reluish, max(-reluish_exponent, 0)) + (1 << 15)) >> 1  # from -1..1 to 0..1
    product = reluish * _high_mul16(value, out_factor)
    product = np.sign(product) * (np.abs(product) >> 15)
    return clamped(op, _rounding_shift16(product, -out_exponent) + op.outputs[0].zp, -128, 127)


def hard_swish_scaling(op: Op) -> tuple[tuple[int, int], tuple[int, int]]:
    """(16-bit factor, exponent) to the output's scale, and to the scale on which 3.0 is 32768 (HardSwishPrepare)."""
    fine = float(operand(op).s) / 128
    a, a_exponent = quantise_multiplier(fine / float(op.outputs[0].s))
    b, b_exponent = quantise_multiplier(fine / (3 / 32768))
    return (min((a + (1 << 15)) >> 16, 32767), a_exponent), (min((b + (1 << 15)) >> 16, 32767), b_exponent)


def _rounding_shift16(x: np.ndarray, exponent: int) -> np.ndarray:
    """As rounding_shift; beyond 15 bits TFLM's mask overflows and leaves the sign, or 1 for 0."""
    return rounding_shift(x, exponent) if exponent <= 15 else np.where(x < 0, -1, 1)


def _saturated16(x: np.ndarray) -> np.ndarray:
    return np.clip(x, -32768, 32767)


def _high_mul16(a: np.ndarray, b: int) -> np.ndarray:
    """The high half of 2ab, rounded half up."""
    return _saturated16((a * b + (1 << 14)) >> 15)


@defines("RSQRT")
def rsqrt(op: Op, x: np.ndarray) -> list[np.ndarray]:
    """1 / sqrt(x); the largest output for 0, and for negative inputs, on which TFLM stops with an error."""
    source, out = operand(op), op.outputs[0]
    factor, shift = quantise_multiplier(1.0 / (math.sqrt(float(source.s)) * float(out.s)))
    value = x.astype(np.int64) - source.zp
    inverse, inverse_shift = inverse_sqrt(np.maximum(value, 1))
    result = scale(scale(np.ones_like(value), inverse, inverse_shift + 20), factor, shift - 20) + out.zp
    return clamped(op, np.where(value > 0, result, 127), -128, 127)


def inverse_sqrt(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """1 / sqrt(x) for 0 < x < 2^16 as (multiplier, shift) (GetInvSqrtQuantizedMultiplierExp): five steps of
    Newton-Raphson with 3 integer bits."""
    pairs = (leading_zeros(x) - 1) // 2 - 1
    source = (x << 2 * pairs) >> 1
    half, guess = rounding_shift(source, 1), np.full_like(x, 1 << 28)
    for _ in range(5):
        cube = saturating_left(high_mul(high_mul(guess, guess), guess), 6)
        guess = saturating_left(high_mul(guess, (1 << 28) + (1 << 27)) - high_mul(half, cube), 3)
    root, right = high_mul(guess, 1518500250), 11 - pairs  # times sqrt(1/2)
    multiplier = np.where(right < 0, root << np.maximum(-right, 0), root)
    return np.where(x == 1, INT32_MAX, multiplier), np.where(x == 1, 0, -np.maximum(right, 0))


@defines("ELU")
def elu(op: Op, x: np.ndarray) -> list[np.ndarray]:
    """x, and exp(x) - 1 below zero. In float32."""
    source, out = operand(op), op.outputs[0]
    inverse = np.float32(1) / out.s
    results = []
    for value in x.reshape(-1).astype(np.int64) - source.zp:
        real = source.s * np.float32(value)
        real = expf(real) - np.float32(1) if real < 0 else real
        results.append(int(np.float32(rounded(real * inverse)) + np.float32(out.zp)))
    return clamped(op, np.array(results), -128, 127)


@defines("LOGICAL_NOT")
def logical_not(op: Op, x: np.ndarray) -> list[np.ndarray]:
    """BOOL to BOOL."""
    return [~x]
