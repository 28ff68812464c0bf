"""Bilinear resizing."""

from __future__ import annotations

import numpy as np

from smidgen.graph import Op
from smidgen.reference.table import clamped, defines

ONE = 1 << 10  # coordinates and weights have 10 fractional bits


@defines("RESIZE_BILINEAR")
def resize_bilinear(op: Op, x: np.ndarray, size: np.ndarray) -> list[np.ndarray]:
    """Each output is the mean of the four inputs around it, weighted by nearness, rounded half away from zero
    (ResizeBilinearInteger)."""
    values = x.astype(np.int64)
    for axis in (1, 2):
        values = _along(op, values, axis, int(size[axis - 1]))
    half = np.where(values > 0, ONE * ONE // 2, -ONE * ONE // 2)
    means = np.sign(values + half) * (np.abs(values + half) // (ONE * ONE))
    return clamped(op, means, -128, 127)


def _along(op: Op, x: np.ndarray, axis: int, out: int) -> np.ndarray:
    """Weighted sums of neighbours along one axis, times ONE."""
    scale, last = bilinear_scale(op, x.shape[axis], out), x.shape[axis] - 1
    at = bilinear_positions(op, scale, out)
    first = np.maximum(at, 0) // ONE  # of a negative position, TFLM's division truncates to 0 as well
    second = np.minimum(np.maximum(at + ONE - 1, 0) // ONE, last)
    part = (at - first * ONE).reshape([-1 if i == axis else 1 for i in range(x.ndim)])
    return x.take(first, axis) * (ONE - part) + x.take(second, axis) * part


def bilinear_scale(op: Op, size: int, out: int) -> int:
    """Input positions per output position, times ONE, rounded."""
    if op.options["align_corners"] and out > 1:
        size, out = size - 1, out - 1
    return (ONE * size + out // 2) // out


def bilinear_positions(op: Op, scale: int, out: int) -> np.ndarray:
    """Where each output position lies in the input, times ONE, int64 [out]."""
    offset = scale // 2 - ONE // 2 if op.options["half_pixel_centers"] else 0
    return np.arange(out, dtype=np.int64) * scale + offset
