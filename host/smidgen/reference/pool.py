"""Pooling: the mean or the largest of each window; padding takes no part."""

from __future__ import annotations

import numpy as np

from smidgen.graph import Op
from smidgen.quantise import activation_range
from smidgen.reference.conv import patches
from smidgen.reference.table import clamped, defines


def _window(op: Op) -> tuple[int, int]:
    return op.options["filter_height"], op.options["filter_width"]


@defines("AVERAGE_POOL_2D")
def average_pool_2d(op: Op, x: np.ndarray) -> list[np.ndarray]:
    """The mean, rounded half away from zero."""
    sums = patches(op, x, _window(op), 0).sum(axis=(3, 4))
    counts = patches(op, np.ones_like(x), _window(op), 0).sum(axis=(3, 4))
    means = np.sign(sums) * ((np.abs(sums) + counts // 2) // np.maximum(counts, 1))
    return clamped(op, means, *activation_range(op.options["fused_activation_function"], op.outputs[0]))


@defines("MAX_POOL_2D")
def max_pool_2d(op: Op, x: np.ndarray) -> list[np.ndarray]:
    """The largest."""
    low = int(np.iinfo(x.dtype).min)
    largest = (patches(op, x, _window(op), low) + low).max(axis=(3, 4))  # padding becomes the lowest value
    return clamped(op, largest, *activation_range(op.options["fused_activation_function"], op.outputs[0]))
