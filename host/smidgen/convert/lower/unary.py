"""Operators from one value to one value.

8-bit ones are a table of 256 results, computed by the reference. 16-bit ones are a change of scale or an interpolation.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from smidgen import reference
from smidgen.convert.lower.driver import Lowering, Refusal, constant, lowers
from smidgen.convert.lower.types import require_factors, require_scales, require_types, require_zero_point
from smidgen.graph import DTYPES, Op
from smidgen.reference.rescale import rescale_of
from smidgen.reference.sigmoid import sigmoid_table
from smidgen.reference.table import operand
from smidgen.reference.unary import hard_swish_scaling, table_scaling

ONE_BYTE = ("INT8", "UINT8", "BOOL")


def emit_table(low: Lowering, op: Op, varying: int = 0) -> None:
    """A LOOKUP for an operator of which all inputs but `varying` are constants of one element."""
    x, out = operand(op, varying), op.outputs[0]
    domain: np.ndarray = np.arange(256, dtype=np.uint8).view(
        DTYPES[x.type]
    )  # by bit pattern: what the engine indexes with
    inputs = [replace(x, shape=(256,)) if i == varying else t for i, t in enumerate(op.inputs)]
    probe = replace(op, inputs=inputs, outputs=[replace(out, shape=(256,))])
    values = [domain if i == varying else None if t is None else t.data for i, t in enumerate(op.inputs)]
    table = reference.evaluate(probe, values)[0]
    low.emit("LOOKUP", [low.value(x), constant(out.type, table)], [low.output(op)])


def emit_rescale(low: Lowering, op: Op) -> None:
    """A RESCALE with the factors that the reference computes with."""
    r = rescale_of(op)
    require_factors(r.positive, r.negative)
    low.emit(
        "RESCALE",
        [low.value(op.inputs[0])],
        [low.output(op)],
        multiplier=r.positive[0],
        shift=r.positive[1],
        negative_multiplier=r.negative[0],
        negative_shift=r.negative[1],
        negative=r.mode,
        act_min=r.low,
        act_max=r.high,
    )


@lowers("RELU", "RELU6", "LEAKY_RELU", "ABS")
def rescaled(low: Lowering, op: Op) -> None:
    require_types(op, ("INT8", "INT8"), ("INT16", "INT16"))
    require_scales(op)
    x, out = operand(op), op.outputs[0]
    if x.type == "INT8":
        return emit_table(low, op)
    if op.name in ("RELU", "ABS"):
        require_zero_point(x, 0)
        require_zero_point(out, 0)
    if op.name == "RELU6" and x.zp != out.zp:
        raise Refusal(f"needs one zero point for {x} and {out}")
    emit_rescale(low, op)


@lowers("ELU", "HARD_SWISH", "RSQRT")
def table(low: Lowering, op: Op) -> None:
    require_types(op, ("INT8", "INT8"))
    require_scales(op)
    if op.name == "HARD_SWISH" and hard_swish_scaling(op)[0][1] > 0:
        raise Refusal("needs an output scale of at least 1/128 of its input's")
    emit_table(low, op)


@lowers("LOGISTIC", "TANH")
def sigmoid(low: Lowering, op: Op) -> None:
    require_types(op, ("INT8", "INT8"), ("INT16", "INT16"))
    require_scales(op)
    x, out = operand(op), op.outputs[0]
    if x.type == "INT8":
        if op.name == "LOGISTIC":
            require_zero_point(out, -128)
        return emit_table(low, op)
    require_zero_point(x, 0)
    require_zero_point(out, 0)
    if round(float(np.log2(out.s))) != -15:
        raise Refusal(f"needs an output scale of 2^-15 for {out}")
    multiplier, shift = table_scaling(x, (0,) if op.name == "LOGISTIC" else (0, 1))
    if multiplier > 32767:
        raise Refusal(f"needs a smaller scale for {x}; TFLM's table takes none above 2.66")
    entries = constant("INT16", sigmoid_table().view(np.int16))
    low.emit(op.name, [low.value(x), entries], [low.output(op)], multiplier=multiplier, shift=shift)


@lowers("LOGICAL_NOT")
def logical_not(low: Lowering, op: Op) -> None:
    require_types(op, ("BOOL", "BOOL"))
    emit_table(low, op)
