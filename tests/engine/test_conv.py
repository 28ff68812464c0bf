"""CONV_2D, DEPTHWISE_CONV_2D and FULLY_CONNECTED over their parameter space."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from smidgen.bench.tflite_builder import ModelBuilder
from smidgen.quantise import window_out
from tests.support.equality import assert_same_everywhere

ACTIVATIONS = st.sampled_from([0, 1, 3])  # NONE, RELU, RELU6
SEEDS = st.integers(0, 2**32 - 1)


@st.composite
def window(draw):
    """Geometry of a window over a small picture, such that at least one output exists."""
    g = {name: draw(st.integers(1, 3)) for name in ("kh", "kw", "sy", "sx")}
    g["dy"], g["dx"] = draw(st.sampled_from([(1, 1), (1, 2), (2, 1), (2, 2)]))
    g["padding"] = draw(st.sampled_from([0, 1]))
    g["h"] = draw(st.integers((g["kh"] - 1) * g["dy"] + 1, 9))
    g["w"] = draw(st.integers((g["kw"] - 1) * g["dx"] + 1, 9))
    g["oh"] = window_out(g["padding"], g["h"], g["kh"], g["sy"], g["dy"])
    g["ow"] = window_out(g["padding"], g["w"], g["kw"], g["sx"], g["dx"])
    return g


OPTIONS = {
    "CONV_2D": "Conv2DOptions",
    "DEPTHWISE_CONV_2D": "DepthwiseConv2DOptions",
    "TRANSPOSE_CONV": "TransposeConvOptions",
}
# Types of inputs, weights and bias.
INT8 = ("INT8", "INT8", "INT32")
CONV_KINDS = st.sampled_from([INT8, ("INT8", "INT4", "INT32"), ("INT16", "INT8", "INT64"), ("INT16", "INT8", "INT32")])
DEPTHWISE_KINDS = st.sampled_from([INT8, ("INT8", "INT4", "INT32"), ("INT16", "INT8", "INT64")])
TRANSPOSE_KINDS = st.sampled_from([INT8, ("INT16", "INT8", "INT64"), ("INT16", "INT8", "INT16")])


def activations(kind, rng):
    """Scale and zero point of an activation of that type."""
    return (
        (float(rng.uniform(1e-4, 1e-3)), 0)
        if kind == "INT16"
        else (float(rng.uniform(0.01, 0.1)), int(rng.integers(-128, 128)))
    )


def random_weights(kind, shape, rng):
    return rng.integers(-7, 8, shape) if kind == "INT4" else rng.integers(-127, 128, shape)


def conv_model(name, g, shape, weight_shape, kinds, per_channel, fused, seed):
    """A model of one convolution from `shape` to [n, oh, ow, out_c]."""
    rng = np.random.default_rng(seed)
    m = ModelBuilder()
    axis = 3 if name == "DEPTHWISE_CONV_2D" else 0
    out_c = weight_shape[axis]
    in_scale, in_zero = activations(kinds[0], rng)
    out_scale, out_zero = activations(kinds[0], rng)
    scales = rng.uniform(0.001, 0.02, out_c if per_channel else 1)
    x = m.input(kinds[0], shape, in_scale, in_zero)
    w = m.constant(kinds[1], random_weights(kinds[1], weight_shape, rng), scales, 0, axis)
    b = m.constant(kinds[2], rng.integers(-3000, 3000, out_c), scales * in_scale)
    out_shape = (shape[0], g["oh"], g["ow"], out_c)
    y = m.output(kinds[0], out_shape, out_scale * 3, out_zero)
    options = {"padding": g["padding"], "strideH": g["sy"], "strideW": g["sx"], "fusedActivationFunction": fused}
    inputs = [x, w, b]
    if name == "TRANSPOSE_CONV":
        inputs = [m.constant("INT32", out_shape), w, x, b]
    else:
        options |= {"dilationHFactor": g["dy"], "dilationWFactor": g["dx"]}
    if name == "DEPTHWISE_CONV_2D":
        options["depthMultiplier"] = out_c // shape[3]
    m.op(name, inputs, [y], OPTIONS[name], **options)
    return m.build()


@settings(max_examples=120, deadline=None)
@given(
    window(),
    st.integers(1, 2),
    st.integers(1, 3),
    st.integers(1, 3),
    st.integers(1, 3),
    CONV_KINDS,
    st.booleans(),
    ACTIVATIONS,
    SEEDS,
)
def test_conv_2d_gives_tflm_bytes(g, n, group_c, groups, multiple, kinds, per_channel, fused, seed):
    out_c = groups * multiple
    shape, weights = (n, g["h"], g["w"], group_c * groups), (out_c, g["kh"], g["kw"], group_c)
    blob = assert_same_everywhere(conv_model("CONV_2D", g, shape, weights, kinds, per_channel, fused, seed), seed)
    assert blob.macs == n * g["oh"] * g["ow"] * out_c * g["kh"] * g["kw"] * group_c


@settings(max_examples=100, deadline=None)
@given(
    window(),
    st.integers(1, 2),
    st.integers(1, 4),
    st.integers(1, 3),
    DEPTHWISE_KINDS,
    st.booleans(),
    ACTIVATIONS,
    SEEDS,
)
def test_depthwise_conv_2d_gives_tflm_bytes(g, n, c, multiplier, kinds, per_channel, fused, seed):
    shape, weights = (n, g["h"], g["w"], c), (1, g["kh"], g["kw"], c * multiplier)
    assert_same_everywhere(conv_model("DEPTHWISE_CONV_2D", g, shape, weights, kinds, per_channel, fused, seed), seed)


@settings(max_examples=100, deadline=None)
@given(
    window(),
    st.integers(1, 2),
    st.integers(1, 4),
    st.integers(1, 4),
    TRANSPOSE_KINDS,
    st.booleans(),
    ACTIVATIONS,
    SEEDS,
)
def test_transpose_conv_gives_tflm_bytes(g, n, c, out_c, kinds, per_channel, fused, seed):
    """The window's sides are swapped: the picture that the convolution would make is the input."""
    picture, g = (n, g["oh"], g["ow"], c), g | {"oh": g["h"], "ow": g["w"]}
    weights = (out_c, g["kh"], g["kw"], c)
    blob = assert_same_everywhere(
        conv_model("TRANSPOSE_CONV", g, picture, weights, kinds, per_channel, fused, seed), seed
    )
    assert blob.macs == np.prod(picture) * out_c * g["kh"] * g["kw"]


