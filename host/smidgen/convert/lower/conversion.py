"""QUANTIZE, DEQUANTIZE, CAST. FLOAT32 exists at the edges of a model only: no operator computes with it."""

from __future__ import annotations

import numpy as np

from smidgen.convert.lower.driver import Lowering, Refusal, lowers
from smidgen.convert.lower.island import emit_island
from smidgen.convert.lower.types import require_scales, require_types
from smidgen.convert.lower.unary import ONE_BYTE, emit_rescale, emit_table
from smidgen.convert.lower.views import reshape
from smidgen.graph import Op, Tensor
from smidgen.reference.table import operand

RESCALED = [
    *[("INT8", out) for out in ("INT8", "UINT8", "INT16", "INT32")],
    ("UINT8", "INT8"),
    *[("INT16", out) for out in ("INT8", "INT16", "INT32")],
    *[("INT32", out) for out in ("INT8", "INT16")],
]
CASTABLE = ("INT8", "INT16", "INT32", "FLOAT32", "BOOL")


@lowers("QUANTIZE")
def quantize(low: Lowering, op: Op) -> None:
    x, out = operand(op), op.outputs[0]
    require_types(op, *RESCALED, ("FLOAT32", "INT8"), ("FLOAT32", "INT16"))
    require_scales(op)
    if x.type == "FLOAT32":
        if emit_island(low, op):
            return
        low.emit("QUANTIZE", [low.value(x)], [low.output(op)], scale=_scale_bits(out))
        return
    for tensor in (x, out):
        if tensor.type == "INT32" and (tensor.zp != 0 or tensor.scale.size != 1):
            raise Refusal(f"needs a scale and zero point 0 for {tensor}")
    if x.type in ONE_BYTE and out.type in ONE_BYTE:
        emit_table(low, op)
    else:
        emit_rescale(low, op)


@lowers("DEQUANTIZE")
def dequantize(low: Lowering, op: Op) -> None:
    x = operand(op)
    require_types(op, *[(t, "FLOAT32") for t in ("INT8", "UINT8", "INT16")])
    require_scales(op)
    low.emit("DEQUANTIZE", [low.value(x)], [low.output(op)], scale=_scale_bits(x))


def _scale_bits(tensor: Tensor) -> int:
    if not np.finfo(np.float32).tiny <= tensor.s <= np.finfo(np.float32).max:
        raise Refusal(f"has the scale {tensor.s} for {tensor}, which is not a normal number")
    return int(tensor.s.view(np.uint32))


@lowers("CAST")
def cast(low: Lowering, op: Op) -> None:
    require_types(op, *[(a, b) for a in CASTABLE for b in CASTABLE])
    x, out = operand(op), op.outputs[0]
    if x.type == out.type:
        reshape(low, op)
    elif x.type in ONE_BYTE and out.type in ONE_BYTE:
        emit_table(low, op)
    else:
        low.emit("CAST", [low.value(x)], [low.output(op)])
