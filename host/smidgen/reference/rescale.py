"""Operators that are a change of scale: one factor for values above the zero point, another for those below."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from smidgen.graph import Op
from smidgen.quantise import LIMITS, activation_range, quantise_multiplier, rounded
from smidgen.reference.arith import scale, wrap32
from smidgen.reference.table import clamped, defines, operand

# What becomes of a value below the zero point.
AS_IT_IS, NEGATED_FIRST, NEGATED_AFTERWARDS = range(3)
IDENTITY = (1 << 30, 1)  # a factor of 1, exact


@dataclass(frozen=True)
class Rescale:
    """out = clamp(scale(in - zero point) + zero point).

    positive, negative: (multiplier, shift) of values on either side of the zero point; mode: what else becomes of the
    latter.
    """

    positive: tuple[int, int]
    negative: tuple[int, int]
    mode: int
    low: int
    high: int


def rescale_of(op: Op) -> Rescale:
    """The change of scale that an operator is. Factors are computed in float64, as by TFLM's wheel."""
    x, out = operand(op), op.outputs[0]
    low, high = LIMITS[out.type]
    if op.name == "RELU6":
        return Rescale(IDENTITY, IDENTITY, AS_IT_IS, x.zp, min(high, x.zp + rounded(np.float32(6) / x.s)))
    if op.name == "QUANTIZE":
        factor = quantise_multiplier(float(x.s) / float(out.s))
        return Rescale(factor, factor, AS_IT_IS, low, high)
    factor = quantise_multiplier(float(x.s) / float(out.s)) if op.name != "ABS" or x.s != out.s else IDENTITY
    if op.name == "RELU":
        return Rescale(factor, factor, AS_IT_IS, activation_range(1, out)[0], high)
    if op.name == "ABS":
        return Rescale(factor, factor, NEGATED_FIRST, low, high)
    slope, shift = quantise_multiplier(float(x.s) * float(op.options["alpha"]) / float(out.s))
    return Rescale(factor, (abs(slope), shift), NEGATED_AFTERWARDS if slope < 0 else AS_IT_IS, low, high)


@defines("RELU", "LEAKY_RELU", "ABS")
def rescale(op: Op, x: np.ndarray) -> list[np.ndarray]:
    """scale(x), and below zero: 0 for RELU (which clamps), scale(alpha * x) for LEAKY_RELU, scale(-x) for ABS."""
    return _rescaled(op, x, operand(op).zp, op.outputs[0].zp)


@defines("RELU6")
def relu6(op: Op, x: np.ndarray) -> list[np.ndarray]:
    """Stored values clamped to those of 0 and 6 on the input's scale; TFLM does not look at the output's."""
    return _rescaled(op, x, 0, 0)


def requantise_integers(op: Op, x: np.ndarray) -> list[np.ndarray]:
    """QUANTIZE from integers to integers."""
    return _rescaled(op, x, operand(op).zp, op.outputs[0].zp)


def _rescaled(op: Op, x: np.ndarray, zero_in: int, zero_out: int) -> list[np.ndarray]:
    r = rescale_of(op)
    value = wrap32(x.astype(np.int64) - zero_in)
    below = scale(-value if r.mode == NEGATED_FIRST else value, *r.negative)
    below = -below if r.mode == NEGATED_AFTERWARDS else below
    return clamped(op, wrap32(np.where(value >= 0, scale(value, *r.positive), below) + zero_out), r.low, r.high)
