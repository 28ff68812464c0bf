"""A small model for each operator that works element by element, along axes, or from type to type (see samples.py)."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial

from smidgen.bench.tflite_builder import ModelBuilder
from tests.support.elementwise import Described, model

SHAPE = (2, 3, 4)
INT8, INT16 = ("INT8", SHAPE, 0.1, 3), ("INT16", SHAPE, 0.001, 0)
BOOL, INT32, FLOAT32 = ("BOOL", SHAPE, None, 0), ("INT32", SHAPE, None, 0), ("FLOAT32", SHAPE, None, 0)
ROW = ("INT8", (3, 1), 0.2, -5)  # broadcasts


def along_axes(name: str, options: str, axes: list[int], output: Described) -> bytes:
    """An operator along constant axes."""
    m = ModelBuilder()
    x, y = m.input(*INT8), m.output(*output)
    m.op(name, [x, m.constant("INT32", axes)], [y], options)
    return m.build()


def _models() -> dict[str, Callable[[], bytes]]:
    found = {}
    for name in ("ADD", "SUB", "MUL", "SQUARED_DIFFERENCE", "PRELU", "MINIMUM", "MAXIMUM"):
        found[name] = partial(model, name, [INT8, ROW], INT8)
    found["ADD_INT8"] = partial(model, "ADD", [INT8, ("INT8", SHAPE, 0.2, -5)], INT8)
    for name in ("EQUAL", "NOT_EQUAL", "LESS", "LESS_EQUAL"):
        found[name] = partial(model, name, [INT8, ROW], BOOL)
    for name in ("LOGISTIC", "TANH"):
        found[name] = partial(model, name, [INT16], ("INT16", SHAPE, 2**-15, 0))
    found["SUM"] = partial(along_axes, "MEAN", "ReducerOptions", [0, 2], ("INT8", (3,), 0.05, -3))
    for name in ("REDUCE_MAX", "REDUCE_MIN"):
        found[name] = partial(along_axes, name, "ReducerOptions", [1], ("INT8", (2, 4), *INT8[2:]))
    found["ARG_MAX"] = partial(along_axes, "ARG_MAX", "ArgMaxOptions", [1], ("INT32", (2, 4), None, 0))
    found["ARG_MIN"] = partial(along_axes, "ARG_MIN", "ArgMinOptions", [2], ("INT32", (2, 3), None, 0))
    found["SELECT"] = partial(model, "SELECT_V2", [("BOOL", (3, 4), None, 0), INT16, INT16], INT16)
    found["RESCALE"] = partial(model, "QUANTIZE", [INT16], INT8)
    found["QUANTIZE"] = partial(model, "QUANTIZE", [FLOAT32], INT8)
    found["DEQUANTIZE"] = partial(model, "DEQUANTIZE", [INT8], FLOAT32)
    found["CAST"] = partial(model, "CAST", [INT32], FLOAT32)
    softmax = ("INT16", SHAPE, 2**-15, 0)
    found["SOFTMAX_INT16"] = partial(model, "SOFTMAX", [INT16], softmax, "SoftmaxOptions", beta=1.0)
    found["LOG_SOFTMAX"] = partial(model, "LOG_SOFTMAX", [INT8], ("INT8", SHAPE, 1 / 16, 127))
    return found


# By the engine operator that the model becomes.
ELEMENT_SAMPLES = {name: cache(build) for name, build in _models().items()}
