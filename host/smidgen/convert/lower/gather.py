"""GATHER and EMBEDDING_LOOKUP: positions of an axis picked one by one.

A few COPYs when the positions are constant and follow each other evenly, else the engine's GATHER.
"""

from __future__ import annotations

import numpy as np

from smidgen.convert.lower.driver import Lowering, Refusal, lowers
from smidgen.convert.lower.moves import check_types, cut, emit_pieces
from smidgen.convert.program import Value
from smidgen.graph import Op
from smidgen.reference.moves import gather_axes, take

MAX_COPIES = 4  # each costs about as many bytes of file as a GATHER


@lowers("GATHER")
def gather(low: Lowering, op: Op) -> None:
    check_types(op)
    x, indices = low.value(op.inputs[0]), low.value(op.inputs[1])
    axis, batch = gather_axes(op, len(x.shape), len(indices.shape))
    if not 0 <= batch <= axis < len(x.shape) or x.shape[:batch] != indices.shape[:batch]:
        raise Refusal("has axes or batch dimensions that do not fit its operands")
    if op.outputs[0].shape != x.shape[:axis] + indices.shape[batch:] + x.shape[axis + 1 :]:
        raise Refusal(f"cannot give {op.outputs[0]} from {op.inputs[0]} and {op.inputs[1]}")
    pick(low, x, indices, low.output(op), axis, batch)


@lowers("EMBEDDING_LOOKUP")
def embedding_lookup(low: Lowering, op: Op) -> None:
    check_types(op)
    table, indices = low.value(op.inputs[1]), low.value(op.inputs[0])
    if table.type != op.outputs[0].type:
        raise Refusal(f"looks up {op.outputs[0].type} values in a table of {table.type}; quantise the model to int8")
    if op.outputs[0].shape != indices.shape + table.shape[1:]:
        raise Refusal(f"cannot give {op.outputs[0]} from {op.inputs[1]}")
    pick(low, table, indices, low.output(op), 0)


def pick(low: Lowering, source: Value, indices: Value, out: Value, axis: int, batch: int = 0) -> None:
    """out[b, o, i, n] = source[b, o, indices[b, i], n], b the first `batch` axes, and o those up to `axis`."""
    if source.type != out.type or indices.type != "INT32":
        raise Refusal(f"picks {source.type} by {indices.type} into {out.type}; it picks by INT32, types unchanged")
    if indices.data is not None:
        if ((indices.data < 0) | (indices.data >= source.shape[axis])).any():
            raise Refusal(f"has an index outside 0 to {source.shape[axis] - 1}")
        origins = take(np.arange(source.elements).reshape(source.shape), indices.data, axis, batch)
        pieces = cut(origins, {0: 0}, MAX_COPIES)
        if pieces is not None:
            emit_pieces(low, [source], out, pieces)
            return
    sizes = [int(np.prod(part, dtype=np.int64)) for part in (source.shape[:batch], source.shape[batch:axis])]
    inner = int(np.prod(source.shape[axis + 1 :], dtype=np.int64))
    low.emit("GATHER", [source, indices], [out], batches=sizes[0], outer=sizes[1], axis=source.shape[axis], inner=inner)
