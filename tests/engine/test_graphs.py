"""Random graphs of operators that move data and of some that compute: where values share memory, the bytes must stay
TFLM's, and the arena must not be larger than TFLM's."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smidgen.convert import convert
from tests.support.equality import assert_same_everywhere
from tests.support.memory import tflm_head
from tests.support.streaming import StreamingBuilder

C = 16  # channels: enough for memory to matter beside alignment


class Graph(StreamingBuilder):
    """[1, n, 1, C] INT8 tensors; each step adds one or more."""

    def __init__(self, draw):
        super().__init__(initialise=False)
        self.draw = draw
        shape = (1, draw(st.integers(1, 6)), 1, C)
        self.known = [self.input_values(shape) for _ in range(draw(st.integers(1, 2)))]

    def input_values(self, shape):
        self.graph.inputs.append(self.values(shape))
        return self.graph.inputs[-1]

    def height(self, x):
        return self.graph.tensors[x].shape[1]

    def pick(self):
        return self.draw(st.sampled_from(self.known))

    def step(self):
        name = self.draw(
            st.sampled_from(["relu", "joined", "parts", "sliced", "padded", "swapped", "convolved", "added"])
        )
        self.known.extend(getattr(self, name)(self.pick()))

    def relu(self, x):
        return [super().relu(x)]

    def joined(self, x):
        parts = [x, *(self.pick() for _ in range(self.draw(st.integers(1, 2))))]
        return [self.concatenate(parts, self.values((1, sum(map(self.height, parts)), 1, C)))]

    def parts(self, x):
        n = self.height(x)
        if n == 1:
            return []
        first = self.draw(st.integers(1, n - 1))
        outputs = [self.values((1, size, 1, C)) for size in (first, n - first)]
        operands = [x, self.numbers(first, n - first), self.constant("INT32", np.array(1))]
        self.op("SPLIT_V", operands, outputs, "SplitVOptions", numSplits=2)
        return outputs

    def sliced(self, x):
        first = self.draw(st.integers(0, self.height(x) - 1))
        return [self.rows(x, first, self.draw(st.integers(1, self.height(x) - first)))]

    def padded(self, x):
        before, after = self.draw(st.tuples(st.integers(0, 2), st.integers(0, 2)))
        out = self.values((1, self.height(x) + before + after, 1, C))
        widths = self.constant("INT32", np.array([[0, 0], [before, after], [0, 0], [0, 0]]))
        self.op("PAD", [x, widths], [out], "PadOptions")
        return [out]

    def swapped(self, x):
        """There and back, with a new shape in between."""
        n = self.height(x)
        turned, flat, out = self.values((C, 1, n, 1)), self.values((C, n)), self.values((1, n, 1, C))
        self.op("TRANSPOSE", [x, self.numbers(3, 0, 1, 2)], [turned], "TransposeOptions")
        self.op("RESHAPE", [turned, self.numbers(C, n)], [flat], "ReshapeOptions")
        self.op("RESHAPE", [flat, self.numbers(1, n, 1, C)], [out], "ReshapeOptions")
        return [out]

    def added(self, x):
        """To a tensor of the same height, or of one row that is repeated; it may be the same."""
        other = self.draw(st.sampled_from([y for y in self.known if self.height(y) in (1, self.height(x))] + [x]))
        out = self.values((1, self.height(x), 1, C))
        self.op("ADD", [x, other], [out], "AddOptions")
        return [out]

    def convolved(self, x):
        kernel = self.draw(st.integers(1, self.height(x)))
        weights = np.random.default_rng(kernel).integers(-127, 128, (C, kernel, 1, C))
        out = self.values((1, self.height(x) - kernel + 1, 1, C))
        bias = self.constant("INT32", np.arange(C) * 100, 0.0005)
        operands = [x, self.constant("INT8", weights, 0.01), bias]
        self.op("CONV_2D", operands, [out], "Conv2DOptions", padding=1, strideH=1, strideW=1)
        return [out]


@st.composite
def graphs(draw) -> bytes:
    graph = Graph(draw)
    for _ in range(draw(st.integers(1, 8))):
        graph.step()
    graph.graph.outputs = [graph.known[-1], *draw(st.lists(st.sampled_from(graph.known), max_size=2))]
    return graph.build()


@settings(max_examples=250, deadline=None)
@given(graphs(), st.integers(0, 2**32 - 1))
def test_random_graphs_give_tflm_bytes(content, seed):
    assert_same_everywhere(content, seed, count=2)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(graphs())
def test_random_graphs_need_at_most_tflms_memory(capfd, content):
    assert convert(content, "graph.tflite").arena_size <= tflm_head(content, capfd)
