"""LOOKUPs that need not run: tables one behind the other become one, a table that only clamps goes into the clamp of
the operator before it (a standalone RELU or RELU6), and one that changes nothing becomes a view. All of it is read off
the tables, so all of it is exact."""

from __future__ import annotations

import numpy as np

from smidgen.convert.program import Instruction, Program, Value
from smidgen.graph import DTYPES

# Operators whose last act is to clamp to act_min..act_max.
CLAMPING = (
    "CONV_2D",
    "DEPTHWISE_CONV_2D",
    "TRANSPOSE_CONV",
    "FULLY_CONNECTED",
    "AVERAGE_POOL_2D",
    "MAX_POOL_2D",
    "SVDF",
    "ADD",
    "SUB",
    "MUL",
    "SQUARED_DIFFERENCE",
)


def fold_lookups(program: Program) -> None:
    """Take out every needless LOOKUP."""
    for lookup in [i for i in program.instructions if i.name == "LOOKUP"]:
        _join(program, lookup)
        if _is_identity(lookup) or _clamp_before(program, lookup):
            lookup.outputs[0].base = lookup.inputs[0]
            program.instructions.remove(lookup)


def _producer(program: Program, value: Value) -> Instruction | None:
    """What computes `value`, when `value` is all of it and only one operand of one instruction reads it."""
    reads = [v for i in program.instructions for v in i.inputs if v.root is value.root]
    kept = any(v.root is value.root for v in program.outputs)
    writers = [i for i in program.instructions if any(v.root is value.root for v in i.outputs)]
    alone = len(reads) == 1 and len(writers) == 1 and not kept and value.root.initial is None
    return writers[0] if alone and value.elements == value.root.elements else None


def _join(program: Program, lookup: Instruction) -> None:
    """Make one table of this LOOKUP's and the one's before it."""
    before = _producer(program, lookup.inputs[0])
    while before is not None and before.name == "LOOKUP":
        first, second = _table(before).view(np.uint8), _table(lookup)
        lookup.inputs = [before.inputs[0], Value(lookup.outputs[0].type, (256,), data=second[first])]
        program.instructions.remove(before)
        before = _producer(program, lookup.inputs[0])


def _table(lookup: Instruction) -> np.ndarray:
    data = lookup.inputs[1].data
    if data is None:
        raise ValueError("a LOOKUP without a constant table")
    return data


def _same_kind(lookup: Instruction) -> bool:
    x, out = lookup.inputs[0], lookup.outputs[0]
    return (x.type, x.zero_point) == (out.type, out.zero_point)


def _domain(lookup: Instruction) -> np.ndarray:
    """The input values in the table's order."""
    return np.arange(256, dtype=np.uint8).view(DTYPES[lookup.inputs[0].type])


def _is_identity(lookup: Instruction) -> bool:
    unchanged = _same_kind(lookup) and np.array_equal(_table(lookup), _domain(lookup))
    return unchanged and lookup.inputs[0].root.initial is None


def _clamp_before(program: Program, lookup: Instruction) -> bool:
    """Narrow the clamp of the operator before, if that is all that the table does."""
    before, table = _producer(program, lookup.inputs[0]), _table(lookup)
    low, high = int(table.min()), int(table.max())
    if before is None or before.name not in CLAMPING or not _same_kind(lookup):
        return False
    if not np.array_equal(table, _domain(lookup).clip(low, high)):
        return False
    for name in ("act_min", "act_max"):
        before.params[name] = min(max(before.params[name], low), high)
    return True
