"""ADD on INT8 as one linear function of its operands, where that is exact.

TensorFlow Lite Micro brings both operands to a common scale, adds, and scales the sum: three fixed-point products, each
rounded twice. The result is a step function of the two values, and mostly it is the same one as

    t = (a - zero_a) * factor_a + (b - zero_b) * factor_b
    out = clamp(((t - (t < 0) + half) >> shift) + zero point)

with factors of about 22 bits; t - (t < 0) sends halves away from zero, as TFLM does. There are only 65,536 pairs, so
all are tried; where one differs for all factors nearby, ADD stays.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np

from smidgen.convert import strides
from smidgen.convert.program import Instruction, Program
from smidgen.reference.arith import scale, wrap32

VALUES = np.arange(-128, 128, dtype=np.int64)
NEARBY = sorted(itertools.product(range(-2, 3), repeat=2), key=lambda d: abs(d[0]) + abs(d[1]))


def fold_adds(program: Program) -> None:
    """Make ADD_INT8 of every ADD that allows it."""
    for add in program.instructions:
        if add.name == "ADD" and _is_plain(add):
            linear = linear_sum(add)
            if linear is not None:
                add.name, add.params, add.trailer = "ADD_INT8", linear, b""


def _is_plain(add: Instruction) -> bool:
    """INT8, and element by element?"""
    out, operands = add.outputs[0], add.inputs
    in_order = np.arange(out.elements)
    return all(v.type == "INT8" for v in (out, *operands)) and all(
        v.elements == out.elements and np.array_equal(strides.positions(add, i), in_order)
        for i, v in enumerate(operands)
    )


def sums(add: Instruction) -> np.ndarray:
    """What ADD gives for every pair of values, int64 [256, 256], not yet clamped."""
    p, zeros = add.params, [v.zero_point for v in add.inputs]
    a, b = (
        scale(wrap32((VALUES - zero) << p["left_shift"]), p[f"multiplier_{x}"], p[f"shift_{x}"])
        for x, zero in zip("ab", zeros, strict=True)
    )
    return scale(wrap32(a[:, None] + b), p["multiplier"], p["shift"]) + add.outputs[0].zero_point


@dataclass(frozen=True)
class _Line:
    """t for every pair, halves already sent away from zero."""

    factors: tuple[int, int]
    zeros: tuple[int, int]

    @property
    def constant(self) -> int:
        return -sum(factor * zero for factor, zero in zip(self.factors, self.zeros, strict=True))

    def values(self) -> np.ndarray:
        t = VALUES[:, None] * self.factors[0] + VALUES * self.factors[1] + self.constant
        return t - (t < 0)


def linear_sum(add: Instruction) -> dict[str, int] | None:
    """The parameters of ADD_INT8 for an ADD, or None when no line is exact."""
    p = add.params
    low, high = p["act_min"], p["act_max"]
    wanted = sums(add).clip(low, high) - low
    real = [
        2.0 ** (p["left_shift"] + p[f"shift_{x}"] + p["shift"]) * p[f"multiplier_{x}"] * p["multiplier"] / 2.0**62
        for x in "ab"
    ]
    shift = min(math.floor(31 - math.log2(256 * (sum(real) + 1))), 30)  # nothing exceeds 32 bits
    for nearby in NEARBY if shift >= 0 else ():
        factors = tuple(round(r * 2**shift) + d for r, d in zip(real, nearby, strict=True))
        line = _Line((factors[0], factors[1]), (add.inputs[0].zero_point, add.inputs[1].zero_point))
        t = line.values()
        least = ((wanted << shift) - t).max(where=wanted > 0, initial=-(2**31))
        most = ((wanted + 1 << shift) - 1 - t).min(where=wanted < high - low, initial=2**31 - 1)
        offset = int(np.clip((((add.outputs[0].zero_point - low) * 2 + 1) << shift) >> 1, least, most))
        if least <= most and _fits(line, t, offset):
            names = ("factor_a", "factor_b", "constant", "offset", "shift", "act_min", "act_max")
            return dict(zip(names, (*factors, line.constant, offset, shift, low, high), strict=True))
    return None


def _fits(line: _Line, t: np.ndarray, offset: int) -> bool:
    """Do all numbers on the way fit 32 bits?"""
    seen = (t.min(), t.max(), t.min() + offset, t.max() + offset, line.constant, *line.factors)
    return min(seen) >= -(2**31) and max(seen) < 2**31
