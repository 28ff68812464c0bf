"""Operators that relabel data without moving it."""

from __future__ import annotations

from smidgen.convert.lower.driver import Lowering, Refusal, computed, lowers
from smidgen.graph import Op


@lowers("RESHAPE", "SQUEEZE", "EXPAND_DIMS")
def reshape(low: Lowering, op: Op) -> None:
    """The output is a view of the whole input."""
    source, view = low.value(op.inputs[0]), computed(op.outputs[0])
    if source.elements != view.elements or source.type != view.type:
        raise Refusal(f"cannot make {op.outputs[0]} from {op.inputs[0]}")
    view.base = source
    low.define(op.outputs[0], view)
