"""Which columns of time each operator of a model needs: the rules by which `stream` cuts a model into steps.

Axis 1 is time. A tensor's columns are counted as in a whole window: column 0 is the oldest. An operator slides when its
newest outputs follow from a few of its newest inputs, and it is the same wherever the window lies.
"""

from __future__ import annotations

from dataclasses import dataclass

from smidgen.graph import Op, Tensor

_WINDOWS = ("CONV_2D", "DEPTHWISE_CONV_2D", "AVERAGE_POOL_2D", "MAX_POOL_2D")
_ONE_BY_ONE = {"ABS", "CAST", "DEQUANTIZE", "ELU", "EXP", "HARD_SWISH", "LEAKY_RELU", "LOG", "LOGISTIC", "NEG"}
_ONE_BY_ONE |= {"QUANTIZE", "RELU", "RELU6", "RELU_N1_TO_1", "RSQRT", "SQRT", "SQUARE", "TANH"}
_PAIRS = {"ADD", "MAXIMUM", "MINIMUM", "MUL", "PRELU", "SQUARED_DIFFERENCE", "SUB"}
_LAST_AXIS = ("LOG_SOFTMAX", "SOFTMAX")
_RESHAPES = ("EXPAND_DIMS", "RESHAPE", "SQUEEZE")
_HEADS = ("FULLY_CONNECTED", "MEAN", "REDUCE_MAX", "REDUCE_MIN", "SUM")


class NotStreamable(Exception):
    """An operator that no stream can compute; the text goes behind its name."""


@dataclass(frozen=True)
class Timeline:
    """A tensor's columns. length: of a whole window. stride: frames of the model's input from one to the next."""

    length: int
    stride: int

    def new(self, hop: int) -> int:
        """How many of the last columns a step of `hop` frames computes anew."""
        return min(hop // self.stride, self.length)


@dataclass(frozen=True)
class Need:
    """What an operator makes of time. out: its output's timeline, None when the output is no longer a row of columns,
    but an answer for the whole window. kernel, stride: columns that an output column is made of, and from one to the
    next. skipped: columns of the input before the first output's."""

    out: Timeline | None  # never of one column: that is an answer for the whole window
    kernel: int = 1
    stride: int = 1
    skipped: int = 0

    def columns(self, x: Timeline, hop: int) -> tuple[int, int]:
        """The input columns, from and to (exclusive), that the new outputs of a step are made of."""
        if self.out is None:
            return 0, x.length
        last = self.skipped + (self.out.length - 1) * self.stride
        first = last - (self.out.new(hop) - 1) * self.stride
        return first, last + self.kernel


def need_of(op: Op, x: Timeline, times: dict[int, Timeline]) -> Need:
    """The rule for an operator whose inputs in time all have the timeline `x`. times: of every tensor so far, by index.
    Raises NotStreamable."""
    if op.name in _WINDOWS:
        return _windowed(op, x)
    if op.name in _RESHAPES:
        keeps = len(op.outputs[0].shape) > 2 and op.outputs[0].shape[:2] == _first(op).shape[:2]
        return Need(x if keeps else None)
    if op.name in _HEADS:
        return Need(None)
    if op.name == "STRIDED_SLICE":
        return _sliced(op, x)
    _check_by_column(op, x, times)
    return Need(x)


def _windowed(op: Op, x: Timeline) -> Need:
    o, out = op.options, op.outputs[0].shape[1]
    size = o["filter_height"] if "filter_height" in o else _weights(op).shape[1]
    dilation = o.get("dilation_hfactor", 1)
    kernel = (size - 1) * dilation + 1
    if (out - 1) * o["stride_h"] + kernel > x.length:
        raise NotStreamable(
            "pads in time, so that a window's edges differ from its middle; train it with VALID padding"
        )
    if out == 1:
        return Need(None)
    return Need(Timeline(out, x.stride * o["stride_h"]), kernel, o["stride_h"])


def _sliced(op: Op, x: Timeline) -> Need:
    """A slice that leaves all but time whole: how a branch beside VALID convolutions is cut to their length."""
    shape, out, o = _first(op).shape, op.outputs[0].shape, op.options
    constants = [t.data for t in op.inputs[1:] if t is not None and t.data is not None]
    steady = len(constants) == 3 and (constants[2] == 1).all() and len(out) == len(shape)
    if not steady or (out[0], *out[2:]) != (shape[0], *shape[2:]) or o["shrink_axis_mask"]:
        raise NotStreamable("cuts otherwise than along time")
    if out[1] == 1:
        return Need(None)
    first = 0 if o["begin_mask"] & 2 else range(x.length)[int(constants[0][1])]
    return Need(Timeline(out[1], x.stride), skipped=first)


def _check_by_column(op: Op, x: Timeline, times: dict[int, Timeline]) -> None:
    """Refuse what does not treat each column apart and all alike."""
    shape = op.outputs[0].shape
    if len(op.outputs) != 1 or len(shape) < 3 or shape[1] != x.length:
        raise NotStreamable("cannot be computed column by column")
    joins = op.name == "CONCATENATION" and op.options["axis"] % len(shape) != 1
    if op.name not in _ONE_BY_ONE | _PAIRS and op.name not in _LAST_AXIS and not joins:
        raise NotStreamable("cannot be computed column by column")
    for tensor in op.inputs:
        if tensor is None or tensor.index in times:
            continue
        along = tensor.shape[1 - len(shape)] if len(tensor.shape) >= len(shape) - 1 else 1
        if tensor.data is None or joins or along != 1:
            raise NotStreamable(f"joins columns of time with {tensor}, which has none")


def _first(op: Op) -> Tensor:
    tensor = op.inputs[0]
    if tensor is None:
        raise NotStreamable("lacks its input")
    return tensor


def _weights(op: Op) -> Tensor:
    tensor = op.inputs[1]
    if tensor is None:
        raise NotStreamable("lacks its weights")
    return tensor
