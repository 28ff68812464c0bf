"""CONV_2D, DEPTHWISE_CONV_2D, TRANSPOSE_CONV, FULLY_CONNECTED."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from smidgen.convert.lower.driver import Lowering, Refusal, constant, lowers
from smidgen.convert.program import Channels, Value
from smidgen.graph import Op, Tensor
from smidgen.quantise import (
    activation_range,
    conv_scales,
    fully_connected_scales,
    padding_before,
    quantise_multipliers,
    sums_are_wide,
    window_out,
)

TYPES = [("INT8", "INT8"), ("INT8", "INT4"), ("INT16", "INT8")]  # of inputs and of weights


def operands(op: Op, order: Sequence[int] = (0, 1, 2)) -> tuple[Tensor, Tensor, Tensor | None]:
    """(input, weights, bias or None), which stand in `order`, each checked for what the engine needs."""
    x, weights = op.inputs[order[0]], op.inputs[order[1]]
    bias = op.inputs[order[2]] if len(op.inputs) > order[2] else None
    if x is None or weights is None:
        raise Refusal("lacks its input or its weights")
    out = op.outputs[0]
    if "FLOAT32" in (x.type, weights.type):
        raise Refusal("computes in float32; quantise the model to int8 (full integer quantisation) and convert again")
    if (x.type, weights.type) not in TYPES or out.type != x.type:
        kinds = ", ".join(" with ".join(pair) for pair in TYPES)
        raise Refusal(f"makes {out.type} of {x.type} inputs and {weights.type} weights; the engine has {kinds}")
    if not x.scale.size or not weights.scale.size or not out.scale.size:
        raise Refusal("lacks quantisation parameters; quantise the model to int8 and convert again")
    if x.type == "INT16" and (x.zp or out.zp):
        raise Refusal("has INT16 operands with a zero point other than 0")
    return x, weights, bias


def channels(op: Op, out_c: int, bias: Tensor | None, scales: np.ndarray) -> Channels:
    """The channel block of an operator with `out_c` output channels; scales float64 [1 or out_c]."""
    if scales.size not in (1, out_c):
        raise Refusal(f"has {scales.size} weight scales for {out_c} output channels")
    wide = sums_are_wide(op, bias)
    # TensorFlow Lite Micro widens INT16 biases of TRANSPOSE_CONV.
    kinds = ("INT64", "INT16") if wide and op.name == "TRANSPOSE_CONV" else ("INT64",) if wide else ("INT32",)
    if bias is None:
        values = np.zeros(out_c, np.int64 if wide else np.int32)
    elif bias.data is None or bias.data.size != out_c or bias.type not in kinds:
        raise Refusal(f"needs a constant {kinds[0]} bias of {out_c} values, not {bias}")
    else:
        values = bias.data.reshape(-1).astype(np.int64 if wide else np.int32)
    multipliers, shifts = quantise_multipliers(scales)
    if shifts.max() > (7 if wide else 30):
        raise Refusal("scales its sums up so far that they overflow; the scale of its output is too small")
    return Channels(values, multipliers, shifts)


def convolution(op: Op, x: Tensor, weights: Tensor) -> tuple[int, int]:
    """Kernel height and width of a convolution whose weights the engine can use."""
    if weights.zero_point.any():
        raise Refusal("needs weights with zero point 0")
    out = op.outputs[0]
    if len(x.shape) != 4 or len(weights.shape) != 4 or len(out.shape) != 4:
        raise Refusal("needs four-dimensional operands")
    if x.shape[0] != out.shape[0] or not channels_fit(op.name, x.shape[3], weights.shape, out.shape[3]):
        raise Refusal(f"cannot make {out} of {x} with the weights {weights}")
    return weights.shape[1], weights.shape[2]


def channels_fit(name: str, in_c: int, weights: tuple[int, ...], out_c: int) -> bool:
    """Do the numbers of channels fit the operator?"""
    if name == "DEPTHWISE_CONV_2D":
        return weights[0] == 1 and weights[3] == out_c and out_c % in_c == 0
    if name == "TRANSPOSE_CONV":
        return weights[0] == out_c and weights[3] == in_c
    return weights[0] == out_c and in_c % weights[3] == 0 and out_c % (in_c // weights[3]) == 0


def as_convolution(low: Lowering, op: Op, x: Tensor, weights: Tensor) -> tuple[str, Value]:
    """(operator, weights): a depthwise convolution of one channel is a convolution, whose kernels do more at once."""
    if op.name != "DEPTHWISE_CONV_2D" or x.shape[3] != 1 or weights.data is None:
        return op.name, low.value(weights)
    filters = weights.data.reshape(weights.shape).transpose(3, 1, 2, 0)
    return "CONV_2D", constant(weights.type, np.ascontiguousarray(filters), weights)


@lowers("CONV_2D", "DEPTHWISE_CONV_2D")
def conv_2d(low: Lowering, op: Op) -> None:
    """Both take the same parameters; they differ in the shape of the weights."""
    x, weights, bias = operands(op)
    kh, kw = convolution(op, x, weights)
    o, out = op.options, op.outputs[0]
    top, bottom, left, right = o.get("frame", (0, 0, 0, 0))  # of a PAD before (fold_pad)
    height, width = x.shape[1] + top + bottom, x.shape[2] + left + right
    low_clamp, high_clamp = activation_range(o["fused_activation_function"], out)
    name, filters = as_convolution(low, op, x, weights)
    per_output = kh * kw * (filters.shape[3] if name == "CONV_2D" else 1)
    low.emit(
        name,
        [low.value(x), filters],
        [low.output(op)],
        channels=channels(op, out.shape[3], bias, conv_scales(x, weights, out)),
        macs=int(np.prod(out.shape)) * per_output,
        stride_h=o["stride_h"],
        stride_w=o["stride_w"],
        dilation_h=o["dilation_hfactor"],
        dilation_w=o["dilation_wfactor"],
        pad_top=top + padding_before(o["padding"], height, out.shape[1], kh, o["stride_h"], o["dilation_hfactor"]),
        pad_left=left + padding_before(o["padding"], width, out.shape[2], kw, o["stride_w"], o["dilation_wfactor"]),
        act_min=low_clamp,
        act_max=high_clamp,
    )


@lowers("TRANSPOSE_CONV")
def transpose_conv(low: Lowering, op: Op) -> None:
    """Its padding is that of the convolution from its output to its input."""
    x, weights, bias = operands(op, order=(2, 1, 3))
    if weights.type == "INT4":
        raise Refusal("has INT4 weights, which TensorFlow Lite Micro does not take here")
    kh, kw = convolution(op, x, weights)
    o, out = op.options, op.outputs[0]
    _, oh, ow, out_c = out.shape
    low_clamp, high_clamp = activation_range(o["fused_activation_function"], out)
    rows, columns = window_out(o["padding"], oh, kh, o["stride_h"]), window_out(o["padding"], ow, kw, o["stride_w"])
    low.emit(
        op.name,
        [low.value(x), low.value(weights)],
        [low.output(op)],
        channels=channels(op, out_c, bias, conv_scales(x, weights, out)),
        macs=int(np.prod(x.shape)) * kh * kw * out_c,
        stride_h=o["stride_h"],
        stride_w=o["stride_w"],
        dilation_h=1,
        dilation_w=1,
        pad_top=padding_before(o["padding"], oh, rows, kh, o["stride_h"]),
        pad_left=padding_before(o["padding"], ow, columns, kw, o["stride_w"]),
        act_min=low_clamp,
        act_max=high_clamp,
    )


@lowers("FULLY_CONNECTED")
def fully_connected(low: Lowering, op: Op) -> None:
    x, weights, bias = operands(op)
    out = op.outputs[0]
    if len(weights.shape) != 2 or out.shape[-1:] != weights.shape[:1]:
        raise Refusal(f"needs two-dimensional weights with a row for each output channel, not {weights}")
    if int(np.prod(x.shape)) * weights.shape[0] != int(np.prod(out.shape)) * weights.shape[1]:
        raise Refusal(f"cannot make {out} of {x} with the weights {weights}")
    if weights.type == "INT4" and weights.scale.size > 1:
        raise Refusal("has INT4 weights with a scale for each channel, which TensorFlow Lite Micro does not take here")
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
