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
from smidgen.convert.program import Instruction, Value

WINDOWED = ("CONV_2D", "DEPTHWISE_CONV_2D", "AVERAGE_POOL_2D", "MAX_POOL_2D")


def overlap_distance(instruction: Instruction, operand: int) -> int | None:
    """Bytes that the output must start before input `operand`, at least; None when they must not overlap."""
    if operand != 0:
        return None
    if instruction.name in WINDOWED:
        return _windowed(instruction)
    if instruction.name == "LOOKUP":
        return 0  # each element is read, then written
    return None


def _windowed(instruction: Instruction) -> int:
    x, out = instruction.inputs[0], instruction.outputs[0]
    p = instruction.params
    n, oh, ow, out_c = out.shape
    rows = np.clip(np.arange(oh) * p["stride_h"] - p["pad_top"], 0, x.shape[1] - 1)
    columns = np.clip(np.arange(ow) * p["stride_w"] - p["pad_left"], 0, x.shape[2] - 1)
    picture = np.arange(n) * x.shape[1] * x.shape[2]
    first = (picture[:, None, None] + rows[None, :, None] * x.shape[2] + columns[None, None, :]).reshape(-1)
    needed = np.minimum.accumulate(first[::-1])[::-1] * x.shape[3] * _unit(x)
    written = np.arange(1, n * oh * ow + 1) * out_c * _unit(out)
    return int((written - needed).max())


def _unit(value: Value) -> int:
    return fmt.TYPE_BYTES[value.type]
