"""QUANTIZE, DEQUANTIZE, CAST: every pair of types that TFLM has, and IEEE 754 in integers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smidgen.bench.tflite_builder import ModelBuilder
from smidgen.convert import convert, read
from smidgen.engine import Engine
from smidgen.errors import ConvertError
from smidgen.reference import Reference
from tests.support.elementwise import SCALES, SEEDS, model, quantised
from tests.support.equality import assert_same_everywhere

some = settings(max_examples=40, deadline=None)
SHAPE = (2, 150)
INTEGER_PAIRS = [
    *[("INT8", out) for out in ("INT8", "UINT8", "INT16", "INT32")],
    ("UINT8", "INT8"),
    *[("INT16", out) for out in ("INT8", "INT16", "INT32")],
    *[("INT32", out) for out in ("INT8", "INT16")],
]
CASTABLE = ("INT8", "INT16", "INT32", "FLOAT32", "BOOL")
NORMAL = st.floats(2.0**-126, 2.0**127, width=32)


def with_scale(described, draw):
    """INT32 has a scale here, too."""
    kind, shape, scale, zero_point = described
    return kind, shape, draw(SCALES) if scale is None else scale, zero_point


@pytest.mark.parametrize(("in_kind", "out_kind"), INTEGER_PAIRS)
@some
@given(st.data(), st.integers(-3000, 3000), SEEDS)
def test_requantisation_gives_tflm_bytes(in_kind, out_kind, data, zero_point, seed):
    x, out = with_scale(quantised(in_kind, SHAPE, data.draw), data.draw), quantised(out_kind, SHAPE, data.draw)
    out = with_scale(out, data.draw)
    x = (*x[:3], zero_point) if in_kind == "INT16" else x
    assert_same_everywhere(model("QUANTIZE", [x], out), seed)


def float_values(scale, seed, count=300):
    """Values around and between the representable ones, exact halves, values that saturate, tiny and odd ones."""
    rng = np.random.default_rng(seed)
    steps = rng.integers(-(2**17), 2**17, count) / rng.choice([1, 2, 2, 64], count)
    values = (steps * np.float64(scale)).astype(np.float32)
    values[::7] = np.nextafter(values[::7], np.float32(np.inf))
    values[:6] = [0.0, -0.0, 1e-45, -1e-38, np.float32(scale) / 2, -np.float32(scale) / 2]
    values[6:9] = np.float32(scale) * np.float32([2**30, -(2**30), 2**23 + 1])
    return values.reshape(SHAPE)


@pytest.mark.parametrize("kind", ["INT8", "INT16"])
@some
@given(st.data(), st.floats(-30, 20).map(lambda power: 10**power), SEEDS)
def test_quantising_floats_gives_tflm_bytes(kind, data, scale, seed):
    _, _, _, zero_point = quantised(kind, SHAPE, data.draw)
    content = model("QUANTIZE", [("FLOAT32", SHAPE, None, 0)], (kind, SHAPE, scale, zero_point))
    assert_same_everywhere(content, sequence=[[float_values(np.float32(scale), seed)]])


@pytest.mark.parametrize("kind", ["INT8", "UINT8", "INT16"])
@some
@given(st.data(), NORMAL, SEEDS)
def test_dequantising_gives_tflm_bytes_from_subnormal_numbers_to_infinity(kind, data, scale, seed):
    _, _, _, zero_point = quantised(kind, SHAPE, data.draw)
    zero_point = data.draw(st.integers(-32768, 32767)) if kind == "INT16" else zero_point
    assert_same_everywhere(model("DEQUANTIZE", [(kind, SHAPE, scale, zero_point)], ("FLOAT32", SHAPE, None, 0)), seed)


@pytest.mark.parametrize("out_kind", CASTABLE)
@pytest.mark.parametrize("in_kind", CASTABLE)
@some
@given(SEEDS)
def test_casts_give_tflm_bytes(in_kind, out_kind, seed):
    content = model("CAST", [(in_kind, SHAPE, None, 0)], (out_kind, SHAPE, None, 0), "CastOptions")
    span = {"INT8": 127, "INT16": 32767, "INT32": 2**31 - 200}.get(out_kind, 1e30)
    floats = np.random.default_rng(seed).uniform(-span, span, SHAPE).astype(np.float32)
    floats[0, :4] = [0.0, -0.0, 1e-40, -0.75]
    assert_same_everywhere(content, seed, sequence=[[floats]] if in_kind == "FLOAT32" else None)


@pytest.mark.parametrize("kind", ["INT8", "INT16", "INT32", "BOOL"])
@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 2**32 - 1), min_size=4, max_size=4), NORMAL)
def test_engine_agrees_with_the_oracle_on_any_bits(kind, bits, scale):
    """C leaves open what becomes of numbers beyond int32 and of those that are none, and so does TFLM."""
    values = np.array([bits], np.uint32).view(np.float32)
    float_input = [("FLOAT32", (1, 4), None, 0)]
    contents = [model("CAST", float_input, (kind, (1, 4), None, 0), "CastOptions")]
    if kind in ("INT8", "INT16"):
        contents.append(model("QUANTIZE", float_input, (kind, (1, 4), scale, -100)))
    for content in contents:
        engine = Engine(convert(content, "model.tflite").to_bytes(), "model.smg")
        wanted = Reference(read(content, "model.tflite")).invoke([values])[0]
        np.testing.assert_array_equal(engine.invoke([values])[0], wanted)


def test_numbers_beyond_the_range_saturate_and_nan_is_zero():
    content = model("QUANTIZE", [("FLOAT32", (1, 5), None, 0)], ("INT8", (1, 5), 0.5, 7))
    engine = Engine(convert(content, "model.tflite").to_bytes(), "model.smg")
    values = np.array([[np.inf, -np.inf, np.nan, 3e38, -3e38]], np.float32)
    assert engine.invoke([values])[0].tolist() == [[127, -128, 7, 127, -128]]


def test_a_model_with_float_edges_gives_tflm_bytes():
    """QUANTIZE, arithmetic in INT8, DEQUANTIZE: how most converted models come."""
    m = ModelBuilder()
    x, y = m.input("FLOAT32", (1, 40)), m.output("FLOAT32", (1, 40))
    a, b = m.tensor("INT8", (1, 40), 0.05, -3), m.tensor("INT8", (1, 40), 1 / 256, -128)
    m.op("QUANTIZE", [x], [a])
    m.op("LOGISTIC", [a], [b])
    m.op("DEQUANTIZE", [b], [y])
    assert_same_everywhere(m.build())


FLOAT, INT8 = ("FLOAT32", (1, 4), None, 0), ("INT8", (1, 4), 0.1, 0)
REFUSED = {
    "per channel": (model("QUANTIZE", [FLOAT], ("INT8", (1, 4), [0.1] * 4, 0)), "QUANTIZE .* lacks a scale"),
    "float to uint8": (model("QUANTIZE", [FLOAT], ("UINT8", (1, 4), 0.1, 0)), "QUANTIZE .*quantise the model"),
    "subnormal": (model("QUANTIZE", [FLOAT], ("INT8", (1, 4), 1e-40, 0)), "QUANTIZE .* not a normal number"),
    "int32": (model("DEQUANTIZE", [("INT32", (1, 4), 0.1, 0)], FLOAT), "DEQUANTIZE"),
    "zero": (model("QUANTIZE", [("INT32", (1, 4), 0.1, 5)], INT8), "QUANTIZE .* zero point 0"),
    "int64": (model("CAST", [("INT64", (1, 4), None, 0)], ("INT32", (1, 4), None, 0)), "CAST .* from INT64 to INT32"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_tflm_does_not_compute_is_refused_by_name(case):
    content, message = REFUSED[case]
    with pytest.raises(ConvertError, match=message):
        convert(content, "model.tflite")
