"""Operators from two values to one, with broadcasting, and SELECT_V2."""

from __future__ import annotations

from smidgen.convert import strides
from smidgen.convert.lower.driver import Lowering, Refusal, lowers
from smidgen.convert.lower.types import require_factors, require_scales, require_types, require_zero_point
from smidgen.convert.lower.unary import ONE_BYTE, emit_table
from smidgen.graph import Op
from smidgen.reference.binary import COMPARISONS, clamp_of, scaling_of
from smidgen.reference.table import operand

# a > b is b < a.
EXCHANGED = {"GREATER": "LESS", "GREATER_EQUAL": "LESS_EQUAL"}
OF_STORED_VALUES = {"MINIMUM": "MINIMUM", "MAXIMUM": "MAXIMUM", "LOGICAL_AND": "MINIMUM", "LOGICAL_OR": "MAXIMUM"}


def _alike(*types: str) -> list[tuple[str, str, str]]:
    return [(t, t, t) for t in types]


@lowers("ADD", "SUB", "MUL", "SQUARED_DIFFERENCE")
def arithmetic(low: Lowering, op: Op) -> None:
    require_types(op, *_alike("INT8", "INT16", "INT32"))
    require_scales(op)
    if op.outputs[0].type == "INT16" and op.name in ("MUL", "SQUARED_DIFFERENCE"):
        for tensor in (operand(op, 0), operand(op, 1), op.outputs[0]):
            require_zero_point(tensor, 0)
    _emit_scaled(low, op)


@lowers("PRELU")
def prelu(low: Lowering, op: Op) -> None:
    require_types(op, ("INT8", "INT8", "INT8"), ("INT16", "INT8", "INT16"))
    require_scales(op)
    _emit_scaled(low, op)


@lowers(*COMPARISONS)
def compare(low: Lowering, op: Op) -> None:
    types = ("INT8", "INT32", "BOOL") if op.name in ("EQUAL", "NOT_EQUAL") else ("INT8", "INT32")
    require_types(op, *[(t, t, "BOOL") for t in types])
    require_scales(op)
    _emit_scaled(low, op)


def _require_small(op: Op) -> None:
    """Refuse scales at which TFLM stops: it takes factors below 1 only."""
    if operand(op).type not in ("INT8", "INT16"):
        return
    s = scaling_of(op)
    if op.name in COMPARISONS and max(s.a[1], s.b[1]) > 0:
        raise Refusal("compares values with a scale of 1 or more, which TensorFlow Lite Micro does not take")
    if op.name in ("ADD", "SUB") and s.out[1] > 0:
        raise Refusal("needs a larger scale for its output; TensorFlow Lite Micro does not take this one")


def _emit_scaled(low: Lowering, op: Op) -> None:
    """An operator with the parameters of ADD."""
    _require_small(op)
    if _emit_as_table(low, op):
        return
    a, b, out = operand(op, 0), operand(op, 1), op.outputs[0]
    quantised = a.type in ("INT8", "INT16")
    factors = scaling_of(op) if quantised else None
    (ma, sa), (mb, sb), (m, s) = (factors.a, factors.b, factors.out) if factors else ((0, 0),) * 3
    require_factors((ma, sa), (mb, sb), (m, s))
    if op.name in EXCHANGED:
        (a, ma, sa), (b, mb, sb) = (b, mb, sb), (a, ma, sa)
    axes = strides.broadcast(out.shape, [a.shape, b.shape])
    low_clamp, high_clamp = clamp_of(op)
    low.emit(
        EXCHANGED.get(op.name, op.name),
        [low.value(a), low.value(b)],
        [low.output(op)],
        trailer=strides.trailer(axes),
        rank=len(axes),
        left_shift=factors.left if factors else 0,
        multiplier_a=ma,
        shift_a=sa,
        multiplier_b=mb,
        shift_b=sb,
        multiplier=m,
        shift=s,
        act_min=low_clamp,
        act_max=high_clamp,
    )


@lowers(*OF_STORED_VALUES)
def extreme(low: Lowering, op: Op) -> None:
    logical = op.name.startswith("LOGICAL")
    require_types(op, *_alike(*(("BOOL",) if logical else ("INT8", "INT16", "INT32"))))
    if not _emit_as_table(low, op):
        _emit_stored(low, op, OF_STORED_VALUES[op.name])


@lowers("SELECT_V2")
def select(low: Lowering, op: Op) -> None:
    require_types(op, *[("BOOL", t, t, t) for t in ("INT8", "INT16", "FLOAT32")])
    _emit_stored(low, op, "SELECT")


def _emit_stored(low: Lowering, op: Op, name: str) -> None:
    out = op.outputs[0]
    axes = strides.broadcast(out.shape, [operand(op, i).shape for i in range(len(op.inputs))])
    inputs = [low.value(t) for t in op.inputs]
    low.emit(name, inputs, [low.output(op)], trailer=strides.trailer(axes), rank=len(axes))


def _emit_as_table(low: Lowering, op: Op) -> bool:
    """With one byte in, one byte out and the other input a constant of one element, a table is exact and less work."""
    out = op.outputs[0]
    for varying in (0, 1):
        x, other = operand(op, varying), operand(op, 1 - varying)
        single = other.data is not None and other.data.size == 1
        if single and x.shape == out.shape and x.type in ONE_BYTE and out.type in ONE_BYTE:
            emit_table(low, op, varying)
            return True
    return False
