"""CONV_2D, DEPTHWISE_CONV_2D, FULLY_CONNECTED."""

from __future__ import annotations

import numpy as np

from smidgen.convert.lower.driver import Lowering, Refusal, lowers
from smidgen.convert.program import Channels
from smidgen.graph import Op, Tensor
from smidgen.quantise import (
    activation_range,
    conv_scales,
    fully_connected_scales,
    padding_before,
    quantise_multipliers,
)


def operands(op: Op) -> tuple[Tensor, Tensor, Tensor | None]:
    """(input, weights, bias or None), each checked for what the engine needs."""
    x, weights = op.inputs[0], op.inputs[1]
    bias = op.inputs[2] if len(op.inputs) > 2 else None
    if x is None or weights is None:
        raise Refusal("lacks its input or its weights")
    if x.type == "FLOAT32" or weights.type == "FLOAT32":
        raise Refusal("computes in float32; quantise the model to int8 (full integer quantisation) and convert again")
    if (x.type, weights.type, op.outputs[0].type) != ("INT8", "INT8", "INT8"):
        raise Refusal(f"computes with {x.type} inputs and {weights.type} weights; the engine has INT8 with INT8")
    if not x.scale.size or not weights.scale.size or not op.outputs[0].scale.size:
        raise Refusal("lacks quantisation parameters; quantise the model to int8 and convert again")
    return x, weights, bias


def channels(op: Op, out_c: int, bias: Tensor | None, scales: np.ndarray) -> Channels:
    """The channel block of an operator with `out_c` output channels; scales float64 [1 or out_c]."""
    if scales.size not in (1, out_c):
        raise Refusal(f"has {scales.size} weight scales for {out_c} output channels")
    if bias is None:
        values = np.zeros(out_c, np.int32)
    elif bias.data is None or bias.data.size != out_c or bias.type != "INT32":
        raise Refusal(f"needs a constant INT32 bias of {out_c} values, not {bias}")
    else:
        values = bias.data.reshape(-1).astype(np.int32)
    return Channels(values, *quantise_multipliers(scales))


@lowers("CONV_2D", "DEPTHWISE_CONV_2D")
def conv_2d(low: Lowering, op: Op) -> None:
    """Both take the same parameters; they differ in the shape of the weights."""
    x, weights, bias = operands(op)
    out = op.outputs[0]
    if weights.data is None or weights.zero_point.any():
        raise Refusal("needs constant weights with zero point 0")
    if len(x.shape) != 4 or len(weights.shape) != 4 or len(out.shape) != 4:
        raise Refusal("needs four-dimensional operands")
    o = op.options
    _, kh, kw, last = weights.shape
    low_clamp, high_clamp = activation_range(o["fused_activation_function"], out)
    per_output = kh * kw * (last if op.name == "CONV_2D" else 1)
    low.emit(
        op.name,
        [low.value(x), low.value(weights)],
        [low.output(op)],
        channels=channels(op, out.shape[3], bias, conv_scales(x, weights, out)),
        macs=int(np.prod(out.shape)) * per_output,
        stride_h=o["stride_h"],
        stride_w=o["stride_w"],
        dilation_h=o["dilation_hfactor"],
        dilation_w=o["dilation_wfactor"],
        pad_top=padding_before(o["padding"], x.shape[1], out.shape[1], kh, o["stride_h"], o["dilation_hfactor"]),
        pad_left=padding_before(o["padding"], x.shape[2], out.shape[2], kw, o["stride_w"], o["dilation_wfactor"]),
        act_min=low_clamp,
        act_max=high_clamp,
    )


@lowers("FULLY_CONNECTED")
def fully_connected(low: Lowering, op: Op) -> None:
    x, weights, bias = operands(op)
    out = op.outputs[0]
    if len(weights.shape) != 2:
        raise Refusal("needs two-dimensional weights")
    low_clamp, high_clamp = activation_range(op.options["fused_activation_function"], out)
    low.emit(
        op.name,
        [low.value(x), low.value(weights)],
        [low.output(op)],
        channels=channels(op, weights.shape[0], bias, fully_connected_scales(x, weights, out)),
        macs=int(np.prod(out.shape)) * weights.shape[1],
        act_min=low_clamp,
        act_max=high_clamp,
    )
