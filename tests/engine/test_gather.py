"""GATHER, EMBEDDING_LOOKUP and the two resizings."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smidgen import _format as fmt
from smidgen.bench.tflite_builder import ModelBuilder
from smidgen.convert import convert
from smidgen.engine import Engine
from smidgen.errors import ConvertError
from tests.support.equality import assert_same_everywhere

SEEDS = st.integers(0, 2**32 - 1)
SIDES = st.integers(1, 7)
many = settings(max_examples=80, deadline=None)


def quantisation(kind):
    return (0.5, -7) if kind == "INT8" else ()


@many
@given(st.data(), st.lists(st.integers(1, 4), min_size=1, max_size=4), st.sampled_from(["INT8", "FLOAT32"]), SEEDS)
def test_gather_gives_tflm_bytes(data, shape, kind, seed):
    """Constant and computed indices, every axis, batch dimensions."""
    axis = data.draw(st.integers(0, len(shape) - 1))
    batch = data.draw(st.integers(0, axis))
    index_shape = (*shape[:batch], *data.draw(st.lists(st.integers(1, 4), max_size=2)))
    rng = np.random.default_rng(seed)
    indices = rng.integers(0, shape[axis], index_shape).astype(np.int32)
    m = ModelBuilder()
    x = m.input(kind, tuple(shape), *quantisation(kind))
    is_constant = data.draw(st.booleans())
    positions = m.constant("INT32", indices) if is_constant else m.input("INT32", index_shape)
    out = (*shape[:axis], *index_shape[batch:], *shape[axis + 1 :])
    y = m.output(kind, out, *quantisation(kind))
    signed_axis = axis - len(shape) * data.draw(st.booleans())
    m.op("GATHER", [x, positions], [y], "GatherOptions", axis=signed_axis, batchDims=batch)
    values = rng.integers(-128, 128, shape).astype(np.int8 if kind == "INT8" else np.float32)
    assert_same_everywhere(m.build(), sequence=[[values] if is_constant else [values, indices]])


@many
@given(st.integers(1, 6), st.integers(1, 5), st.integers(1, 5), SEEDS)
def test_embedding_lookup_gives_tflm_bytes(rows, columns, count, seed):
    rng = np.random.default_rng(seed)
    m = ModelBuilder()
    table = m.constant("INT8", rng.integers(-128, 128, (rows, columns)), 0.5)
    y = m.output("INT8", (count, columns), 0.5)
    m.op("EMBEDDING_LOOKUP", [m.input("INT32", (count,)), table], [y])
    assert_same_everywhere(m.build(), sequence=[[rng.integers(0, rows, count).astype(np.int32)] for _ in range(3)])


def lookup_model(constant_indices=None):
    m = ModelBuilder()
    indices = m.input("INT32", (2,)) if constant_indices is None else m.constant("INT32", constant_indices)
    y = m.output("INT8", (2, 3), 0.5)
    table = np.arange(12).reshape(4, 3)
    x = m.constant("INT8", table, 0.5) if constant_indices is None else m.input("INT8", (4, 3), 0.5)
    m.op("GATHER", [x, indices], [y], "GatherOptions", axis=0)
    return m.build()


@pytest.mark.parametrize("index", [-1, 4, 2**31 - 1, -(2**31)])
def test_computed_index_out_of_range_ends_the_inference_with_index_error(index):
    engine = Engine(convert(lookup_model(), "x").to_bytes(), "x.smg")
    with pytest.raises(fmt.IndexError):
        engine.invoke([np.array([0, index], np.int32)])
    assert engine.invoke([np.array([3, 1], np.int32)])[0].tolist() == [[9, 10, 11], [3, 4, 5]]


@pytest.mark.parametrize("index", [-1, 4])
def test_constant_index_out_of_range_is_refused(index):
    with pytest.raises(ConvertError, match=r"GATHER .* has an index outside 0 to 3"):
        convert(lookup_model([0, index]), "bad.tflite")


@st.composite
def resizing(draw):
    """(input shape, output sizes, options)."""
    shape = draw(st.integers(1, 2)), draw(SIDES), draw(SIDES), draw(st.integers(1, 3))
    align, half = draw(st.sampled_from([(False, False), (True, False), (False, True)]))
    size = draw(st.integers(1, 20)), draw(st.integers(1, 20))
    if draw(st.booleans()):
        size = shape[1] * draw(st.integers(1, 3)), shape[2] * draw(st.integers(1, 3))
    return shape, size, {"alignCorners": align, "halfPixelCenters": half}


def resize_model(name, kind, shape, size, options):
    m = ModelBuilder()
    x = m.input(kind, shape, *quantisation(kind))
    y = m.output(kind, (shape[0], *size, shape[3]), *quantisation(kind))
    table = "".join(word.capitalize() for word in name.split("_")) + "Options"
    m.op(name, [x, m.constant("INT32", size)], [y], table, **options)
    return m.build()


@many
@given(resizing(), st.sampled_from(["INT8", "INT16", "FLOAT32"]), SEEDS)
def test_resize_nearest_neighbor_gives_tflm_bytes(geometry, kind, seed):
    assert_same_everywhere(resize_model("RESIZE_NEAREST_NEIGHBOR", kind, *geometry), seed)


@many
@given(resizing(), SEEDS)
def test_resize_bilinear_gives_tflm_bytes(geometry, seed):
    assert_same_everywhere(resize_model("RESIZE_BILINEAR", "INT8", *geometry), seed)


def test_whole_factors_of_nearest_neighbor_are_one_copy():
    content = resize_model("RESIZE_NEAREST_NEIGHBOR", "INT8", (1, 4, 5, 2), (8, 15), {})
    assert [op.name for op in convert(content, "x").operators] == ["COPY"]


def test_enlarging_beyond_what_tflm_can_is_refused():
    with pytest.raises(ConvertError, match=r"RESIZE_BILINEAR .* resize in two steps"):
        convert(resize_model("RESIZE_BILINEAR", "INT8", (1, 1, 1, 1), (600, 1), {}), "bad.tflite")
