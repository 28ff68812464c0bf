"""Operators that relabel data, and those that give shapes and constant contents."""

from __future__ import annotations

import numpy as np

from smidgen.graph import DTYPES, Op
from smidgen.reference.table import defines


@defines("RESHAPE", "SQUEEZE", "EXPAND_DIMS")
def reshape(op: Op, x: np.ndarray, *_: np.ndarray | None) -> list[np.ndarray]:
    """The same elements in the output's shape."""
    return [x.reshape(op.outputs[0].shape)]


@defines("SHAPE")
def shape(op: Op, x: np.ndarray) -> list[np.ndarray]:
    """The input's sizes, INT32."""
    return [np.array(x.shape, np.int32)]


@defines("ZEROS_LIKE")
def zeros_like(op: Op, x: np.ndarray) -> list[np.ndarray]:
    """Stored zeros, whatever the zero point."""
    return [np.zeros(x.shape, DTYPES[op.outputs[0].type])]


@defines("FILL")
def fill(op: Op, sizes: np.ndarray, value: np.ndarray) -> list[np.ndarray]:
    """One value everywhere."""
    return [np.broadcast_to(value.reshape(()), tuple(sizes))]


@defines("BROADCAST_TO")
def broadcast_to(op: Op, x: np.ndarray, sizes: np.ndarray) -> list[np.ndarray]:
    """Axes of size 1, and missing leading ones, are repeated."""
    return [np.broadcast_to(x, tuple(sizes))]


@defines("BROADCAST_ARGS")
def broadcast_args(op: Op, a: np.ndarray, b: np.ndarray) -> list[np.ndarray]:
    """The shape that two shapes broadcast to."""
    return [np.array(np.broadcast_shapes(tuple(a), tuple(b)), a.dtype)]
