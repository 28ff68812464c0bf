"""PAD into the convolution behind it: a picture framed in zero points is what the engine's own padding means."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from smidgen.graph import Graph, Op, Tensor

CONVOLUTIONS = ("CONV_2D", "DEPTHWISE_CONV_2D")


def fold_pads(graph: Graph) -> Graph:
    """The graph with convolutions that read a PAD's input instead of its output.

    Their option `frame` says by how much it was padded: rows before and after, columns before and after. A PAD that
    nobody reads any more goes.
    """
    pads = {op.outputs[0].index: op for op in graph.ops if op.name in ("PAD", "PADV2") and _frame(op) is not None}
    ops = [_folded(op, pads) for op in graph.ops]
    read = {t.index for op in ops for t in op.inputs if t is not None} | {t.index for t in graph.outputs}
    idle = [op for index, op in pads.items() if index not in read]
    return replace(graph, ops=[op for op in ops if not any(op is pad for pad in idle)])


def _folded(op: Op, pads: dict[int, Op]) -> Op:
    source = op.inputs[0] if op.inputs else None
    if op.name not in CONVOLUTIONS or source is None or source.index not in pads:
        return op
    pad = pads[source.index]
    return replace(op, inputs=[pad.inputs[0], *op.inputs[1:]], options=op.options | {"frame": _frame(pad)})


def _frame(op: Op) -> tuple[int, int, int, int] | None:
    """How a PAD frames pictures in their zero point; None when it does anything else."""
    if len(op.inputs) not in (2, 3) or len(op.outputs) != 1:
        return None
    (x, paddings, *value), out = op.inputs, op.outputs[0]
    if x is None or paddings is None or paddings.data is None or paddings.data.shape != (4, 2) or len(x.shape) != 4:
        return None
    amounts = paddings.data.astype(np.int64)
    outside = amounts[[0, 3]].any() or (amounts < 0).any()
    if outside or _literal(value) not in (None, out.zp) or (x.type, x.s, x.zp) != (out.type, out.s, out.zp):
        return None
    top, bottom, left, right = (int(n) for n in amounts[1:3].reshape(-1))
    return top, bottom, left, right


def _literal(value: list[Tensor | None]) -> int | float | None:
    """What a PADV2 fills with, NaN when it is computed; None for a PAD, which fills with its output's zero point."""
    if not value or value[0] is None:
        return None
    data = value[0].data
    return float("nan") if data is None or data.size != 1 else int(data.reshape(-1)[0])
