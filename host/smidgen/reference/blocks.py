"""Operators that exchange positions with channels or batches, and nearest-neighbour resizing. Moves, as in moves.py."""

from __future__ import annotations

import numpy as np

from smidgen.graph import Op
from smidgen.reference.moves import real_zero
from smidgen.reference.table import defines


@defines("DEPTH_TO_SPACE")
def depth_to_space(op: Op, x: np.ndarray) -> list[np.ndarray]:
    """[n, h, w, b * b * c] -> [n, h * b, w * b, c]."""
    block, (n, h, w, c) = op.options["block_size"], x.shape
    parts = x.reshape(n, h, w, block, block, c // block**2)
    return [parts.transpose(0, 1, 3, 2, 4, 5).reshape(n, h * block, w * block, -1)]


@defines("SPACE_TO_DEPTH")
def space_to_depth(op: Op, x: np.ndarray) -> list[np.ndarray]:
    """[n, h * b, w * b, c] -> [n, h, w, b * b * c]."""
    block, (n, h, w, c) = op.options["block_size"], x.shape
    parts = x.reshape(n, h // block, block, w // block, block, c)
    return [parts.transpose(0, 1, 3, 2, 4, 5).reshape(n, h // block, w // block, -1)]


@defines("SPACE_TO_BATCH_ND")
def space_to_batch(op: Op, x: np.ndarray, blocks: np.ndarray, widths: np.ndarray) -> list[np.ndarray]:
    """Pad axes 1 and 2, then deal their positions out to batches: [n, h * by, w * bx, c] -> [by * bx * n, h, w, c].
    Three axes are [n, h, c]. The padding is real 0, as in TFLite; TFLM pads with whatever its memory holds."""
    padded = np.pad(_four(x), [(0, 0), *_two(widths, (0, 0)), (0, 0)], constant_values=real_zero(op.outputs[0]))
    (by, bx), (n, h, w, c) = _two(blocks, 1), padded.shape
    parts = padded.reshape(n, h // by, by, w // bx, bx, c).transpose(2, 4, 0, 1, 3, 5)
    return [parts.reshape(op.outputs[0].shape)]


@defines("BATCH_TO_SPACE_ND")
def batch_to_space(op: Op, x: np.ndarray, blocks: np.ndarray, crops: np.ndarray) -> list[np.ndarray]:
    """The way back: [by * bx * n, h, w, c] -> [n, h * by, w * bx, c], then cut off the crops."""
    (by, bx), (n, h, w, c) = _two(blocks, 1), _four(x).shape
    parts = _four(x).reshape(by, bx, n // (by * bx), h, w, c).transpose(2, 3, 0, 4, 1, 5)
    (top, bottom), (left, right) = _two(crops, (0, 0))
    whole = parts.reshape(-1, h * by, w * bx, c)
    return [whole[:, top : h * by - bottom, left : w * bx - right].reshape(op.outputs[0].shape)]


@defines("RESIZE_NEAREST_NEIGHBOR")
def resize_nearest_neighbor(op: Op, x: np.ndarray, size: np.ndarray) -> list[np.ndarray]:
    """Each output position takes the input position that lies nearest."""
    return [x.take(nearest(op, x.shape[1], int(size[0])), 1).take(nearest(op, x.shape[2], int(size[1])), 2)]


def nearest(op: Op, size: int, out: int) -> np.ndarray:
    """The input positions along one axis of RESIZE_NEAREST_NEIGHBOR, int64 [out]. In float32, as GetNearestNeighbor."""
    align = op.options["align_corners"]
    spread = np.float32(size - 1) / np.float32(out - 1) if align and out > 1 else np.float32(size) / np.float32(out)
    offset = np.float32(0.5) if op.options["half_pixel_centers"] else np.float32(0)
    positions = (np.arange(out, dtype=np.float32) + offset) * spread
    rounded = np.floor(positions.astype(np.float64) + 0.5) if align else np.floor(positions)
    return np.clip(rounded.astype(np.int64), 0, size - 1)


def _four(x: np.ndarray) -> np.ndarray:
    return x if x.ndim == 4 else x.reshape(x.shape[0], x.shape[1], 1, x.shape[2])


def _two(values: np.ndarray, second: int | tuple[int, int]) -> list:
    """What concerns axes 1 and 2; `second` where there is no axis 2."""
    return [*values.tolist(), second][:2]
