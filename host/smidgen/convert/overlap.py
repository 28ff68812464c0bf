"""How far an operator's output must start before an input for the operator to write over it safely.

A kernel that visits output positions in raster order has, when position p is complete, written w(p) bytes of output,
and will from then on read nothing below input byte r(p + 1); while it computes p it reads nothing below r(p). So
nothing is clobbered before its last use when out + w(p) <= in + r(p) for every p: the distance is max(w(p) - r(p)).
Source: Blacker, Bridges and Hadfield, "Diagonal Memory Optimisation for Machine Learning on Micro-controllers", 2020.
A distance may be negative.
"""

from __future__ import annotations

import numpy as np

from smidgen import _format as fmt
from smidgen.convert import strides
from smidgen.convert.grid import Grid
from smidgen.convert.program import Instruction, Value
from smidgen.reference.resize import ONE

WINDOWED = ("CONV_2D", "DEPTHWISE_CONV_2D", "AVERAGE_POOL_2D", "MAX_POOL_2D")
# After an element is written, no element up to it is read again.
ELEMENTWISE = {"LOOKUP", "RESCALE", "LOGISTIC", "TANH", "QUANTIZE", "DEQUANTIZE", "CAST"} | {
    *("SOFTMAX", "SOFTMAX_INT16", "LOG_SOFTMAX"),
}
# All that is read for an element is read, along a grid, before it is written.
GRIDDED = {"ADD", "SUB", "MUL", "SQUARED_DIFFERENCE", "PRELU", "MINIMUM", "MAXIMUM", "SELECT"} | {
    *("EQUAL", "NOT_EQUAL", "LESS", "LESS_EQUAL"),
    *("SUM", "REDUCE_MAX", "REDUCE_MIN"),
}


def overlap_distance(instruction: Instruction, operand: int) -> int | None:
    """Bytes that the output must start before input `operand`, at least; None when they must not overlap."""
    if instruction.name in GRIDDED:
        return _gridded(instruction, operand)
    if instruction.name == "ADD_INT8":
        return _elementwise(instruction)
    if operand != 0:
        return None
    if instruction.name in WINDOWED:
        return _windowed(instruction)
    if instruction.name == "TRANSPOSE_CONV":
        return _transposed(instruction)
    if instruction.name in ELEMENTWISE:
        return _elementwise(instruction)
    if instruction.name == "COPY":
        return _copy(instruction)
    if instruction.name == "RESIZE_BILINEAR":
        return _resized(instruction)
    return None


def _elementwise(instruction: Instruction) -> int:
    x, out = instruction.inputs[0], instruction.outputs[0]
    return max(0, out.nbytes - x.nbytes)


def _gridded(instruction: Instruction, operand: int) -> int:
    first = strides.positions(instruction, operand)
    written = np.arange(1, first.size) * _unit(instruction.outputs[0])
    needed = np.minimum.accumulate(first[:0:-1])[::-1] * _unit(instruction.inputs[operand])
    return int((written - needed).max(initial=0))


def _windowed(instruction: Instruction) -> int:
    x, out = instruction.inputs[0], instruction.outputs[0]
    p = instruction.params
    rows = np.clip(np.arange(out.shape[1]) * p["stride_h"] - p["pad_top"], 0, x.shape[1] - 1)
    columns = np.clip(np.arange(out.shape[2]) * p["stride_w"] - p["pad_left"], 0, x.shape[2] - 1)
    return _raster(x, out, rows, columns)


def _transposed(instruction: Instruction) -> int:
    """Input row i meets output rows i * stride - pad on: output row o reads from (o + pad - kernel + 1) / stride on."""
    x, weights, out, p = instruction.inputs[0], instruction.inputs[1], instruction.outputs[0], instruction.params
    rows = (np.arange(out.shape[1]) + p["pad_top"] - weights.shape[1] + p["stride_h"]) // p["stride_h"]
    columns = (np.arange(out.shape[2]) + p["pad_left"] - weights.shape[2] + p["stride_w"]) // p["stride_w"]
    return _raster(x, out, rows.clip(0, x.shape[1] - 1), columns.clip(0, x.shape[2] - 1))


def _resized(instruction: Instruction) -> int:
    """The two rows and columns around each output position are read from the first on."""
    x, out = instruction.inputs[0], instruction.outputs[0]
    p = instruction.params
    rows, columns = (
        np.maximum(np.arange(n) * scale + (scale // 2 - ONE // 2) * p["half_pixel_centers"], 0) // ONE
        for n, scale in ((out.shape[1], p["scale_h"]), (out.shape[2], p["scale_w"]))
    )
    return _raster(x, out, rows, columns)


def _raster(x: Value, out: Value, rows: np.ndarray, columns: np.ndarray) -> int:
    """For a kernel that, for each output position [n, y, x], reads from input row rows[y], column columns[x] on."""
    picture = np.arange(out.shape[0]) * x.shape[1] * x.shape[2]
    first = (picture[:, None, None] + rows[None, :, None] * x.shape[2] + columns[None, None, :]).reshape(-1)
    needed = np.minimum.accumulate(first[::-1])[::-1] * x.shape[3] * _unit(x)
    written = np.arange(1, first.size + 1) * out.shape[3] * _unit(out)
    return int((written - needed).max())


def _copy(instruction: Instruction) -> int:
    """A COPY moves an even line at once and other lines element by element: what is still needed after each such move
    must lie behind what has been written."""
    grid = Grid.of(instruction)
    sources, targets = grid.positions()
    if grid.axes[-1][1:] != (1, 1):
        sources, targets = sources.reshape(-1, 1), targets.reshape(-1, 1)
    x, out = instruction.inputs[0], instruction.outputs[0]
    needed = np.minimum.accumulate(sources.min(axis=1)[::-1])[::-1][1:]
    written = np.maximum.accumulate(targets.max(axis=1))[:-1] + 1
    anywhere = -x.nbytes - out.nbytes
    return max(int((written - needed).max()) * _unit(x), anywhere) if needed.size else anywhere


def _unit(value: Value) -> int:
    return fmt.TYPE_BYTES[value.type]
