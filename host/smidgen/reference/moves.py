"""Operators that move data without computing with it.

The converter runs these definitions on element numbers to learn what moves where (convert/lower/moves.py). They must
therefore not depend on the dtype of the data that they move.
"""

from __future__ import annotations

import numpy as np

from smidgen.graph import Op, Tensor
from smidgen.reference.table import defines


@defines("TRANSPOSE")
def transpose(op: Op, x: np.ndarray, order: np.ndarray) -> list[np.ndarray]:
    """Output axis i is input axis order[i]."""
    return [x.transpose(order)]


@defines("REVERSE_V2")
def reverse(op: Op, x: np.ndarray, axes: np.ndarray) -> list[np.ndarray]:
    """The named axes backwards."""
    return [np.flip(x, tuple(axes))]


@defines("CONCATENATION")
def concatenation(op: Op, *parts: np.ndarray) -> list[np.ndarray]:
    """The parts one after the other along an axis."""
    return [np.concatenate(parts, op.options["axis"])]


@defines("PACK")
def pack(op: Op, *parts: np.ndarray) -> list[np.ndarray]:
    """The parts side by side along a new axis."""
    return [np.stack(parts, op.options["axis"])]


@defines("UNPACK")
def unpack(op: Op, x: np.ndarray) -> list[np.ndarray]:
    """Each position of an axis, which disappears."""
    return [x.take(i, op.options["axis"]) for i in range(len(op.outputs))]


@defines("SPLIT")
def split(op: Op, axis: np.ndarray, x: np.ndarray) -> list[np.ndarray]:
    """Equal parts along an axis."""
    return np.split(x, len(op.outputs), int(axis.reshape(())))


@defines("SPLIT_V")
def split_v(op: Op, x: np.ndarray, sizes: np.ndarray, axis: np.ndarray) -> list[np.ndarray]:
    """Parts along an axis, of the sizes that the outputs have; `sizes` may leave one open with -1."""
    along = int(axis.reshape(()))
    return np.split(x, np.cumsum([t.shape[along] for t in op.outputs])[:-1], along)


@defines("SLICE")
def slice_(op: Op, x: np.ndarray, begin: np.ndarray, size: np.ndarray) -> list[np.ndarray]:
    """`size` elements from `begin` on along each axis; size -1 is all that remain."""
    ends = [n if s == -1 else b + s for n, b, s in zip(x.shape, begin, size, strict=True)]
    return [x[tuple(slice(b, e) for b, e in zip(begin, ends, strict=True))]]


@defines("STRIDED_SLICE")
def strided_slice(op: Op, x: np.ndarray, begin: np.ndarray, end: np.ndarray, strides: np.ndarray) -> list[np.ndarray]:
    """Every `stride`-th element from begin to before end. Bit i of a mask is for axis i: an open begin or end, or an
    axis of which one element is taken and that disappears. TFLM knows neither ellipsis nor new axes nor relative ends.
    """
    o = op.options
    if o["ellipsis_mask"] or o["new_axis_mask"] or o.get("offset"):
        raise ValueError(f"{op} has an ellipsis, a new axis or an offset")
    for axis, (n, first, last, step) in enumerate(
        zip(x.shape, begin.tolist(), end.tolist(), strides.tolist(), strict=True)
    ):
        bit = 1 << axis
        start = None if o["begin_mask"] & bit else first
        positions = range(n)[start : None if o["end_mask"] & bit else last : step]
        if o["shrink_axis_mask"] & bit:
            if step < 0:
                raise ValueError(f"{op} takes one element of an axis backwards")
            positions = range(n)[start:][:1]
        x = x.take(positions, axis)
    return [x.reshape(op.outputs[0].shape)]


def check_padding(op: Op, x: np.ndarray, widths: np.ndarray) -> None:
    """Raise ValueError when the widths do not lead to the output's shape, before they take memory."""
    if tuple(np.array(x.shape) + widths.astype(np.int64).sum(axis=1)) != op.outputs[0].shape:
        raise ValueError(f"{op} pads to another shape than its output's")


@defines("PAD")
def pad(op: Op, x: np.ndarray, widths: np.ndarray) -> list[np.ndarray]:
    """[axes, 2] elements before and after each axis, of real value 0."""
    check_padding(op, x, widths)
    return [np.pad(x, widths, constant_values=real_zero(op.outputs[0]))]


@defines("PADV2")
def pad_v2(op: Op, x: np.ndarray, widths: np.ndarray, value: np.ndarray) -> list[np.ndarray]:
    """The same with a value of one's own."""
    check_padding(op, x, widths)
    return [np.pad(x, widths, constant_values=value.reshape(()))]


@defines("MIRROR_PAD")
def mirror_pad(op: Op, x: np.ndarray, widths: np.ndarray) -> list[np.ndarray]:
    """The border continued as in a mirror that stands on the last element (mode 0) or behind it (mode 1)."""
    on_element = op.options["mode"] == 0
    check_padding(op, x, widths)
    if (widths > np.array(x.shape)[:, None] - on_element).any():
        raise ValueError(f"{op} pads by more than it has to mirror")
    return [np.pad(x, widths, mode="reflect" if on_element else "symmetric")]


@defines("GATHER")
def gather(op: Op, x: np.ndarray, indices: np.ndarray) -> list[np.ndarray]:
    """Positions of an axis in the order of the indices, which may differ between the first batch_dims axes."""
    axis, batch = gather_axes(op, x.ndim, indices.ndim)
    if ((indices < 0) | (indices >= x.shape[axis])).any():
        raise IndexError(f"{op} has an index outside 0 to {x.shape[axis] - 1}")
    return [take(x, indices, axis, batch)]


def take(x: np.ndarray, indices: np.ndarray, axis: int, batch: int) -> np.ndarray:
    """out[b, o, i, n] = x[b, o, indices[b, i], n] with b the first `batch` axes, and o those up to `axis`."""
    columns = x.reshape(-1, *x.shape[batch:])
    rows = indices.reshape(columns.shape[0], *indices.shape[batch:])
    taken = [column.take(row, axis - batch) for column, row in zip(columns, rows, strict=True)]
    return np.stack(taken).reshape((*x.shape[:batch], *taken[0].shape))


def gather_axes(op: Op, rank: int, index_rank: int) -> tuple[int, int]:
    """(axis, batch_dims) of a GATHER, both counted from the front."""
    axis, batch = op.options["axis"], op.options["batch_dims"]
    return axis + rank * (axis < 0), batch + index_rank * (batch < 0)


@defines("EMBEDDING_LOOKUP")
def embedding_lookup(op: Op, indices: np.ndarray, table: np.ndarray) -> list[np.ndarray]:
    """A row of the table for each index."""
    if ((indices < 0) | (indices >= table.shape[0])).any():
        raise IndexError(f"{op} has an index outside 0 to {table.shape[0] - 1}")
    return [table[indices]]


def real_zero(tensor: Tensor) -> int:
    """The stored value of real 0."""
    return tensor.zp if tensor.type in ("INT8", "UINT8") else 0
