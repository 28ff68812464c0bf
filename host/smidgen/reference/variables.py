"""Resource variables: what a model keeps from one inference to the next."""

from __future__ import annotations

from typing import Any

import numpy as np

from smidgen.graph import DTYPES, Op

Contents = dict[str, np.ndarray]
VARIABLE_OPS = ("CALL_ONCE", "VAR_HANDLE", "READ_VARIABLE", "ASSIGN_VARIABLE")


def variable_name(op: Op) -> str:
    """The variable that a VAR_HANDLE names."""
    return (op.options["shared_name"] or b"").decode()


def default_contents(ops: list[Op]) -> Contents:
    """Every variable that `ops` assign, before they do: the zero point of the first tensor assigned, as TFLM has it."""
    contents: Contents = {}
    names: dict[int, str] = {}
    for op in ops:
        if op.name == "VAR_HANDLE":
            names[op.outputs[0].index] = variable_name(op)
        elif op.name == "ASSIGN_VARIABLE":
            handle, value = op.inputs
            if handle is None or value is None:
                raise ValueError(f"{op} lacks an input")
            contents.setdefault(names[handle.index], np.full(value.shape, value.zp, DTYPES[value.type]))
    return contents


def evaluate_variable(op: Op, values: list[Any], contents: Contents) -> list[Any]:
    """One of VARIABLE_OPS. A handle's value is its variable's name; assignments change `contents`."""
    if op.name == "VAR_HANDLE":
        return [variable_name(op)]
    if op.name == "READ_VARIABLE":
        return [contents[values[0]].reshape(op.outputs[0].shape)]
    if op.name == "ASSIGN_VARIABLE":
        contents[values[0]] = values[1]
    return []  # CALL_ONCE has had its effect before the first inference
