"""Small streaming models with resource variables, as microWakeWord's are built."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from smidgen.bench.tflite_builder import ModelBuilder

SCALE, ZERO = 0.05, -3


class StreamingBuilder(ModelBuilder):
    """A builder with variables: `variable` declares one, `read` and `assign` use it."""

    def __init__(self, initialise: bool = True):
        super().__init__()
        self.first = self.subgraph() if initialise else None
        if initialise:
            self.op("CALL_ONCE", [], [], "CallOnceOptions", initSubgraphIndex=1)

    def variable(self, name: str, initial: np.ndarray | None = None) -> int:
        """A handle in the main graph. initial: int8 contents that the first subgraph assigns, None for none."""
        if self.first is not None and initial is not None:
            constant = self.first.constant("INT8", initial, SCALE, ZERO)
            self.first.op("ASSIGN_VARIABLE", [_handle(self.first, name), constant], [], "AssignVariableOptions")
        return _handle(self, name)

    def read(self, handle: int, shape: tuple[int, ...]) -> int:
        out = self.tensor("INT8", shape, SCALE, ZERO)
        self.op("READ_VARIABLE", [handle], [out], "ReadVariableOptions")
        return out

    def assign(self, handle: int, value: int) -> None:
        self.op("ASSIGN_VARIABLE", [handle, value], [], "AssignVariableOptions")

    def values(self, shape: tuple[int, ...]) -> int:
        """An INT8 tensor of the one scale that all of these models have."""
        return self.tensor("INT8", shape, SCALE, ZERO)

    def numbers(self, *values: int) -> int:
        return self.constant("INT32", np.array(values))

    def concatenate(self, parts: Sequence[int], out: int, axis: int = 1) -> int:
        self.op("CONCATENATION", list(parts), [out], "ConcatenationOptions", axis=axis)
        return out

    def relu(self, x: int) -> int:
        """A value computed from [1, n, 1, c] element by element."""
        out = self.values(tuple(self.graph.tensors[x].shape))
        fields = {"filterHeight": 1, "filterWidth": 1, "strideH": 1, "strideW": 1, "fusedActivationFunction": 1}
        self.op("MAX_POOL_2D", [x], [out], "Pool2DOptions", **fields)
        return out

    def rows(self, x: int, first: int, count: int) -> int:
        """Rows `first` to `first + count` of [1, n, ...]."""
        shape = tuple(self.graph.tensors[x].shape)
        out = self.values((1, count, *shape[2:]))
        rest = [0] * (len(shape) - 2)
        begin, end = self.numbers(0, first, *rest), self.numbers(1, first + count, *shape[2:])
        masks = {"beginMask": ~2 & (1 << len(shape)) - 1, "endMask": ~2 & (1 << len(shape)) - 1}
        operands = [x, begin, end, self.numbers(*[1] * len(shape))]
        self.op("STRIDED_SLICE", operands, [out], "StridedSliceOptions", **masks)
        return out


def _handle(builder: ModelBuilder, name: str) -> int:
    handle = builder.tensor("RESOURCE", ())
    fields = {"container": b"", "sharedName": name.encode()}
    builder.op("VAR_HANDLE", [], [handle], "VarHandleOptions", **fields)
    return handle


def streaming_model(seed: int = 0, frames: int = 3, channels: int = 8, kept: Sequence[int] = (2, 4, 7)) -> bytes:
    """A causal network that sees `frames` new rows an inference: every layer keeps rows of its input in a variable,
    puts the new ones behind them and convolves over all. int8 [1, frames, 1, channels] -> int8 [1, 2]."""
    rng = np.random.default_rng(seed)
    m = StreamingBuilder()
    handles = [m.variable(f"layer{i}", rng.integers(-128, 128, (1, k, 1, channels))) for i, k in enumerate(kept)]
    held = [m.read(handle, (1, k, 1, channels)) for handle, k in zip(handles, kept, strict=True)]
    x, new = m.input("INT8", (1, frames, 1, channels), SCALE, ZERO), frames
    for handle, old, k in zip(handles, held, kept, strict=True):
        seen = m.concatenate([old, x], m.values((1, k + new, 1, channels)))
        m.assign(handle, m.rows(seen, new, k))
        x, new = _convolve(m, rng, seen, k + new, channels), 1
    _dense(m, rng, x, channels)
    return m.build()


def wake_word_model(seed: int = 0, kept: Sequence[int] = (2, 6)) -> bytes:
    """The form of a microWakeWord model of version 2: int8 [1, 3, 40] of a stream -> one probability, uint8 [1, 1]."""
    rng = np.random.default_rng(seed)
    m = StreamingBuilder()
    handles = [m.variable(f"stream_{i}", np.zeros((1, k, 1, 40))) for i, k in enumerate(kept)]
    held = [m.read(handle, (1, k, 1, 40)) for handle, k in zip(handles, kept, strict=True)]
    x, new = m.values((1, 3, 1, 40)), 3
    m.op("RESHAPE", [m.input("INT8", (1, 3, 40), SCALE, ZERO), m.numbers(1, 3, 1, 40)], [x], "ReshapeOptions")
    for handle, old, k in zip(handles, held, kept, strict=True):
        seen = m.concatenate([old, x], m.values((1, k + new, 1, 40)))
        m.assign(handle, m.rows(seen, new, k))
        x, new = _convolve(m, rng, seen, k + new, 40), 1
    flat, logit = m.values((1, 40)), m.tensor("INT8", (1, 1), 0.1, 0)
    m.op("RESHAPE", [x, m.numbers(1, 40)], [flat], "ReshapeOptions")
    weights = m.constant("INT8", rng.integers(-127, 128, (1, 40)), 0.0012)
    m.op("FULLY_CONNECTED", [flat, weights, -1], [logit], "FullyConnectedOptions")
    probability = m.tensor("INT8", (1, 1), 1 / 256, -128)
    m.op("LOGISTIC", [logit], [probability])
    m.op("QUANTIZE", [probability], [m.output("UINT8", (1, 1), 1 / 256, 0)], "QuantizeOptions")
    return m.build()


def _convolve(m: StreamingBuilder, rng: np.random.Generator, x: int, rows: int, channels: int) -> int:
    weights = m.constant("INT8", rng.integers(-127, 128, (channels, rows, 1, channels)), 0.004)
    bias = m.constant("INT32", rng.integers(-500, 500, channels), 0.004 * SCALE)
    out = m.values((1, 1, 1, channels))
    m.op("CONV_2D", [x, weights, bias], [out], "Conv2DOptions", padding=1, strideH=1, strideW=1)
    return out


def _dense(m: StreamingBuilder, rng: np.random.Generator, x: int, channels: int) -> None:
    flat = m.values((1, channels))
    m.op("RESHAPE", [x, m.numbers(1, channels)], [flat], "ReshapeOptions")
    weights = m.constant("INT8", rng.integers(-127, 128, (2, channels)), 0.01)
    y = m.output("INT8", (1, 2), SCALE, ZERO)
    m.op("FULLY_CONNECTED", [flat, weights, -1], [y], "FullyConnectedOptions")
