"""Operators from two values to one, with broadcasting."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from smidgen.graph import Op
from smidgen.quantise import LIMITS, activation_range, quantise_multiplier
from smidgen.reference.arith import scale, wrap32
from smidgen.reference.table import clamped, defines, operand


@dataclass(frozen=True)
class Scaling:
    """(multiplier, shift) of both operands and of the result; operands are first shifted left by `left` bits."""

    left: int = 0
    a: tuple[int, int] = (0, 0)
    b: tuple[int, int] = (0, 0)
    out: tuple[int, int] = (0, 0)


def scaling_of(op: Op) -> Scaling:
    """How an operator on INT8 or INT16 brings its operands to one scale, and the result to the output's."""
    a, b, out = float(operand(op, 0).s), float(operand(op, 1).s), op.outputs[0]
    wide = out.type == "INT16"
    twice, unit = 2 * max(a, b), float(out.s)
    if op.name in ("ADD", "SUB"):
        left = 15 if wide else 20
        return _quantised(left, a / twice, b / twice, twice / (2**left * unit))
    if op.name == "SQUARED_DIFFERENCE":
        left = 0 if wide else 7
        return _quantised(left, a / twice, b / twice, twice * twice / (4**left * unit))
    if op.name == "MUL":
        return _quantised(0, 0.0, 0.0, a * b / unit)
    if op.name == "PRELU":
        return _quantised(0, a / unit, 0.0, a * b / unit)
    return _quantised(8, a, b, 0.0)  # comparisons


def _quantised(left: int, a: float, b: float, out: float) -> Scaling:
    return Scaling(left, quantise_multiplier(a), quantise_multiplier(b), quantise_multiplier(out))


def clamp_of(op: Op) -> tuple[int, int]:
    """(smallest, largest) output. On INT32 TFLM takes fused activations as bounds of 0 and 6, and ADD ignores them."""
    out = op.outputs[0]
    if out.type == "BOOL":
        return 0, 1
    low, high = LIMITS[out.type]
    fused = op.options.get("fused_activation_function", 0)
    if out.type != "INT32":
        return activation_range(fused, out)
    if op.name == "ADD" or fused == 0:
        return low, high
    return {1: (0, high), 2: (-1, 1), 3: (0, 6)}[fused]


def _scaled(op: Op, a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both operands less their zero points, on one scale; INT32 and BOOL are taken as they are."""
    a, b = _centred(op, a, b)
    if operand(op).type in ("INT32", "BOOL"):
        return a, b
    s = scaling_of(op)
    return scale(wrap32(a << s.left), *s.a), scale(wrap32(b << s.left), *s.b)


def _centred(op: Op, a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return a.astype(np.int64) - operand(op, 0).zp, b.astype(np.int64) - operand(op, 1).zp


def _result(op: Op, value: np.ndarray) -> list[np.ndarray]:
    out = op.outputs[0]
    value = wrap32(value)
    if out.type != "INT32":
        value = wrap32(scale(value, *scaling_of(op).out) + out.zp)
    return clamped(op, value, *clamp_of(op))


@defines("ADD")
def add(op: Op, a: np.ndarray, b: np.ndarray) -> list[np.ndarray]:
    """a + b."""
    a, b = _scaled(op, a, b)
    return _result(op, a + b)


@defines("SUB")
def sub(op: Op, a: np.ndarray, b: np.ndarray) -> list[np.ndarray]:
    """a - b."""
    a, b = _scaled(op, a, b)
    return _result(op, a - b)


@defines("SQUARED_DIFFERENCE")
def squared_difference(op: Op, a: np.ndarray, b: np.ndarray) -> list[np.ndarray]:
    """(a - b)^2."""
    a, b = _scaled(op, a, b)
    difference = wrap32(a - b)
    return _result(op, difference * difference)


@defines("MUL")
def mul(op: Op, a: np.ndarray, b: np.ndarray) -> list[np.ndarray]:
    """a * b."""
    a, b = _centred(op, a, b)
    return _result(op, a * b)


@defines("PRELU")
def prelu(op: Op, x: np.ndarray, alpha: np.ndarray) -> list[np.ndarray]:
    """x, and alpha * x below zero."""
    s, out = scaling_of(op), op.outputs[0]
    x, alpha = _centred(op, x, alpha)
    value = np.where(x >= 0, scale(x, *s.a), scale(wrap32(x * alpha), *s.out))
    return clamped(op, wrap32(value + out.zp), *LIMITS[out.type])


@defines("MINIMUM", "LOGICAL_AND")
def minimum(op: Op, a: np.ndarray, b: np.ndarray) -> list[np.ndarray]:
    """The smaller stored value, whatever the scales; of BOOL: a and b."""
    return [np.minimum(a, b)]


@defines("MAXIMUM", "LOGICAL_OR")
def maximum(op: Op, a: np.ndarray, b: np.ndarray) -> list[np.ndarray]:
    """The larger stored value, whatever the scales; of BOOL: a or b."""
    return [np.maximum(a, b)]


COMPARISONS = {
    "EQUAL": np.equal,
    "NOT_EQUAL": np.not_equal,
    "GREATER": np.greater,
    "GREATER_EQUAL": np.greater_equal,
    "LESS": np.less,
    "LESS_EQUAL": np.less_equal,
}


@defines(*COMPARISONS)
def compare(op: Op, a: np.ndarray, b: np.ndarray) -> list[np.ndarray]:
    """BOOL; INT8 operands are brought to a scale of 1/256 first, and rounded there."""
    return [COMPARISONS[op.name](*_scaled(op, a, b))]


@defines("SELECT_V2")
def select_v2(op: Op, condition: np.ndarray, a: np.ndarray, b: np.ndarray) -> list[np.ndarray]:
    """a where the condition holds, b elsewhere; stored values, whatever the scales."""
    return [np.where(condition, a, b)]
