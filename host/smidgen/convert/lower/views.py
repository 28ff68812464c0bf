"""Operators that relabel data without moving it."""

from __future__ import annotations

from smidgen.convert.lower.driver import MAX_RANK, Lowering, Refusal, computed, lowers
from smidgen.convert.lower.moves import check_types
from smidgen.graph import Op


@lowers("RESHAPE", "SQUEEZE", "EXPAND_DIMS")
def reshape(low: Lowering, op: Op) -> None:
    """The output is a view of the whole input."""
    check_types(op)
    source, view = low.value(op.inputs[0]), computed(op.outputs[0])
    if source.elements != view.elements or source.type != view.type:
        raise Refusal(f"cannot make {op.outputs[0]} from {op.inputs[0]}")
    if len(view.shape) > MAX_RANK:
        raise Refusal(f"makes {op.outputs[0]}; at most {MAX_RANK} axes are possible")
    view.base = source
    low.define(op.outputs[0], view)
