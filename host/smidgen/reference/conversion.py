"""Operators from one type to another."""

from __future__ import annotations

import numpy as np

from smidgen.graph import DTYPES, Op
from smidgen.quantise import LIMITS
from smidgen.reference.rescale import requantise_integers
from smidgen.reference.table import clamped, defines, operand


@defines("QUANTIZE")
def quantize(op: Op, x: np.ndarray) -> list[np.ndarray]:
    """From integers: a change of scale. From FLOAT32: x / scale, rounded to float32 and then half away from zero."""
    if operand(op).type != "FLOAT32":
        return requantise_integers(op, x)
    out = op.outputs[0]
    with np.errstate(over="ignore", invalid="ignore"):
        ratio = (x / out.s).astype(np.float64)
    return clamped(op, to_int32(np.sign(ratio) * np.floor(np.abs(ratio) + 0.5)) + out.zp, *LIMITS[out.type])


@defines("DEQUANTIZE")
def dequantize(op: Op, x: np.ndarray) -> list[np.ndarray]:
    """scale * (x - zero point), rounded once to float32."""
    source = operand(op)
    with np.errstate(over="ignore", under="ignore"):
        return [(np.float64(source.s) * (x.astype(np.int64) - source.zp)).astype(np.float32)]


@defines("CAST")
def cast(op: Op, x: np.ndarray) -> list[np.ndarray]:
    """As in C: integers lose their high bits; FLOAT32 loses its fraction, and saturates where C leaves it open."""
    out = op.outputs[0].type
    if x.dtype == np.float32 and out in LIMITS:
        x = np.clip(to_int32(np.trunc(x.astype(np.float64))), *LIMITS[out])
    return [x.astype(DTYPES[out])]


def to_int32(x: np.ndarray) -> np.ndarray:
    """Whole float64 numbers as int64 within the bounds of int32. C leaves open what becomes of those outside and of
    what is no number (TFLM gives what its processor gives); here they saturate, and the latter is 0."""
    return np.clip(np.nan_to_num(x, nan=0.0), -(2.0**31), 2.0**31 - 1).astype(np.int64)
