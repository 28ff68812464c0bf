"""MEAN, SUM, REDUCE_MAX, REDUCE_MIN, ARG_MAX, ARG_MIN."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smidgen.bench.tflite_builder import ModelBuilder
from smidgen.convert import convert
from smidgen.errors import ConvertError
from tests.support.elementwise import SEEDS, quantised
from tests.support.equality import assert_same_everywhere

some = settings(max_examples=60, deadline=None)
SHAPES = st.lists(st.integers(1, 5), min_size=1, max_size=6)


def reduce_model(name, x, axes, keep_dims, out):
    m = ModelBuilder()
    source, y = m.input(*x), m.output(*out)
    m.op(name, [source, m.constant("INT32", axes)], [y], "ReducerOptions", keepDims=keep_dims)
    return m.build()


def reduced(shape, axes, keep_dims):
    along = {a % len(shape) for a in axes}
    return tuple(1 if i in along else n for i, n in enumerate(shape) if keep_dims or i not in along)


@pytest.mark.parametrize("kind", ["INT8", "INT16"])
@pytest.mark.parametrize("name", ["MEAN", "SUM"])
@some
@given(st.data(), SHAPES, st.booleans(), SEEDS)
def test_sums_give_tflm_bytes(name, kind, data, shape, keep_dims, seed):
    """Any axes, counted from either end, in any order, named twice; with zero points on INT16, too."""
    rank = len(shape)
    axes = data.draw(st.lists(st.integers(-rank, rank - 1), min_size=1, max_size=rank + 1))
    x = quantised(kind, tuple(shape), data.draw)
    out = quantised(kind, reduced(shape, axes, keep_dims), data.draw)
    if kind == "INT16":
        x, out = (*x[:3], data.draw(st.integers(-3000, 3000))), (*out[:3], data.draw(st.integers(-3000, 3000)))
    assert_same_everywhere(reduce_model(name, x, axes, keep_dims, out), seed)


@pytest.mark.parametrize("name", ["REDUCE_MAX", "REDUCE_MIN"])
@some
@given(st.data(), SHAPES, st.booleans(), SEEDS)
def test_extremes_give_tflm_bytes(name, data, shape, keep_dims, seed):
    rank = len(shape)
    axes = data.draw(st.lists(st.integers(-rank, rank - 1), min_size=1, max_size=rank))
    x = quantised("INT8", tuple(shape), data.draw)
    content = reduce_model(name, x, axes, keep_dims, ("INT8", reduced(shape, axes, keep_dims), *x[2:]))
    assert_same_everywhere(content, seed)


def position_model(name, shape, axis):
    m = ModelBuilder()
    source, y = m.input("INT8", shape, 0.1, 3), m.output("INT32", reduced(shape, [axis], False))
    options = {"ARG_MAX": "ArgMaxOptions", "ARG_MIN": "ArgMinOptions"}[name]
    m.op(name, [source, m.constant("INT32", [axis])], [y], options, outputType=2)
    return m.build()


@pytest.mark.parametrize("name", ["ARG_MAX", "ARG_MIN"])
@some
@given(st.data(), SHAPES, SEEDS, st.booleans())
def test_positions_give_tflm_bytes(name, data, shape, seed, many_equal):
    axis = data.draw(st.integers(-len(shape), len(shape) - 1))
    span = 2 if many_equal else 127
    values = np.random.default_rng(seed).integers(-span, span, shape, np.int8, endpoint=True)
    assert_same_everywhere(position_model(name, tuple(shape), axis), sequence=[[values]])


def test_global_mean_of_a_picture_gives_tflm_bytes():
    """The sum needs more than 16 bits and the axes join into one."""
    x, out = ("INT8", (1, 48, 48, 3), 0.05, -128), ("INT8", (1, 3), 0.02, -100)
    assert_same_everywhere(reduce_model("MEAN", x, [1, 2], False, out))


def computed_axes():
    m = ModelBuilder()
    source, axes, y = m.input("INT8", (2, 2), 0.1, 0), m.input("INT32", (1,)), m.output("INT8", (2,), 0.1, 0)
    m.op("MEAN", [source, axes], [y], "ReducerOptions")
    return m.build()


INT8 = ("INT8", (2, 3), 0.1, 0)
REFUSED = {
    "axes": (computed_axes(), "MEAN .* needs constant axes"),
    "axis": (reduce_model("SUM", INT8, [2], False, ("INT8", (2,), 0.1, 0)), "SUM .* malformed"),
    "shape": (reduce_model("SUM", INT8, [1], False, ("INT8", (3,), 0.1, 0)), "SUM .* cannot make"),
    "scale": (reduce_model("REDUCE_MAX", INT8, [1], False, ("INT8", (2,), 0.2, 0)), "REDUCE_MAX .* output scale"),
    "product": (reduce_model("REDUCE_PROD", INT8, [1], False, ("INT8", (2,), 0.1, 0)), "REDUCE_PROD .* not supported"),
    "int16": (
        reduce_model("REDUCE_MAX", ("INT16", (2, 3), 0.1, 0), [1], False, ("INT16", (2,), 0.1, 0)),
        "REDUCE_MAX .* from INT16",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_tflm_does_not_compute_is_refused_by_name(case):
    content, message = REFUSED[case]
    with pytest.raises(ConvertError, match=message):
        convert(content, "model.tflite")
