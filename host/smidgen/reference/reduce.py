"""Operators that make one value of many along some axes."""

from __future__ import annotations

import numpy as np

from smidgen.graph import Op
from smidgen.quantise import LIMITS, quantise_multiplier
from smidgen.reference.arith import scale, wrap32
from smidgen.reference.table import clamped, defines, operand


def axes_of(rank: int, axes: np.ndarray) -> tuple[int, ...]:
    """The reduced axes, counted from the front, each once."""
    wanted = tuple(sorted({int(a) + rank * (int(a) < 0) for a in axes.reshape(-1)}))
    if any(not 0 <= a < rank for a in wanted):
        raise ValueError(f"axes {axes.tolist()} of a tensor with {rank} axes")
    return wanted


def reduce_scaling(op: Op, count: int) -> tuple[int, int]:
    """(multiplier, shift) of a sum of `count` values; MEAN's includes 1 / count."""
    multiplier, shift = quantise_multiplier(float(operand(op).s) / float(op.outputs[0].s))
    if op.name == "SUM":
        return multiplier, shift
    more = min(count.bit_length() - 1, 32, 31 + shift)
    return (multiplier << more) // count, shift - more


@defines("MEAN", "SUM")
def mean(op: Op, x: np.ndarray, axes: np.ndarray) -> list[np.ndarray]:
    """The sum, in 32 bits, and for MEAN its quotient by the number of values."""
    source, out = operand(op), op.outputs[0]
    along = axes_of(x.ndim, axes)
    count = int(np.prod([x.shape[a] for a in along], dtype=np.int64))
    total = wrap32(x.astype(np.int64).sum(axis=along) - source.zp * count)
    return clamped(op, wrap32(scale(total, *reduce_scaling(op, count)) + out.zp), *LIMITS[out.type])


@defines("REDUCE_MAX")
def reduce_max(op: Op, x: np.ndarray, axes: np.ndarray) -> list[np.ndarray]:
    """The largest."""
    return [x.max(axis=axes_of(x.ndim, axes)).reshape(op.outputs[0].shape)]


@defines("REDUCE_MIN")
def reduce_min(op: Op, x: np.ndarray, axes: np.ndarray) -> list[np.ndarray]:
    """The smallest."""
    return [x.min(axis=axes_of(x.ndim, axes)).reshape(op.outputs[0].shape)]


@defines("ARG_MAX")
def arg_max(op: Op, x: np.ndarray, axis: np.ndarray) -> list[np.ndarray]:
    """INT32 position of the first of the largest."""
    return [x.argmax(axis=axes_of(x.ndim, axis)[0]).astype(np.int32)]


@defines("ARG_MIN")
def arg_min(op: Op, x: np.ndarray, axis: np.ndarray) -> list[np.ndarray]:
    """INT32 position of the first of the smallest."""
    return [x.argmin(axis=axes_of(x.ndim, axis)[0]).astype(np.int32)]
