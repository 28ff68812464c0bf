"""Copies that need not be made are not, and whichever are left out, the bytes stay the same."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from smidgen.convert import convert, read
from smidgen.convert.elide import elide
from smidgen.convert.emit import emit
from smidgen.convert.lower import lower
from smidgen.convert.plan import plan
from smidgen.engine import Engine
from smidgen.reference import Reference
from tests.engine.test_graphs import graphs
from tests.support.equality import random_inputs
from tests.support.streaming import SCALE, ZERO, StreamingBuilder, streaming_model

ROWS = (1, 3, 1, 8)


def operators(m: StreamingBuilder) -> list[str]:
    return [op.name for op in convert(m.build(), "model.tflite").operators]


def test_parts_of_a_concatenation_are_computed_where_they_belong():
    m = StreamingBuilder(initialise=False)
    parts = [m.relu(m.input("INT8", ROWS, SCALE, ZERO)) for _ in range(3)]
    m.concatenate(parts, m.output("INT8", (1, 9, 1, 8), SCALE, ZERO))
    assert operators(m) == ["MAX_POOL_2D"] * 3


def test_slices_of_the_outermost_axis_are_views():
    m = StreamingBuilder(initialise=False)
    x = m.input("INT8", ROWS, SCALE, ZERO)
    m.graph.outputs = [m.rows(x, 0, 1), m.rows(x, 1, 2)]
    blob = convert(m.build(), "model.tflite")
    assert blob.operators == []
    assert [t.offset for t in blob.tensors] == [0, 0, 8]


def test_parts_along_an_inner_axis_are_copied():
    m = StreamingBuilder(initialise=False)
    parts = [m.input("INT8", ROWS, SCALE, ZERO) for _ in range(2)]
    m.concatenate(parts, m.output("INT8", (1, 3, 1, 16), SCALE, ZERO), axis=3)
    assert operators(m) == ["COPY", "COPY"]


def test_variables_are_read_in_place_and_computed_in_place():
    m = StreamingBuilder(initialise=False)
    handle = m.variable("state")
    m.concatenate([m.read(handle, ROWS)], m.output("INT8", ROWS, SCALE, ZERO))
    m.assign(m.variable("other"), m.relu(m.input("INT8", ROWS, SCALE, ZERO)))
    m.assign(handle, m.relu(m.input("INT8", ROWS, SCALE, ZERO)))
    copies = [name for name in operators(m) if name == "COPY"]
    assert copies == ["COPY"]  # the output must not change when the state does: one copy, of the state


def test_a_view_does_not_keep_a_large_value_alive():
    """One row of a large input is needed to the end: it is copied out, and the input's memory serves what follows."""
    m = StreamingBuilder(initialise=False)
    x = m.input("INT8", (1, 40, 1, 8), SCALE, ZERO)
    row, wide = m.rows(x, 0, 1), m.relu(x)
    weights = m.constant("INT8", np.ones((8, 40, 1, 8)), 0.01)
    small = m.values((1, 1, 1, 8))
    bias = m.constant("INT32", np.zeros(8))
    m.op("CONV_2D", [wide, weights, bias], [small], "Conv2DOptions", padding=1, strideH=1, strideW=1)
    large = m.values((1, 40, 1, 8))
    m.op("PAD", [small, m.constant("INT32", np.array([[0, 0], [39, 0], [0, 0], [0, 0]]))], [large], "PadOptions")
    m.graph.outputs = [m.relu(large), row]
    assert convert(m.build(), "model.tflite").arena_size < 2 * 40 * 8


def test_what_nobody_reads_is_not_computed():
    m = StreamingBuilder(initialise=False)
    x = m.input("INT8", ROWS, SCALE, ZERO)
    m.relu(m.relu(x))
    m.graph.outputs = [m.rows(x, 0, 3)]
    assert operators(m) == []


contents = graphs() | st.builds(streaming_model, st.integers(0, 3), st.integers(1, 3), st.just(4))


@settings(max_examples=150, deadline=None)
@given(contents, st.integers(0, 2**32 - 1))
def test_any_subset_of_the_copies_may_be_left_out(content, seed):
    """Random arena sizes make the search keep a random subset."""
    rng = np.random.default_rng(seed)
    program = lower(read(content, "model.tflite"))
    elide(program, lambda _: int(rng.integers(1 << 20, 1 << 30)))
    engine = Engine(emit(program, plan(program)).to_bytes(), "model.smg")
    graph = read(content, "model.tflite")
    oracle = Reference(graph)
    for _ in range(3):
        inputs = random_inputs(graph.inputs, rng)
        for result, want in zip(engine.invoke(inputs), oracle.invoke(inputs), strict=True):
            np.testing.assert_array_equal(result.reshape(-1), want.reshape(-1))
