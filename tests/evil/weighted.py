"""Malformed operators with weights, by name: name -> (sample, change, error). Names begin with operator and field."""

from __future__ import annotations

from smidgen import _format as fmt
from tests.evil.entries import Entry, operand, param, scaling
from tests.evil.mutate import Change, File


def weighted(operator: str, sample: str, out_c: int) -> dict[str, Entry]:
    """What every operator with a channel block of int32 biases refuses."""
    changes = {
        "act_min: below its type": param(operator, "act_min", -129),
        "act_min: above act_max": param(operator, "act_min", 128),
        "act_max: above its type": param(operator, "act_max", 128),
        "channels: beyond the data": param(operator, "channels", 1 << 20),
        "channels: not a multiple of 8": param(operator, "channels", 4),
        "channels: wraps around": param(operator, "channels", 0xFFFFFFF8),
        "channels: a negative multiplier": scaling(operator, 4 * out_c, "i", -1),
        "scales: neither one nor all": param(operator, "scales", 250),
        "scales: none": param(operator, "scales", 0),
        "bias_type: INT8": param(operator, "bias_type", fmt.TYPES["INT8"]),
        "bias_type: INT64 with INT8 inputs": param(operator, "bias_type", fmt.TYPES["INT64"]),
        "weights: of floats": operand(operator, 1, "type", fmt.TYPES["BOOL"]),
        "weights: of another rank": operand(operator, 1, "rank", 1),
    }
    return {f"{operator}.{name}": (sample, change, fmt.ModelError) for name, change in changes.items()}


def window(operator: str, sample: str, fields: tuple[str, ...]) -> dict[str, Entry]:
    return {f"{operator}.{field}: zero": (sample, param(operator, field, 0), fmt.OperatorError) for field in fields}


STRIDES = ("stride_h", "stride_w")
DILATIONS = ("dilation_h", "dilation_w")
KERNELS = ("kernel_h", "kernel_w")

WEIGHTED: dict[str, Entry] = {
    **weighted("CONV_2D", "keyword", 4),
    **weighted("DEPTHWISE_CONV_2D", "keyword", 4),
    **weighted("FULLY_CONNECTED", "keyword", 3),
    **weighted("TRANSPOSE_CONV", "transpose_conv", 3),
    **weighted("SVDF", "svdf", 2),
    **window("CONV_2D", "keyword", STRIDES + DILATIONS),
    **window("DEPTHWISE_CONV_2D", "keyword", STRIDES + DILATIONS),
    **window("TRANSPOSE_CONV", "transpose_conv", STRIDES + DILATIONS),
    **window("AVERAGE_POOL_2D", "keyword", STRIDES + KERNELS),
    **window("MAX_POOL_2D", "max_pool", STRIDES + KERNELS),
}


def entry(name: str, sample: str, change: Change) -> None:
    WEIGHTED[name] = (sample, change, fmt.OperatorError)


for pool, source in (("AVERAGE_POOL_2D", "keyword"), ("MAX_POOL_2D", "max_pool")):
    entry(f"{pool}.act_min: below its type", source, param(pool, "act_min", -129))
    entry(f"{pool}.act_max: above its type", source, param(pool, "act_max", 128))

entry("TRANSPOSE_CONV.dilation_h: two", "transpose_conv", param("TRANSPOSE_CONV", "dilation_h", 2))
entry("CONV_2D.channels: a shift of 64-bit sums to the left", "wide", scaling("CONV_2D", 3 * 8 + 3 * 4, "b", 8))
entry("CONV_2D.channels: a shift beyond 31 bits", "keyword", scaling("CONV_2D", 4 * 4 + 4 * 4, "b", -32))

for which, limit in (("feature_multiplier", -1), ("feature_shift", 31), ("feature_shift", -32)):
    entry(f"SVDF.{which}: {limit}", "svdf", param("SVDF", which, limit))
entry("SVDF.state: shorter than the queues", "svdf", operand("SVDF", 4, "dims", 10, 1))
entry("SVDF.state: of another type than the weights", "svdf", operand("SVDF", 4, "type", fmt.TYPES["INT8"]))

for which in ("forget", "input", "hidden"):
    entry(f"LSTM.{which}_multiplier: negative", "lstm", param("LSTM", f"{which}_multiplier", -1))
    entry(f"LSTM.{which}_shift: 31", "lstm", param("LSTM", f"{which}_shift", 31))
    entry(f"LSTM.{which}_shift: -32", "lstm", param("LSTM", f"{which}_shift", -32))
entry("LSTM.cell_clip: negative", "lstm", param("LSTM", "cell_clip", -1))
entry("LSTM.cell_clip: beyond 16 bits", "lstm", param("LSTM", "cell_clip", 32769))
entry("LSTM.tanh_shift: 15", "lstm", param("LSTM", "tanh_shift", 15))
entry("LSTM.tanh_shift: -32", "lstm", param("LSTM", "tanh_shift", -32))
entry("LSTM.time_major: two", "lstm", param("LSTM", "time_major", 2))
for i, part in enumerate(("weights", "recurrent", "bias", "scalings", "table", "out", "hidden", "cell"), start=1):
    entry(f"LSTM {part}: of booleans", "lstm", operand("LSTM", i, "type", fmt.TYPES["BOOL"]))


def computed_scalings(f: File) -> None:
    """Nothing but their place is wrong: the arena is made to hold them."""
    for field, value in (("place", fmt.PLACES["ARENA"]), ("offset", 0)):
        operand("LSTM", 4, field, value)(f)
    f.set("header", 0, "arena_size", 64)


entry("LSTM scalings: computed", "lstm", computed_scalings)
