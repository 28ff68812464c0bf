"""SVDF and UNIDIRECTIONAL_SEQUENCE_LSTM: their variable tensors are STATE values."""

from __future__ import annotations

import numpy as np

from smidgen.convert.lower.driver import Lowering, Refusal, constant, lowers
from smidgen.convert.program import Channels, Value
from smidgen.graph import Op, Tensor
from smidgen.quantise import lstm_scalings, svdf_scalings
from smidgen.reference.sigmoid import sigmoid_table

TANH = 4  # tflite.ActivationFunctionType
GATES = 4  # input, forget, cell, output


def operand(op: Op, i: int, kinds: tuple[str, ...]) -> Tensor:
    """Input `i`, which must be there, quantised with one scale, and of one of the types."""
    tensor = op.inputs[i] if i < len(op.inputs) else None
    if tensor is None:
        raise Refusal(f"lacks its input {i}")
    if tensor.type == "FLOAT32":
        raise Refusal("computes in float32; quantise the model to int8 (full integer quantisation) and convert again")
    if tensor.type not in kinds:
        raise Refusal(f"needs {' or '.join(kinds)} for input {i}, not {tensor}")
    if tensor.scale.size != 1 and tensor.type in ("INT8", "INT16"):
        raise Refusal(f"needs one scale for input {i}, not {tensor.scale.size}")
    return tensor


def state(low: Lowering, tensor: Tensor) -> Value:
    """The state value of a variable tensor."""
    value = low.value(tensor)
    if value.initial is None:
        raise Refusal(f"keeps its state in {tensor}, which is not a variable")
    return value


@lowers("SVDF")
def svdf(low: Lowering, op: Op) -> None:
    x, feature = operand(op, 0, ("INT8",)), operand(op, 1, ("INT8",))
    time, bias, kept = operand(op, 2, ("INT8", "INT16")), operand(op, 3, ("INT32",)), operand(op, 4, ("INT8", "INT16"))
    out = op.outputs[0]
    if kept.type != time.type or out.type != "INT8":
        raise Refusal(f"keeps {kept.type} values for {time.type} weights and makes {out.type}")
    n, filters = x.shape[0], feature.shape[0]
    if feature.shape[1:] != x.shape[1:] or time.shape[0] != filters or out.shape[0] != n or len(out.shape) != 2:
        raise Refusal(f"cannot make {out} of {x} with the filters {feature} and {time}")
    if int(np.prod(kept.shape)) != n * int(np.prod(time.shape)) or len(time.shape) != 2:
        raise Refusal(f"keeps its state in {kept}, which is not what {time} filters")
    if out.shape[1] * op.options["rank"] != feature.shape[0]:
        raise Refusal(f"makes {out.shape[1]} units of {feature.shape[0]} filters of rank {op.options['rank']}")
    (multiplier, shift), into_output = svdf_scalings(op)
    if max(shift, into_output[1]) > 30:
        raise Refusal("scales its sums up so far that they overflow; a scale is too small")
    low.emit(
        "SVDF",
        [low.value(x), low.value(feature), low.value(time)],
        [low.output(op), state(low, kept)],
        channels=unit_channels(bias, out.shape[1], into_output),
        macs=x.shape[0] * (int(np.prod(feature.shape)) + int(np.prod(time.shape))),
        feature_multiplier=multiplier,
        feature_shift=shift,
        act_min=-128,
        act_max=127,
    )


def unit_channels(bias: Tensor, units: int, scaling: tuple[int, int]) -> Channels:
    """The channel block of an SVDF's units."""
    if bias.data is None or bias.data.size != units:
        raise Refusal(f"needs a constant bias of {units} values, not {bias}")
    multiplier, shift = scaling
    return Channels(bias.data.reshape(-1), np.array([multiplier], np.int32), np.array([shift], np.int8))


@lowers("UNIDIRECTIONAL_SEQUENCE_LSTM")
def lstm(low: Lowering, op: Op) -> None:
    check_variant(op)
    x = operand(op, 0, ("INT8", "INT16"))
    hidden, cell = operand(op, 18, (x.type,)), operand(op, 19, ("INT16",))
    out = op.outputs[0]
    cells = out.shape[2]
    s = lstm_scalings(op)
    sizes = {int(np.prod(tensor.shape)) for tensor in (hidden, cell)}
    if x.shape[:2] != out.shape[:2] or sizes != {x.shape[1 if op.options["time_major"] else 0] * cells}:
        raise Refusal(f"cannot make {out} of {x} with the states {hidden} and {cell}")
    gate_shift, shift = max(shift for _, shift in s.gates), max(s.forget[1], s.input[1], s.hidden[1])
    if gate_shift > (7 if x.type == "INT16" else 30) or shift > 30:
        raise Refusal("scales its sums up so far that they overflow; a scale is too small")
    if out.type != x.type or not -31 <= s.tanh_shift <= 14 or cell.zp:
        raise Refusal(f"makes {out} with the cell state {cell}, which the engine does not have")
    weights = stacked(op, 1, "INT8", (cells, x.shape[2]))
    recurrent = stacked(op, 5, "INT8", (cells, cells))
    bias = stacked(op, 12, "INT32" if x.type == "INT8" else "INT64", (cells,))
    scalings = constant("INT32", np.array(s.gates, np.int32).T.copy())
    table = constant("INT16", sigmoid_table().view(np.int16))
    low.emit(
        "LSTM",
        [low.value(x), weights, recurrent, bias, scalings, table],
        [low.output(op), state(low, hidden), state(low, cell)],
        macs=x.shape[0] * x.shape[1] * (weights.elements + recurrent.elements),
        forget_multiplier=s.forget[0],
        forget_shift=s.forget[1],
        input_multiplier=s.input[0],
        input_shift=s.input[1],
        hidden_multiplier=s.hidden[0],
        hidden_shift=s.hidden[1],
        cell_clip=s.cell_clip,
        tanh_shift=s.tanh_shift,
        time_major=int(op.options["time_major"]),
    )


def stacked(op: Op, first: int, kind: str, shape: tuple[int, ...]) -> Value:
    """The constants of the four gates, from input `first` on, as one."""
    tensors = [operand(op, first + i, (kind,)) for i in range(GATES)]
    for tensor in tensors:
        if tensor.data is None or tensor.shape != shape or tensor.zp:
            raise Refusal(f"needs a constant of shape {list(shape)} with zero point 0, not {tensor}")
    return constant(kind, np.stack([tensor.data for tensor in tensors if tensor.data is not None]))


def check_variant(op: Op) -> None:
    """What TensorFlow Lite Micro refuses too."""
    for name, indices in (
        ("peephole", range(9, 12)),
        ("projection", range(16, 18)),
        ("layer normalisation", range(20, 24)),
    ):
        if any(i < len(op.inputs) and op.inputs[i] is not None for i in indices):
            raise Refusal(f"has {name} weights; only the plain LSTM is supported")
    if op.options["fused_activation_function"] != TANH:
        raise Refusal("has another activation than tanh")