@settings(max_examples=100, deadline=None)
@given(
    st.integers(1, 4),
    st.integers(1, 33),
    st.integers(1, 9),
    CONV_KINDS,
    st.booleans(),
    st.booleans(),
    ACTIVATIONS,
    SEEDS,
)
def test_fully_connected_gives_tflm_bytes(rows, n, out_c, kinds, per_channel, has_bias, fused, seed):
    rng = np.random.default_rng(seed)
    m = ModelBuilder()
    per_channel = per_channel and kinds[1] != "INT4"
    scales = rng.uniform(0.001, 0.02, out_c if per_channel else 1)
    in_scale, in_zero = activations(kinds[0], rng)
    x = m.input(kinds[0], (rows, n), in_scale, in_zero)
    w = m.constant(kinds[1], random_weights(kinds[1], (out_c, n), rng), scales)
    b = m.constant(kinds[2], rng.integers(-3000, 3000, out_c), scales * in_scale) if has_bias else -1
    y = m.output(kinds[0], (rows, out_c), *activations(kinds[0], rng))
    m.op("FULLY_CONNECTED", [x, w, b], [y], "FullyConnectedOptions", fusedActivationFunction=fused)
    assert_same_everywhere(m.build(), seed)


def test_int4_weights_stay_packed_in_the_file():
    g = {"h": 4, "w": 4, "oh": 4, "ow": 4, "kh": 3, "kw": 3, "sy": 1, "sx": 1, "dy": 1, "dx": 1, "padding": 0}
    content = conv_model("CONV_2D", g, (1, 4, 4, 16), (16, 3, 3, 16), ("INT8", "INT4", "INT32"), True, 0, 0)
    blob = assert_same_everywhere(content)
    weights = blob.tensors[blob.operators[0].inputs[1]]
    assert weights.nbytes == 16 * 3 * 3 * 16 // 2
    assert len(blob.to_bytes()) < len(content)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 4), st.integers(1, 20), st.integers(1, 9), ACTIVATIONS, SEEDS)
def test_fully_connected_multiplies_two_inputs_with_zero_points(rows, n, out_c, fused, seed):
    rng = np.random.default_rng(seed)
    m = ModelBuilder()
    x = m.input("INT8", (rows, n), *activations("INT8", rng))
    w = m.input("INT8", (out_c, n), *activations("INT8", rng))
    y = m.output("INT8", (rows, out_c), *activations("INT8", rng))
    m.op("FULLY_CONNECTED", [x, w, -1], [y], "FullyConnectedOptions", fusedActivationFunction=fused)
    assert_same_everywhere(m.build(), seed)


def test_depthwise_of_one_channel_is_a_convolution():
    g = {"h": 9, "w": 8, "kh": 3, "kw": 4, "sy": 2, "sx": 2, "dy": 1, "dx": 1, "padding": 0, "oh": 5, "ow": 4}
    content = conv_model("DEPTHWISE_CONV_2D", g, (1, 9, 8, 1), (1, 3, 4, 5), INT8, True, 1, 0)
    blob = assert_same_everywhere(content)
    assert [(op.name, blob.tensors[op.inputs[1]].dims) for op in blob.operators] == [("CONV_2D", (5, 3, 4, 1))]
