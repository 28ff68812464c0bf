"""AVERAGE_POOL_2D, MAX_POOL_2D."""

from __future__ import annotations

from smidgen.convert.lower.driver import Lowering, Refusal, lowers
from smidgen.graph import Op
from smidgen.quantise import activation_range, padding_before


@lowers("AVERAGE_POOL_2D", "MAX_POOL_2D")
def pool_2d(low: Lowering, op: Op) -> None:
    x, out, o = op.inputs[0], op.outputs[0], op.options
    if x is None or x.type not in ("INT8", "INT16") or out.type != x.type or len(x.shape) != 4:
        raise Refusal(f"needs a four-dimensional INT8 or INT16 input, not {x}")
    if len(out.shape) != 4 or (x.shape[0], x.shape[3]) != (out.shape[0], out.shape[3]):
        raise Refusal(f"cannot make {out} of {x}")
    if (x.s, x.zp) != (out.s, out.zp):
        raise Refusal("has an output scale that differs from its input's")
    low_clamp, high_clamp = activation_range(o["fused_activation_function"], out)
    low.emit(
        op.name,
        [low.value(x)],
        [low.output(op)],
        kernel_h=o["filter_height"],
        kernel_w=o["filter_width"],
        stride_h=o["stride_h"],
        stride_w=o["stride_w"],
        pad_top=padding_before(o["padding"], x.shape[1], out.shape[1], o["filter_height"], o["stride_h"]),
        pad_left=padding_before(o["padding"], x.shape[2], out.shape[2], o["filter_width"], o["stride_w"]),
        act_min=low_clamp,
        act_max=high_clamp,
    )
