"""Operators that only move data: all of them become COPY.

The oracle's definition is run on element numbers instead of values, and the numbers that come out say where every
output element comes from. Cut into grids, that is a list of COPYs. So one lowering serves all these operators, and none
of them can move anything elsewhere than its definition does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from smidgen import reference
from smidgen.convert.grid import Grid, factor
from smidgen.convert.lower.driver import Lowering, Refusal, constant, lowers
from smidgen.convert.program import Value
from smidgen.graph import DTYPES, Op

NUMBERS_FROM = (
    1 << 40
)  # numbers of elements start here; below are values that the operator itself brings, such as padding
MAX_ELEMENTS = 1 << 24
MAX_FILLS = 2
MAX_PIECES = 256

# Which operands are moved; the others must be constant. None: all are moved.
MOVED: dict[str, tuple[int, ...] | None] = {
    "BATCH_TO_SPACE_ND": (0,),
    "BROADCAST_ARGS": (),
    "BROADCAST_TO": (0,),
    "CONCATENATION": None,
    "DEPTH_TO_SPACE": (0,),
    "FILL": (1,),
    "MIRROR_PAD": (0,),
    "PACK": None,
    "PAD": (0,),
    "PADV2": (0, 2),
    "REVERSE_V2": (0,),
    "SHAPE": (0,),
    "SLICE": (0,),
    "SPACE_TO_BATCH_ND": (0,),
    "SPACE_TO_DEPTH": (0,),
    "SPLIT": (1,),
    "SPLIT_V": (0,),
    "STRIDED_SLICE": (0,),
    "TRANSPOSE": (0,),
    "UNPACK": (0,),
    "ZEROS_LIKE": (0,),
}


@dataclass(frozen=True)
class Piece:
    """A COPY into the output: from operand `operand`, or of the value `literal` when that is None."""

    operand: int | None
    literal: int
    grid: Grid


@lowers(*MOVED)
def move(low: Lowering, op: Op) -> None:
    """Every output, piece by piece."""
    check_types(op)
    for i, origins in enumerate(origins_of(low, op)):
        out = op.outputs[i]
        if origins.shape != out.shape:
            raise Refusal(f"gives {list(origins.shape)}, which is not its output's shape")
        if (origins < NUMBERS_FROM).all():
            low.define(out, constant(out.type, origins.astype(DTYPES[out.type]), out))
            continue
        pieces = cut(origins, starts_of(op), MAX_PIECES)
        if pieces is None:
            raise Refusal(f"moves its elements in an order that takes more than {MAX_PIECES} copies")
        emit_pieces(low, [None if t is None else low.value(t) for t in op.inputs], low.output(op, i), pieces)


def check_types(op: Op) -> None:
    """Refuse what COPY cannot move, and what TFLM would have to rescale."""
    for out in op.outputs:
        if out.type not in DTYPES or out.type == "INT4":
            raise Refusal(f"moves {out.type} values; the engine moves whole bytes")
        if not 0 < int(np.prod(out.shape, dtype=np.int64)) <= MAX_ELEMENTS or len(out.shape) > 6:
            raise Refusal(
                f"has an output of shape {list(out.shape)}; 1 to {MAX_ELEMENTS} elements and 6 axes are possible"
            )
    if op.name != "CONCATENATION":
        return
    if op.options["fused_activation_function"]:
        raise Refusal("has a fused activation, which TensorFlow Lite Micro does not have either")
    out = op.outputs[0]
    if any(t is not None and t.type in ("INT8", "UINT8") and (t.s, t.zp) != (out.s, out.zp) for t in op.inputs):
        raise Refusal("joins tensors of different scales; quantise them with one scale (TensorFlow's converter does)")


def moved_operands(op: Op) -> tuple[int, ...]:
    wanted = MOVED.get(op.name, (0,))
    return tuple(range(len(op.inputs))) if wanted is None else tuple(i for i in wanted if i < len(op.inputs))


def starts_of(op: Op) -> dict[int, int]:
    """The number of the first element of each moved operand."""
    starts, at = {}, NUMBERS_FROM
    for i in moved_operands(op):
        starts[i] = at
        tensor = op.inputs[i]
        at += 0 if tensor is None else int(np.prod(tensor.shape, dtype=np.int64))
    return starts


def origins_of(low: Lowering, op: Op) -> list[np.ndarray]:
    """The oracle's results on element numbers, int64."""
    starts = starts_of(op)
    operands: list[np.ndarray | None] = []
    for i, tensor in enumerate(op.inputs):
        value = low.value(tensor)
        if i in starts:
            if value.elements > MAX_ELEMENTS:
                raise Refusal(f"reads {value.elements} elements; at most {MAX_ELEMENTS} are possible")
            operands.append(np.arange(starts[i], starts[i] + value.elements).reshape(value.shape))
        elif value.data is None:
            raise Refusal(f"needs {tensor} to be constant")
        else:
            operands.append(value.data)
    return reference.evaluate(op, operands)


