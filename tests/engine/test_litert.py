"""Where LiteRT's reference kernels give other bytes than TensorFlow Lite Micro, as docs/exactness.md says: the
rounding of FULLY_CONNECTED."""

from __future__ import annotations

import numpy as np

from smidgen.convert import read
from tests.support.equality import assert_same_everywhere, litert, random_inputs, tflm
from tests.support.tflite_builder import ModelBuilder

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


def distances(name: str) -> np.ndarray:
    """How far LiteRT is from TFLM, of each output value."""
    content, rng = layer(name), np.random.default_rng(0)
    sequence = [random_inputs(read(content, name).inputs, rng) for _ in range(INPUTS)]
    ours, theirs = (np.array(run(content, sequence), np.int32) for run in (tflm, litert))
    return np.abs(ours - theirs)


def test_litert_rounds_dense_layers_once_and_tflm_twice():
    apart = distances("FULLY_CONNECTED")
    assert apart.max() == 1
    assert 0 < np.count_nonzero(apart) < apart.size / 100


def test_litert_and_tflm_agree_on_the_same_weights_as_a_convolution():
    assert distances("CONV_2D").max() == 0


def test_the_engine_is_with_tflm_on_both():
    for name in ("FULLY_CONNECTED", "CONV_2D"):
        assert_same_everywhere(layer(name), count=INPUTS)
