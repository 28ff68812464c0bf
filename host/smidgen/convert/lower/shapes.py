"""Output shapes that follow from an operator's inputs.

The oracle and the lowerings rely on the shapes that a file declares, and a kernel writes as many values as its output
has. Operators that are not here check their outputs where they are lowered.
"""

from __future__ import annotations

from smidgen.graph import Op
from smidgen.quantise import window_out
from smidgen.reference.table import operand

Shape = tuple[int, ...]

# One value out for one value in.
SAME = {"ABS", "CAST", "DEQUANTIZE", "ELU", "HARD_SWISH", "LEAKY_RELU", "LOGICAL_NOT", "LOGISTIC", "LOG_SOFTMAX"}
SAME |= {"QUANTIZE", "RELU", "RELU6", "RSQRT", "SOFTMAX", "TANH", "ZEROS_LIKE"}


def derived_shape(op: Op) -> Shape | None:
    """The shape of the operator's output, or None when nothing is known about it here. Raises IndexError, KeyError,
    ValueError or ZeroDivisionError for a malformed operator."""
    if op.name in SAME:
        return operand(op).shape
    if op.name in ("CONV_2D", "DEPTHWISE_CONV_2D"):
        weights = operand(op, 1).shape
        return _slid(op, weights[1:3], weights[0 if op.name == "CONV_2D" else 3])
    if op.name in ("AVERAGE_POOL_2D", "MAX_POOL_2D"):
        return _slid(op, (op.options["filter_height"], op.options["filter_width"]), operand(op).shape[3])
    if op.name == "TRANSPOSE_CONV":
        return _transposed(op)
    return None


def _slid(op: Op, window: Shape, channels: int) -> Shape:
    """What a window leaves of a picture, which PAD may have framed (fold_pad)."""
    o, (n, height, width, _) = op.options, operand(op).shape
    top, bottom, left, right = o.get("frame", (0, 0, 0, 0))
    sizes = [
        window_out(o["padding"], size, kernel, o[f"stride_{axis}"], o.get(f"dilation_{axis}factor", 1))
        for axis, size, kernel in zip("hw", (top + height + bottom, left + width + right), window, strict=True)
    ]
    return (n, *sizes, channels)


def _transposed(op: Op) -> Shape:
    """As the constant says that names the shape."""
    sizes = operand(op, 0)
    if sizes.data is None:
        raise ValueError(f"{op} has no constant output shape")
    return (operand(op, 2).shape[0], *sizes.data.tolist()[1:3], operand(op, 1).shape[0])
