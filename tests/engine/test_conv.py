"""CONV_2D, DEPTHWISE_CONV_2D and FULLY_CONNECTED over their parameter space."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from smidgen.quantise import window_out
from tests.support.equality import assert_same_everywhere
from tests.support.tflite_builder import ModelBuilder

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


def conv_model(name, g, n, c, out_c, weights, per_channel, fused, seed):
    rng = np.random.default_rng(seed)
    m = ModelBuilder()
    in_scale, axis = float(rng.uniform(0.01, 0.1)), 0 if name == "CONV_2D" else 3
    scales = rng.uniform(0.001, 0.02, out_c if per_channel else 1)
    x = m.input("INT8", (n, g["h"], g["w"], c), in_scale, int(rng.integers(-128, 128)))
    w = m.constant("INT8", weights, scales, 0, axis)
    b = m.constant("INT32", rng.integers(-3000, 3000, out_c), scales * in_scale, 0)
    y = m.output("INT8", (n, g["oh"], g["ow"], out_c), float(rng.uniform(0.01, 0.2)), int(rng.integers(-128, 128)))
    options = {"padding": g["padding"], "strideH": g["sy"], "strideW": g["sx"], "fusedActivationFunction": fused}
    options |= {"dilationHFactor": g["dy"], "dilationWFactor": g["dx"]}
    if name == "DEPTHWISE_CONV_2D":
        m.op(name, [x, w, b], [y], "DepthwiseConv2DOptions", depthMultiplier=out_c // c, **options)
    else:
        m.op(name, [x, w, b], [y], "Conv2DOptions", **options)
    return m.build()


@settings(max_examples=60, deadline=None)
@given(window(), st.integers(1, 2), st.integers(1, 3), st.integers(1, 3), st.integers(1, 3), st.booleans(), ACTIVATIONS, SEEDS)
def test_conv_2d_gives_tflm_bytes(g, n, group_c, groups, multiple, per_channel, fused, seed):
    rng = np.random.default_rng(seed)
    out_c = groups * multiple
    weights = rng.integers(-127, 128, (out_c, g["kh"], g["kw"], group_c))
    content = conv_model("CONV_2D", g, n, group_c * groups, out_c, weights, per_channel, fused, seed)
    blob = assert_same_everywhere(content, seed)
    assert blob.macs == n * g["oh"] * g["ow"] * out_c * g["kh"] * g["kw"] * group_c


@settings(max_examples=60, deadline=None)
@given(window(), st.integers(1, 2), st.integers(1, 4), st.integers(1, 3), st.booleans(), ACTIVATIONS, SEEDS)
def test_depthwise_conv_2d_gives_tflm_bytes(g, n, c, multiplier, per_channel, fused, seed):
    rng = np.random.default_rng(seed)
    weights = rng.integers(-127, 128, (1, g["kh"], g["kw"], c * multiplier))
    content = conv_model("DEPTHWISE_CONV_2D", g, n, c, c * multiplier, weights, per_channel, fused, seed)
    assert_same_everywhere(content, seed)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 4), st.integers(1, 33), st.integers(1, 9), st.booleans(), st.booleans(), ACTIVATIONS, SEEDS)
def test_fully_connected_gives_tflm_bytes(rows, n, out_c, per_channel, has_bias, fused, seed):
    rng = np.random.default_rng(seed)
    m = ModelBuilder()
    scales = rng.uniform(0.001, 0.02, out_c if per_channel else 1)
    x = m.input("INT8", (rows, n), float(rng.uniform(0.01, 0.1)), int(rng.integers(-128, 128)))
    w = m.constant("INT8", rng.integers(-128, 128, (out_c, n)), scales)
    b = m.constant("INT32", rng.integers(-3000, 3000, out_c)) if has_bias else -1
    y = m.output("INT8", (rows, out_c), float(rng.uniform(0.01, 0.2)), int(rng.integers(-128, 128)))
    m.op("FULLY_CONNECTED", [x, w, b], [y], "FullyConnectedOptions", fusedActivationFunction=fused)
    assert_same_everywhere(m.build(), seed)
