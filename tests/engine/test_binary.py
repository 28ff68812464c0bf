"""Operators on two values, with every kind of broadcasting, and SELECT_V2."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smidgen.bench.tflite_builder import ModelBuilder
from smidgen.convert import convert
from smidgen.errors import ConvertError
from tests.support.elementwise import EVERY_INT8, SCALES_BELOW_1, SEEDS, broadcast_shapes, model, quantised
from tests.support.equality import assert_same_everywhere

some = settings(max_examples=25, deadline=None)
ARITHMETIC = {
    "ADD": "AddOptions",
    "SUB": "SubOptions",
    "MUL": "MulOptions",
    "SQUARED_DIFFERENCE": "SquaredDifferenceOptions",
}
TYPES = ("INT8", "INT16", "INT32")


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("name", ARITHMETIC)
@some
@given(st.data(), broadcast_shapes(), st.integers(0, 3), SEEDS)
def test_arithmetic_gives_tflm_bytes(name, kind, data, shapes, fused, seed):
    inputs = [quantised(kind, shape, data.draw) for shape in shapes[0]]
    fields = {} if name == "SQUARED_DIFFERENCE" else {"fusedActivationFunction": fused}
    content = model(name, inputs, quantised(kind, shapes[1], data.draw), ARITHMETIC[name], **fields)
    assert_same_everywhere(content, seed)


@some
@given(st.data(), broadcast_shapes(), st.integers(-3000, 3000), SEEDS)
def test_int16_add_with_zero_points_gives_tflm_bytes(data, shapes, zero_point, seed):
    inputs = [(*quantised("INT16", shape, data.draw)[:3], zero_point) for shape in shapes[0]]
    assert_same_everywhere(model("ADD", inputs, (*quantised("INT16", shapes[1], data.draw)[:3], -zero_point)), seed)


@pytest.mark.parametrize("kind", [*TYPES, "BOOL"])
@pytest.mark.parametrize("name", ["MINIMUM", "MAXIMUM", "LOGICAL_AND", "LOGICAL_OR"])
@some
@given(st.data(), broadcast_shapes(), SEEDS)
def test_extremes_give_tflm_bytes(name, kind, data, shapes, seed):
    if name.startswith("LOGICAL") != (kind == "BOOL"):
        return
    inputs = [quantised(kind, shape, data.draw) for shape in shapes[0]]
    assert_same_everywhere(model(name, inputs, quantised(kind, shapes[1], data.draw)), seed)


@pytest.mark.parametrize("kind", ["INT8", "INT32", "BOOL"])
@pytest.mark.parametrize("name", ["EQUAL", "NOT_EQUAL", "GREATER", "GREATER_EQUAL", "LESS", "LESS_EQUAL"])
@some
@given(st.data(), broadcast_shapes(), st.booleans(), SEEDS)
def test_comparisons_give_tflm_bytes(name, kind, data, shapes, narrow, seed):
    if kind == "BOOL" and "EQUAL" not in (name, name.removeprefix("NOT_")):
        return
    inputs = [quantised(kind, shape, data.draw, SCALES_BELOW_1) for shape in shapes[0]]
    rng = np.random.default_rng(seed)
    dtype, span = {"INT8": (np.int8, 127), "INT32": (np.int32, 2**31 - 1), "BOOL": (np.bool_, 1)}[kind]
    span = 2 if narrow and kind != "BOOL" else span  # equal values are rare otherwise
    values = [rng.integers(-span * (kind != "BOOL"), span, s, endpoint=True).astype(dtype) for s in shapes[0]]
    assert_same_everywhere(model(name, inputs, ("BOOL", shapes[1], None, 0)), sequence=[values])


@pytest.mark.parametrize("kind", ["INT8", "INT16"])
@some
@given(st.data(), st.lists(st.integers(1, 4), min_size=1, max_size=5), SEEDS)
def test_prelu_gives_tflm_bytes(kind, data, shape, seed):
    alpha = tuple(n if data.draw(st.booleans()) else 1 for n in shape)[data.draw(st.integers(0, 1)) :]
    x, out = quantised(kind, tuple(shape), data.draw), quantised(kind, tuple(shape), data.draw)
    assert_same_everywhere(model("PRELU", [x, quantised("INT8", alpha, data.draw)], out), seed)


@pytest.mark.parametrize("kind", ["INT8", "INT16", "FLOAT32"])
@some
@given(broadcast_shapes(3), SEEDS)
def test_select_gives_tflm_bytes(kind, shapes, seed):
    described = [("BOOL" if i == 0 else kind, shape, None, 0) for i, shape in enumerate(shapes[0])]
    assert_same_everywhere(model("SELECT_V2", described, (kind, shapes[1], None, 0), "SelectV2Options"), seed)


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize("name", ["ADD", "SUB", "MUL", "MAXIMUM", "LESS", "PRELU"])
@some
@given(st.data(), st.integers(-128, 127))
def test_one_constant_beside_int8_is_a_table(name, swapped, data, value):
    if name == "PRELU" and swapped:
        return
    m = ModelBuilder()
    x = m.input(*quantised("INT8", (2, 128), data.draw, SCALES_BELOW_1))
    _, _, scale, zero_point = quantised("INT8", (), data.draw, SCALES_BELOW_1)
    one = m.constant("INT8", np.full((1, 1), value), scale, zero_point)
    y = m.output("BOOL", (2, 128)) if name == "LESS" else m.output(*quantised("INT8", (2, 128), data.draw))
    m.op(name, [one, x] if swapped else [x, one], [y])
    blob = assert_same_everywhere(m.build(), sequence=[[EVERY_INT8.reshape(2, 128)]])
    assert {op.name for op in blob.operators} <= {"LOOKUP"}  # none where the table changes nothing


def test_an_input_twice_gives_tflm_bytes():
    m = ModelBuilder()
    x, y = m.input("INT8", (2, 30), 0.1, 3), m.output("INT8", (2, 30), 0.05, -9)
    m.op("MUL", [x, x], [y], "MulOptions")
    assert_same_everywhere(m.build())


def test_residual_addition_needs_no_memory_of_its_own():
    """The sum is written over one of its operands."""
    shape, m = (1, 8, 8, 4), ModelBuilder()
    x, y = m.input("INT8", shape, 0.1, 3), m.output("INT8", shape, 0.1, 0)
    middle = m.tensor("INT8", shape, 0.2, 0)
    m.op("RELU", [x], [middle])
    m.op("ADD", [x, middle], [y], "AddOptions")
    assert assert_same_everywhere(m.build()).arena_size == 2 * 256


INT8, FLOAT = ("INT8", (1, 4), 0.1, 0), ("FLOAT32", (1, 4), None, 0)
REFUSED = {
    "DIV": (model("DIV", [INT8, INT8], INT8), "DIV .* is not supported by the engine"),
    "FLOOR_DIV": (model("FLOOR_DIV", [INT8, INT8], INT8), "FLOOR_DIV .* is not supported by the engine"),
    "FLOOR_MOD": (model("FLOOR_MOD", [INT8, INT8], INT8), "FLOOR_MOD .* is not supported by the engine"),
    "float": (model("ADD", [FLOAT, FLOAT], FLOAT, "AddOptions"), "ADD .* computes in float32; quantise the model"),
    "int64": (model("MAXIMUM", [("INT64", (4,), None, 0)] * 2, ("INT64", (4,), None, 0)), "MAXIMUM .* from INT64"),
    "mixed": (model("ADD", [INT8, ("INT16", (1, 4), 0.1, 0)], INT8, "AddOptions"), "ADD .* from INT8 and INT16"),
    "shapes": (model("ADD", [INT8, ("INT8", (1, 3), 0.1, 0)], INT8, "AddOptions"), "ADD .* malformed"),
    "output": (model("ADD", [INT8, INT8], ("INT8", (2, 4), 0.1, 0), "AddOptions"), "ADD .* malformed"),
    "coarse": (model("LESS", [("INT8", (4,), 1.0, 0)] * 2, ("BOOL", (4,), None, 0)), "LESS .* scale of 1 or more"),
    "fine": (model("ADD", [INT8, INT8], ("INT8", (1, 4), 1e-7, 0), "AddOptions"), "ADD .* larger scale for its output"),
    "int16 zero point": (model("MUL", [("INT16", (4,), 0.1, 5)] * 2, ("INT16", (4,), 0.1, 0)), "MUL .* zero point 0"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_tflm_does_not_compute_is_refused_by_name(case):
    content, message = REFUSED[case]
    with pytest.raises(ConvertError, match=message):
        convert(content, "model.tflite")