def cut(origins: np.ndarray, starts: dict[int, int], limit: int) -> list[Piece] | None:
    """Origins of an output's elements as pieces that together write every element once; None when they would be more
    than `limit`. starts: the number of the first element of each operand."""
    owner = np.full(origins.shape, -1)
    for operand, start in starts.items():
        owner[origins >= start] = operand
    waiting = [(origins, owner, np.arange(origins.size).reshape(origins.shape))]
    pieces: list[Piece] = []
    while waiting:
        part = waiting.pop(0)
        piece = _piece(*part, starts)
        if piece is not None:
            pieces.append(piece)
            continue
        seam = _seam(*part[:2])
        if seam is None or len(pieces) + len(waiting) + len(seam[1]) >= limit:
            return None
        axis, cuts = seam
        waiting = [*zip(*(np.split(array, cuts, axis) for array in part), strict=True), *waiting]
    return pieces


def _piece(origins: np.ndarray, owner: np.ndarray, targets: np.ndarray, starts: dict[int, int]) -> Piece | None:
    operand = int(owner.flat[0])
    if (owner != operand).any():
        return None
    if operand >= 0:
        grid = factor((origins - starts[operand]).reshape(-1), targets.reshape(-1))
        return None if grid is None else Piece(operand, 0, grid)
    grid = factor(np.zeros(origins.size, np.int64), targets.reshape(-1))
    return None if grid is None or (origins != origins.flat[0]).any() else Piece(None, int(origins.flat[0]), grid)


def _seam(origins: np.ndarray, owner: np.ndarray) -> tuple[int, np.ndarray] | None:
    """The axis, and the positions on it, at which to cut: where the operand changes, else where a step first does."""
    for axis in range(owner.ndim):
        change = _along(np.diff(owner, axis=axis) != 0, axis)
        if change.any():
            return axis, np.flatnonzero(change) + 1
    for axis in range(owner.ndim):
        steps = np.diff(origins, axis=axis)
        bend = _along(steps != steps.take(range(min(1, steps.shape[axis])), axis), axis)
        if bend.any():
            return axis, np.flatnonzero(bend)[:1] + 1
    return None


def _along(hits: np.ndarray, axis: int) -> np.ndarray:
    """Positions of an axis with a hit anywhere on the others."""
    return np.asarray(hits.any(axis=tuple(i for i in range(hits.ndim) if i != axis)))


def emit_pieces(low: Lowering, sources: list[Value | None], out: Value, pieces: list[Piece]) -> None:
    """COPYs into `out`. Many pieces of one literal become one that fills the whole output, before all others."""
    fills = [piece for piece in pieces if piece.operand is None]
    if len(fills) > MAX_FILLS and len({piece.literal for piece in fills}) == 1:
        whole = Grid(0, 0, ((out.elements, 0, 1),))
        pieces = [Piece(None, fills[0].literal, whole), *(piece for piece in pieces if piece.operand is not None)]
    for piece in pieces:
        if piece.operand is None:
            source: Value | None = constant(out.type, np.full(1, piece.literal, DTYPES[out.type]))
        else:
            source = sources[piece.operand]
        emit_copy(low, source, out, piece.grid)


def emit_copy(low: Lowering, source: Value | None, out: Value, grid: Grid) -> None:
    """One COPY."""
    if source is None or source.type != out.type:
        raise Refusal(f"moves {source.type if source else 'missing'} values into a {out.type} tensor")
    low.emit("COPY", [source], [out], trailer=grid.trailer, rank=len(grid.axes), src=grid.src, dst=grid.dst)
