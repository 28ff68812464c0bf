"""MEAN, SUM, REDUCE_MAX, REDUCE_MIN, ARG_MAX, ARG_MIN."""

from __future__ import annotations

import numpy as np

from smidgen.convert import strides
from smidgen.convert.lower.driver import Lowering, Refusal, lowers
from smidgen.convert.lower.types import require_factors, require_scales, require_types
from smidgen.graph import Op
from smidgen.reference.reduce import axes_of, reduce_scaling
from smidgen.reference.table import operand


def _axes(op: Op) -> tuple[int, ...]:
    axes = operand(op, 1)
    if axes.data is None:
        raise Refusal(f"needs constant axes, not {axes}")
    return axes_of(len(operand(op).shape), axes.data)


@lowers("MEAN", "SUM", "REDUCE_MAX", "REDUCE_MIN")
def reduce(low: Lowering, op: Op) -> None:
    x, out = operand(op), op.outputs[0]
    extreme = op.name.startswith("REDUCE")
    require_types(op, *[(t, "INT32", t) for t in (("INT8",) if extreme else ("INT8", "INT16"))])
    require_scales(op)
    if extreme and (x.s, x.zp) != (out.s, out.zp):
        raise Refusal("has an output scale that differs from its input's")
    along = _axes(op)
    count = int(np.prod([x.shape[a] for a in along], dtype=np.int64))
    if count * int(np.prod(out.shape, dtype=np.int64)) != int(np.prod(x.shape, dtype=np.int64)):
        raise Refusal(f"cannot make {out} from {x} along axes {list(along)}")
    kept, reduced = strides.reduction(x.shape, along)
    multiplier, shift = (0, 0) if extreme else reduce_scaling(op, count)
    require_factors((multiplier, shift))
    low.emit(
        op.name if extreme else "SUM",
        [low.value(x)],
        [low.output(op)],
        trailer=strides.trailer([*kept, *reduced]),
        rank=len(kept),
        reduced=len(reduced),
        multiplier=multiplier,
        shift=shift,
    )


@lowers("ARG_MAX", "ARG_MIN")
def arg_max(low: Lowering, op: Op) -> None:
    require_types(op, ("INT8", "INT32", "INT32"))
    x = operand(op)
    (axis,) = _axes(op)
    if x.shape[:axis] + x.shape[axis + 1 :] != op.outputs[0].shape:
        raise Refusal(f"cannot make {op.outputs[0]} from {x} along axis {axis}")
    inner = int(np.prod(x.shape[axis + 1 :], dtype=np.int64))
    low.emit(op.name, [low.value(x)], [low.output(op)], count=x.shape[axis], inner=inner)
