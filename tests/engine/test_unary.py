"""Operators from one value to one value."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smidgen.convert import convert, read
from smidgen.errors import ConvertError
from smidgen.reference import Reference
from tests.support.elementwise import EVERY_INT8, SCALES, SEEDS, ZERO_POINTS, model
from tests.support.equality import assert_same_everywhere

few = settings(max_examples=25, deadline=None)
ZP8 = ZERO_POINTS["INT8"]
ALL = EVERY_INT8.reshape(4, 64)
ALPHAS = st.floats(-2, 2, width=32)


def int8_model(name, in_scale, in_zp, out_scale, out_zp, options="", **fields):
    x, out = ("INT8", ALL.shape, in_scale, in_zp), ("INT8", ALL.shape, out_scale, out_zp)
    return model(name, [x], out, options, **fields)


def assert_is_a_table_that_tflm_gives(content, values=ALL):
    blob = assert_same_everywhere(content, sequence=[[values]])
    assert {op.name for op in blob.operators} <= {"LOOKUP"}  # none where the table changes nothing


@pytest.mark.parametrize("name", ["RELU", "RELU6", "ABS", "ELU"])
@few
@given(SCALES, ZP8, SCALES, ZP8)
def test_int8_map_gives_tflm_bytes_for_every_value(name, in_scale, in_zp, out_scale, out_zp):
    assert_is_a_table_that_tflm_gives(int8_model(name, in_scale, in_zp, out_scale, out_zp))


@few
@given(SCALES, ZP8, SCALES, ZP8, ALPHAS)
def test_int8_leaky_relu_gives_tflm_bytes_for_every_value(in_scale, in_zp, out_scale, out_zp, alpha):
    content = int8_model("LEAKY_RELU", in_scale, in_zp, out_scale, out_zp, "LeakyReluOptions", alpha=alpha)
    assert_is_a_table_that_tflm_gives(content)


@few
@given(SCALES, ZP8, st.floats(1 / 127, 500), ZP8)
def test_int8_hard_swish_gives_tflm_bytes_for_every_value(in_scale, in_zp, ratio, out_zp):
    assert_is_a_table_that_tflm_gives(int8_model("HARD_SWISH", in_scale, in_zp, in_scale * ratio, out_zp))


@pytest.mark.parametrize(("name", "out_scale", "out_zp"), [("LOGISTIC", 1 / 256, -128), ("TANH", 1 / 128, 0)])
@few
@given(st.floats(-4, 1.5), ZP8)
def test_int8_sigmoids_give_tflm_bytes_for_every_value(name, out_scale, out_zp, power, in_zp):
    assert_is_a_table_that_tflm_gives(int8_model(name, 10**power, in_zp, out_scale, out_zp))


@few
@given(SCALES, ZP8, SCALES, ZP8)
def test_int8_rsqrt_gives_tflm_bytes_where_tflm_computes_it(in_scale, in_zp, out_scale, out_zp):
    content = int8_model("RSQRT", in_scale, in_zp, out_scale, out_zp)
    assert_is_a_table_that_tflm_gives(content, np.maximum(ALL, in_zp).astype(np.int8))


def test_rsqrt_of_a_negative_value_is_the_largest_output():
    oracle = Reference(read(int8_model("RSQRT", 0.1, 0, 0.1, 0), "rsqrt"))
    assert (oracle.invoke([ALL])[0][ALL <= 0] == 127).all()


def test_logical_not_gives_tflm_bytes():
    content = model("LOGICAL_NOT", [("BOOL", (2, 9), None, 0)], ("BOOL", (2, 9), None, 0))
    assert_same_everywhere(content)


def int16_model(name, in_scale, out_scale, zero_point=0, options="", **fields):
    x, out = ("INT16", (2, 150), in_scale, zero_point), ("INT16", (2, 150), out_scale, zero_point)
    return model(name, [x], out, options, **fields)


@pytest.mark.parametrize("name", ["RELU", "ABS"])
@few
@given(SCALES, st.floats(0.05, 20), SEEDS)
def test_int16_change_of_scale_gives_tflm_bytes(name, in_scale, ratio, seed):
    assert_same_everywhere(int16_model(name, in_scale, in_scale * ratio), seed)


@few
@given(st.floats(-5, -2), st.integers(-3000, 3000), SEEDS)
def test_int16_relu6_gives_tflm_bytes(power, zero_point, seed):
    assert_same_everywhere(int16_model("RELU6", 10**power, 10**power, zero_point), seed)


@few
@given(SCALES, st.floats(0.05, 20), st.integers(-3000, 3000), ALPHAS, SEEDS)
def test_int16_leaky_relu_gives_tflm_bytes(in_scale, ratio, zero_point, alpha, seed):
    content = int16_model("LEAKY_RELU", in_scale, in_scale * ratio, zero_point, "LeakyReluOptions", alpha=alpha)
    assert_same_everywhere(content, seed)


@pytest.mark.parametrize("name", ["LOGISTIC", "TANH"])
@few
@given(st.one_of(st.floats(-7, 0.4).map(lambda p: 10**p), st.sampled_from([2.0**-k for k in range(8, 16)])), SEEDS)
def test_int16_sigmoids_give_tflm_bytes(name, in_scale, seed):
    assert_same_everywhere(int16_model(name, in_scale, 2**-15), seed)


REFUSED = {
    "EXP": (int8_model("EXP", 0.1, 0, 0.1, 0), "EXP .* has it in float32 only"),
    "SQRT": (int8_model("SQRT", 0.1, 0, 0.1, 0), "SQRT .* has it in float32 only"),
    "LOG": (int8_model("LOG", 0.1, 0, 0.1, 0), "LOG .* has it in float32 only"),
    "RELU_N1_TO_1": (int8_model("RELU_N1_TO_1", 0.1, 0, 0.1, 0), "RELU_N1_TO_1 .* is not supported"),
    "output too fine": (int8_model("HARD_SWISH", 0.1, 0, 0.0001, 0), "HARD_SWISH .* output scale of at least 1/128"),
    "another zero point": (int8_model("LOGISTIC", 0.1, 0, 1 / 256, 0), "LOGISTIC .* zero point -128"),
    "no scale": (int8_model("RELU", None, 0, None, 0), "RELU .* lacks a scale"),
    "int16 zero point": (int16_model("ABS", 0.1, 0.1, 5), "ABS .* zero point 0"),
    "int16 scale": (int16_model("TANH", 0.1, 0.1), r"TANH .* output scale of 2\^-15"),
    "int16 too coarse": (int16_model("LOGISTIC", 3.0, 2**-15), "LOGISTIC .* smaller scale"),
    "int16 hard swish": (int16_model("HARD_SWISH", 0.1, 0.1), "HARD_SWISH .* from INT16 to INT16"),
    "scale": (int16_model("RELU", 1e20, 1e-20), "RELU .* overflow"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_tflm_does_not_compute_is_refused_by_name(case):
    content, message = REFUSED[case]
    with pytest.raises(ConvertError, match=message):
        convert(content, "model.tflite")


def test_float_models_are_refused_with_the_advice_to_quantise():
    floats = ("FLOAT32", (1, 4), None, 0)
    with pytest.raises(ConvertError, match=r"RELU .* computes in float32; quantise the model to int8"):
        convert(model("RELU", [floats], floats), "model.tflite")
