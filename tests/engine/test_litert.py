"""Where LiteRT's reference kernels give other bytes than TensorFlow Lite Micro, as docs/exactness.md says: the
rounding of FULLY_CONNECTED."""

from __future__ import annotations

import numpy as np

from smidgen.bench.tflite_builder import ModelBuilder
from smidgen.convert import read
from smidgen.quantise import conv_scales, quantise_multiplier
from tests.support.equality import assert_same_everywhere, litert, random_inputs, tflm

IN, OUT = 32, 64
INPUTS = 500


def layer(name: str) -> bytes:
    """The same weights as a dense layer or as a convolution of one pixel."""
    rng = np.random.default_rng(3)
    weights, bias = rng.integers(-127, 128, (OUT, IN)), rng.integers(-3000, 3000, OUT)
    pixel = (1, 1) if name == "CONV_2D" else ()
    options = {"strideH": 1, "strideW": 1, "padding": 1} if name == "CONV_2D" else {}
    m = ModelBuilder()
    x, y = m.input("INT8", (1, *pixel, IN), 0.05, 3), m.output("INT8", (1, *pixel, OUT), 0.31, -5)
    constants = m.constant("INT8", weights.reshape(OUT, *pixel, IN), 0.01), m.constant("INT32", bias, 0.0005)
    m.op(name, [x, *constants], [y], "Conv2DOptions" if name == "CONV_2D" else "FullyConnectedOptions", **options)
    return m.build()


def answers(name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(inputs, TFLM's outputs, LiteRT's), int32 [INPUTS, ...]."""
    content, rng = layer(name), np.random.default_rng(0)
    sequence = [random_inputs(read(content, name).inputs, rng) for _ in range(INPUTS)]
    arrays = (sequence, tflm(content, sequence), litert(content, sequence))
    inputs, ours, theirs = (np.array(array, np.int32).reshape(INPUTS, -1) for array in arrays)
    return inputs, ours, theirs


def test_litert_rounds_dense_layers_once_and_tflm_twice():
    inputs, ours, theirs = answers("FULLY_CONNECTED")
    op = read(layer("FULLY_CONNECTED"), "dense").ops[0]
    (x, weights, bias), out = op.inputs, op.outputs[0]
    multiplier, shift = quantise_multiplier(float(conv_scales(x, weights, out)[0]))
    sums = (inputs.astype(np.int64) - x.zp) @ weights.data.T.astype(np.int64) + bias.data
    once = (sums * multiplier + (1 << (30 - shift))) >> (31 - shift)
    np.testing.assert_array_equal(theirs, np.clip(once + out.zp, -128, 127))
    assert np.abs(ours - theirs).max() == 1
    assert 0 < np.count_nonzero(ours != theirs) < ours.size / 100


def test_litert_and_tflm_agree_on_the_same_weights_as_a_convolution():
    _, ours, theirs = answers("CONV_2D")
    np.testing.assert_array_equal(ours, theirs)


def test_the_engine_is_with_tflm_on_both():
    for name in ("FULLY_CONNECTED", "CONV_2D"):
        assert_same_everywhere(layer(name), count=INPUTS)
