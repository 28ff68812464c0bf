"""Resource variables: a variable is a STATE value, reading and assigning it are COPYs (`elide` removes most)."""

from __future__ import annotations

from smidgen.convert.grid import Grid
from smidgen.convert.lower.driver import Lowering, Refusal, lowers
from smidgen.convert.lower.moves import check_types, emit_copy
from smidgen.convert.program import Value
from smidgen.graph import Op
from smidgen.reference.variables import variable_name


@lowers("VAR_HANDLE")
def var_handle(low: Lowering, op: Op) -> None:
    """The handle stands for the variable itself."""
    name = variable_name(op)
    if name not in low.variables:
        raise Refusal(f"names the variable '{name}', which is never assigned")
    low.define(op.outputs[0], low.variables[name])


@lowers("CALL_ONCE")
def call_once(low: Lowering, op: Op) -> None:
    """Has been evaluated: the variables start with what it assigns."""
    used = [value.root for instruction in low.instructions for value in [*instruction.inputs, *instruction.outputs]]
    if any(root.initial is not None for root in used):
        raise Refusal("comes after the first use of a variable")


@lowers("READ_VARIABLE")
def read_variable(low: Lowering, op: Op) -> None:
    check_types(op)
    _copy(low, low.value(op.inputs[0]), low.output(op))


@lowers("ASSIGN_VARIABLE")
def assign_variable(low: Lowering, op: Op) -> None:
    variable = low.value(op.inputs[0])
    if variable.initial is None:
        raise Refusal(f"assigns to {op.inputs[0]}, which no VAR_HANDLE gives")
    _copy(low, low.value(op.inputs[1]), variable)


def _copy(low: Lowering, source: Value, out: Value) -> None:
    if source.elements != out.elements:
        raise Refusal(f"moves {source.elements} values into {out.elements}")
    emit_copy(low, source, out, Grid(0, 0, ((out.elements, 1, 1),) if out.elements > 1 else ((1, 0, 0),)))
