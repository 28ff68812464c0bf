"""Small models for tests that want every engine operator at least once: fuzzing, malformed files, equal engines.

SAMPLES names them; each is a function that returns the bytes of a .tflite. `test_every_engine_operator_has_a_sample`
holds the list complete.
"""

from __future__ import annotations

import numpy as np

from smidgen.bench.tflite_builder import ModelBuilder
from tests.support.element_samples import ELEMENT_SAMPLES
from tests.support.sample_table import SAMPLES, sample
from tests.support.streaming import streaming_model

__all__ = ["SAMPLES"]

SAMPLES |= {name.lower(): build for name, build in ELEMENT_SAMPLES.items()}

PROBABILITY = (1 / 256, -128)  # scale and zero point of the outputs of SOFTMAX


def weights(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(-127, 128, shape)


CONV = {
    "padding": 0,
    "strideH": 1,
    "strideW": 1,
    "dilationHFactor": 1,
    "dilationWFactor": 1,
    "fusedActivationFunction": 1,
}


@sample
def keyword() -> bytes:
    """Convolution, depthwise, pooling, dense, softmax: a keyword model in miniature."""
    m = ModelBuilder()
    x = m.input("INT8", (1, 6, 5, 1), 0.1, 3)
    a = m.tensor("INT8", (1, 6, 5, 4), 0.2, -128)
    b = m.tensor("INT8", (1, 3, 3, 4), 0.2, -128)
    c = m.tensor("INT8", (1, 1, 1, 4), 0.2, -128)
    d = m.tensor("INT8", (1, 3), 0.3, 5)
    y = m.output("INT8", (1, 3), *PROBABILITY)
    bias = m.constant("INT32", [10, -20, 30, -40], 0.001)
    m.op(
        "CONV_2D",
        [x, m.constant("INT8", weights(4, 3, 3, 1), [0.01, 0.02, 0.01, 0.03]), bias],
        [a],
        "Conv2DOptions",
        **CONV,
    )
    depthwise = {**CONV, "strideH": 2, "strideW": 2, "depthMultiplier": 1}
    m.op(
        "DEPTHWISE_CONV_2D",
        [a, m.constant("INT8", weights(1, 3, 3, 4), 0.01), bias],
        [b],
        "DepthwiseConv2DOptions",
        **depthwise,
    )
    pool = {"padding": 1, "strideH": 3, "strideW": 3, "filterHeight": 3, "filterWidth": 3}
    m.op("AVERAGE_POOL_2D", [b], [c], "Pool2DOptions", **pool)
    m.op("FULLY_CONNECTED", [c, m.constant("INT8", weights(3, 4), 0.01), -1], [d], "FullyConnectedOptions")
    m.op("SOFTMAX", [d], [y], "SoftmaxOptions", beta=1.0)
    return m.build()


@sample
def max_pool() -> bytes:
    m = ModelBuilder()
    x, y = m.input("INT8", (1, 5, 4, 2), 0.1, 3), m.output("INT8", (1, 3, 2, 2), 0.1, 3)
    pool = {"padding": 0, "strideH": 2, "strideW": 2, "filterHeight": 3, "filterWidth": 2}
    m.op("MAX_POOL_2D", [x], [y], "Pool2DOptions", **pool)
    return m.build()


@sample
def lookup() -> bytes:
    m = ModelBuilder()
    x, y = m.input("INT8", (1, 9), 0.1, 3), m.output("INT8", (1, 9), 0.2, -7)
    m.op("RELU", [x], [y])
    return m.build()


@sample
def copy() -> bytes:
    m = ModelBuilder()
    x, y = m.input("INT8", (2, 3, 4), 0.1, 3), m.output("INT8", (4, 2, 3), 0.1, 3)
    m.op("TRANSPOSE", [x, m.constant("INT32", [2, 0, 1])], [y], "TransposeOptions")
    return m.build()


@sample
def gather() -> bytes:
    """Indices computed at run time, of each batch its own."""
    m = ModelBuilder()
    x, indices = m.input("INT8", (2, 5, 3), 0.1, 3), m.input("INT32", (2, 4))
    y = m.output("INT8", (2, 4, 3), 0.1, 3)
    m.op("GATHER", [x, indices], [y], "GatherOptions", axis=1, batchDims=1)
    return m.build()


@sample
def resize_bilinear() -> bytes:
    m = ModelBuilder()
    x, y = m.input("INT8", (1, 3, 4, 2), 0.1, 3), m.output("INT8", (1, 5, 7, 2), 0.1, 3)
    m.op("RESIZE_BILINEAR", [x, m.constant("INT32", [5, 7])], [y], "ResizeBilinearOptions", halfPixelCenters=True)
    return m.build()


@sample
def streaming() -> bytes:
    """Variables, and a concatenation that is computed in place."""
    return streaming_model(frames=2, channels=3, kept=(2, 3))


@sample
def wide() -> bytes:
    """INT16 activations with biases of 64 bits."""
    m = ModelBuilder()
    x, y = m.input("INT16", (1, 4, 4, 2), 0.001), m.output("INT16", (1, 4, 4, 3), 0.01)
    w = m.constant("INT8", weights(3, 2, 2, 2), [0.01, 0.02, 0.03])
    m.op("CONV_2D", [x, w, m.constant("INT64", [100, -200, 300], 1e-5)], [y], "Conv2DOptions", **CONV)
    return m.build()


@sample
def nibbles() -> bytes:
    """INT4 weights, two in a byte."""
    m = ModelBuilder()
    x, y = m.input("INT8", (2, 5), 0.1, 3), m.output("INT8", (2, 3), 0.2, -5)
    w = m.constant("INT4", weights(3, 5) // 16, 0.1)
    m.op("FULLY_CONNECTED", [x, w, -1], [y], "FullyConnectedOptions")
    return m.build()


@sample
def transpose_conv() -> bytes:
    m = ModelBuilder()
    x, y = m.input("INT8", (1, 2, 3, 2), 0.1, 3), m.output("INT8", (1, 4, 6, 3), 0.2, -5)
    w = m.constant("INT8", weights(3, 3, 3, 2), 0.01)
    shape = m.constant("INT32", [1, 4, 6, 3])
    m.op("TRANSPOSE_CONV", [shape, w, x], [y], "TransposeConvOptions", padding=0, strideH=2, strideW=2)
    return m.build()


@sample
def svdf() -> bytes:
    """Four filters of rank two over five steps of INT16 state."""
    m = ModelBuilder()
    x, y = m.input("INT8", (1, 3), 0.1, 3), m.output("INT8", (1, 2), 0.05, -5)
    bias = m.constant("INT32", [100, -200], 0.001 * 0.01)
    filters = [m.constant("INT8", weights(4, 3), 0.01), m.constant("INT16", weights(4, 5) * 250, 0.01), bias]
    m.op("SVDF", [x, *filters, m.variable("INT16", (1, 20), 0.001)], [y], "SVDFOptions", rank=2)
    return m.build()


@sample
def lstm() -> bytes:
    """Two steps of three inputs, four cells."""
    m = ModelBuilder()
    x, y = m.input("INT8", (1, 2, 3), 0.02, 3), m.output("INT8", (1, 2, 4), 1 / 128)
    gates = [m.constant("INT8", weights(4, n, seed=i), 0.01) for n in (3, 4) for i in range(4)]
    biases = [m.constant("INT32", weights(4, seed=i) * 10) for i in range(4)]
    states = [m.variable("INT8", (1, 4), 1 / 128), m.variable("INT16", (1, 4), 2.0**-11)]
    operands = [x, *gates, -1, -1, -1, *biases, -1, -1, *states, -1, -1, -1, -1]
    options = {"fusedActivationFunction": 4, "cellClip": 8.0}
    m.op("UNIDIRECTIONAL_SEQUENCE_LSTM", operands, [y], "UnidirectionalSequenceLSTMOptions", **options)
    return m.build()
