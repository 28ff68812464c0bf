"""RESIZE_NEAREST_NEIGHBOR and RESIZE_BILINEAR."""

from __future__ import annotations

import numpy as np

from smidgen.convert.lower.driver import Lowering, Refusal, constant, lowers
from smidgen.convert.lower.gather import MAX_COPIES, pick
from smidgen.convert.lower.moves import check_types, cut, emit_pieces
from smidgen.convert.program import Value
from smidgen.graph import Op, Tensor
from smidgen.reference.blocks import nearest
from smidgen.reference.resize import ONE, bilinear_positions, bilinear_scale


def _source(op: Op) -> Tensor:
    """The picture to resize."""
    x, out, size = op.inputs[0], op.outputs[0], op.inputs[1]
    if size is None or size.data is None:
        raise Refusal(f"needs {size} to be constant")
    if x is None or len(x.shape) != 4 or out.shape != (x.shape[0], *size.data.tolist(), x.shape[3]):
        raise Refusal(f"cannot resize {x} to {out}")
    return x


@lowers("RESIZE_NEAREST_NEIGHBOR")
def resize_nearest_neighbor(low: Lowering, op: Op) -> None:
    """Few COPYs where the positions are even enough; else rows and columns are picked one after the other, the ones
    that leave less in between first."""
    check_types(op)
    source, out = low.value(_source(op)), low.output(op)
    positions = {axis: nearest(op, source.shape[axis], out.shape[axis]) for axis in (1, 2)}
    origins = np.arange(source.elements).reshape(source.shape).take(positions[1], 1).take(positions[2], 2)
    pieces = cut(origins, {0: 0}, MAX_COPIES)
    if pieces is not None:
        emit_pieces(low, [source], out, pieces)
        return
    first, second = sorted((1, 2), key=lambda axis: out.shape[axis] / source.shape[axis])
    shape = tuple(n if axis != first else out.shape[axis] for axis, n in enumerate(source.shape))
    between = Value(out.type, shape, out.zero_point, out.scale, f"{out.name}, halfway")
    pick(low, source, constant("INT32", positions[first].astype(np.int32)), between, first)
    pick(low, between, constant("INT32", positions[second].astype(np.int32)), out, second)


@lowers("RESIZE_BILINEAR")
def resize_bilinear(low: Lowering, op: Op) -> None:
    x, out, o = _source(op), op.outputs[0], op.options
    if (x.type, out.type) != ("INT8", "INT8"):
        raise Refusal(f"needs an INT8 input and output, not {x}")
    if o["align_corners"] and o["half_pixel_centers"]:
        raise Refusal("has both align_corners and half_pixel_centers, which contradict each other")
    scales = [bilinear_scale(op, x.shape[axis], out.shape[axis]) for axis in (1, 2)]
    for axis, scale in zip((1, 2), scales, strict=True):
        if bilinear_positions(op, scale, out.shape[axis])[-1] >= x.shape[axis] * ONE:
            raise Refusal("enlarges so much that TensorFlow Lite Micro reads behind its input; resize in two steps")
    half = int(o["half_pixel_centers"])
    operands = [low.value(x)], [low.output(op)]
    low.emit("RESIZE_BILINEAR", *operands, scale_h=scales[0], scale_w=scales[1], half_pixel_centers=half)
