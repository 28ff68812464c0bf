"""SOFTMAX on every pair of types, and LOG_SOFTMAX."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smidgen.convert import convert
from smidgen.errors import ConvertError
from tests.support.elementwise import SEEDS, ZERO_POINTS, model
from tests.support.equality import assert_same_everywhere

some = settings(max_examples=60, deadline=None)
# TFLM aborts the process when 512 or more classes are nearly equal: its shift would exceed 31.
SHAPES = st.one_of(
    st.lists(st.integers(1, 5), min_size=1, max_size=4).map(tuple), st.integers(1, 511).map(lambda n: (2, n))
)
BETAS = st.one_of(st.just(1.0), st.floats(0.125, 4, width=32))
SCALES = st.floats(-5, 0.5).map(lambda power: 10**power)


def softmax_model(in_kind, out_kind, shape, scale, zero_point=0, beta=1.0, out=None):
    known = {("INT8", "INT8"): (2**-8, -128), ("INT8", "INT16"): (2**-16, -32768), ("INT16", "INT16"): (2**-15, 0)}
    x = (in_kind, shape, scale, zero_point)
    return model("SOFTMAX", [x], (out_kind, shape, *(out or known[in_kind, out_kind])), "SoftmaxOptions", beta=beta)


@pytest.mark.parametrize("out_kind", ["INT8", "INT16"])
@some
@given(SHAPES, SCALES, ZERO_POINTS["INT8"], BETAS, SEEDS)
def test_int8_softmax_gives_tflm_bytes(out_kind, shape, scale, zero_point, beta, seed):
    assert_same_everywhere(softmax_model("INT8", out_kind, shape, scale, zero_point, beta), seed)


@some
@given(SHAPES, st.floats(-7, -1).map(lambda power: 10**power), BETAS, SEEDS)
def test_int16_softmax_gives_tflm_bytes(shape, scale, beta, seed):
    assert_same_everywhere(softmax_model("INT16", "INT16", shape, scale, beta=beta), seed)


@some
@given(SHAPES, SCALES, ZERO_POINTS["INT8"], SEEDS)
def test_log_softmax_gives_tflm_bytes(shape, scale, zero_point, seed):
    content = model("LOG_SOFTMAX", [("INT8", shape, scale, zero_point)], ("INT8", shape, 1 / 16, 127))
    assert_same_everywhere(content, seed)


S = (1, 4)
REFUSED = {
    "zero point": (softmax_model("INT8", "INT8", S, 0.1, out=(2**-8, 0)), "SOFTMAX .* zero point -128"),
    "scale": (softmax_model("INT8", "INT8", S, 0.1, out=(0.01, -128)), "SOFTMAX .* output scale of 1/256"),
    "int16 scale": (softmax_model("INT16", "INT16", S, 0.1, out=(0.01, 0)), "SOFTMAX .* output scale of 1/32768"),
    "int16 zero point": (softmax_model("INT16", "INT16", S, 0.1, 3), "SOFTMAX .* zero point 0"),
    "tiny scale": (softmax_model("INT8", "INT8", S, 1e-9), "SOFTMAX .* scale of at least"),
    "types": (softmax_model("INT16", "INT8", S, 0.1, out=(2**-8, -128)), "SOFTMAX .* from INT16 to INT8"),
    "log scale": (model("LOG_SOFTMAX", [("INT8", S, 0.1, 0)], ("INT8", S, 0.1, 127)), "LOG_SOFTMAX .* 1/16"),
    "log zero": (model("LOG_SOFTMAX", [("INT8", S, 0.1, 0)], ("INT8", S, 1 / 16, 0)), "LOG_SOFTMAX .* zero point 127"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_tflm_does_not_compute_is_refused_by_name(case):
    content, message = REFUSED[case]
    with pytest.raises(ConvertError, match=message):
        convert(content, "model.tflite")
