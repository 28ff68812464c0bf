"""Scratch memory of packed operators: one more output, in whatever the plan leaves free while the operator runs."""

from __future__ import annotations

from smidgen.blob import Blob, OperatorRecord, TensorRecord
from smidgen.lifetimes import lifetimes

ALIGNMENT = 8


def add_scratch(blob: Blob, step: int, words: int) -> None:
    """Give operator `step` so much scratch memory, as low as nothing else lies at that time. Its tensor comes last."""
    taken = sorted(
        (life.offset, life.offset + life.size) for life in lifetimes(blob) if life.first <= step <= life.last
    )
    offset = 0
    for low, high in taken:
        if low < offset + 4 * words and offset < high:
            offset = -(-high // ALIGNMENT) * ALIGNMENT
    blob.tensors.append(TensorRecord("INT32", "ARENA", offset, (words,)))
    blob.operators[step].outputs.append(len(blob.tensors) - 1)


def drop_scratch(blob: Blob, op: OperatorRecord) -> None:
    """Undo `add_scratch`. Tensors of operators before must have been dropped already: they come in that order."""
    index = op.outputs.pop()
    del blob.tensors[index]
    for other in blob.operators:
        other.outputs = [i - (i > index) for i in other.outputs]
