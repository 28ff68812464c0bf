"""Int8 models as `.tflite` files, layer by layer, with seeded weights and scales under which values spread over their
range, so that a wrong byte anywhere shows in the output.

    net = Network((49, 10, 1), seed=1)
    net.conv(64, (10, 4), stride=2).depthwise(3).conv(64)
    content = net.global_average().dense(12).softmax().build()
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from smidgen.bench.tflite_builder import ModelBuilder
from smidgen.quantise import window_out

SAME, VALID = 0, 1
NONE, RELU, TANH = 0, 1, 4
WEIGHT_RMS = 40.0
Size = int | tuple[int, int]


@dataclass
class Activation:
    """A tensor under way. rms: of its quantised values less the zero point."""

    index: int
    shape: tuple[int, ...]
    scale: float
    zero_point: int
    rms: float


def _pair(size: Size) -> tuple[int, int]:
    return (size, size) if isinstance(size, int) else size


class Network:
    """A chain of layers; `now` is its end, for branches to go back to. Each layer returns the network.

    dead: the fraction of output channels of convolutions whose weights are all zero, as in sparsely trained models.
    padding: of convolutions and `pool`. full: the largest weight of every channel is 127, so that no small weights
    flatter a kernel.
    """

    def __init__(self, shape: tuple[int, ...], seed: int, dead: float = 0.0, padding: int = SAME, full: bool = False):
        self.builder = ModelBuilder()
        self.rng = np.random.default_rng(seed)
        self.dead, self.padding, self.full = dead, padding, full
        scale, zero_point = 0.5**5, -3
        index = self.builder.input("INT8", (1, *shape), scale, zero_point)
        self.now = Activation(index, (1, *shape), scale, zero_point, 74.0)

    def conv(
        self, out_c: int, kernel: Size = 1, stride: Size = 1, fused: int = RELU, dilation: tuple[int, int] = (1, 1)
    ) -> Network:
        """CONV_2D."""
        weights = self._weights((out_c, *_pair(kernel), self.now.shape[3]), 0)
        return self._convolve("CONV_2D", weights, 0, _pair(stride), fused, dilation)

    def depthwise(
        self, kernel: Size, stride: Size = 1, multiplier: int = 1, dilation: tuple[int, int] = (1, 1)
    ) -> Network:
        """DEPTHWISE_CONV_2D."""
        weights = self._weights((1, *_pair(kernel), self.now.shape[3] * multiplier), 3)
        strides = _pair(stride)
        return self._convolve("DEPTHWISE_CONV_2D", weights, 3, strides, RELU, dilation, depthMultiplier=multiplier)

    def _weights(self, shape: tuple[int, ...], axis: int) -> np.ndarray:
        values = self.rng.normal(0, WEIGHT_RMS, shape)
        if axis == 0:  # filters without a mean: what all pixels have in common must not drown what tells them apart
            values -= values.reshape(shape[0], -1).mean(axis=1).reshape(-1, *[1] * (len(shape) - 1))
        if self.full:
            others = tuple(i for i in range(values.ndim) if i != axis)
            values *= 127 / np.abs(values).max(axis=others, keepdims=True)
        weights = np.clip(np.rint(values), -127, 127).astype(np.int8)
        dead = self.rng.random(shape[axis]) < self.dead
        weights[dead if axis == 0 else (..., dead)] = 0
        return weights

    def _convolve(
        self,
        name: str,
        weights: np.ndarray,
        axis: int,
        strides: tuple[int, int],
        fused: int,
        dilation: tuple[int, int],
        **options: int,
    ) -> Network:
        _, kh, kw, last = weights.shape
        out_c = weights.shape[axis]
        sizes = zip(self.now.shape[1:3], (kh, kw), strides, dilation, strict=True)
        shape = (self.now.shape[0], *(window_out(self.padding, *size) for size in sizes), out_c)
        out = self._accumulated(kh * kw * (last if axis == 0 else 1), out_c, shape, fused)
        options |= {"padding": self.padding, "strideH": strides[0], "strideW": strides[1]}
        options |= {"dilationHFactor": dilation[0], "dilationWFactor": dilation[1], "fusedActivationFunction": fused}
        self._weighted(name, weights, axis, out, "DepthwiseConv2DOptions" if axis else "Conv2DOptions", **options)
        return self

    def dense(self, out_c: int, fused: int = NONE) -> Network:
        """FULLY_CONNECTED."""
        n = int(np.prod(self.now.shape[1:]))
        out = self._accumulated(n, 1, (self.now.shape[0], out_c), fused)
        options = {"fusedActivationFunction": fused}
        self._weighted("FULLY_CONNECTED", self._weights((out_c, n), 0), 0, out, "FullyConnectedOptions", **options)
        return self

    def _accumulated(self, products: int, scales: int, shape: tuple[int, ...], fused: int) -> Activation:
        """An output whose scale suits sums of so many products."""
        gain = np.sqrt(2) if fused == RELU else 1.0  # RELU takes half of the power
        self._scales = gain / WEIGHT_RMS / np.sqrt(products) * self.rng.uniform(0.7, 1.3, scales)
        rms = 55.0 if fused == RELU else 40.0
        scale = self.now.scale * self.now.rms / rms
        zero_point = -128 if fused == RELU else int(self.rng.integers(-20, 20))
        return Activation(-1, shape, float(np.float32(scale)), zero_point, rms)

    def _weighted(self, name: str, weights: np.ndarray, axis: int, out: Activation, table: str, **options: int) -> None:
        m, out_c = self.builder, weights.shape[axis]
        w = m.constant("INT8", weights, self._scales, 0, axis)
        bias_scales = self._scales * self.now.scale
        spread = out.rms * out.scale / bias_scales.mean() / 8
        b = m.constant("INT32", self.rng.normal(0, spread, out_c).astype(np.int32), bias_scales)
        self._finish(name, [self.now.index, w, b], out, table, **options)

    def add(self, other: Activation, fused: int = RELU) -> Network:
        """ADD of `other` and the network's end."""
        rms = float(np.hypot(other.rms * other.scale, self.now.rms * self.now.scale))
        out = Activation(-1, self.now.shape, float(np.float32(rms / 55)), -128, 55.0)
        self._finish("ADD", [other.index, self.now.index], out, "AddOptions", fusedActivationFunction=fused)
        return self

    def global_average(self) -> Network:
        """AVERAGE_POOL_2D over the whole picture."""
        _, h, w, _ = self.now.shape
        return self._pool("AVERAGE_POOL_2D", (h, w), (1, 1), VALID)

    def pool(self, size: Size, stride: Size | None = None, name: str = "AVERAGE_POOL_2D") -> Network:
        """AVERAGE_POOL_2D or MAX_POOL_2D, over windows beside each other unless a stride is given."""
        strides = _pair(size if stride is None else stride)
        return self._pool(name, _pair(size), strides, self.padding)

    def _pool(self, name: str, kernel: tuple[int, int], strides: tuple[int, int], padding: int) -> Network:
        n, h, w, c = self.now.shape
        kh, kw = kernel
        shape = (n, window_out(padding, h, kh, strides[0]), window_out(padding, w, kw, strides[1]), c)
        out = Activation(-1, shape, self.now.scale, self.now.zero_point, self.now.rms)
        window = {"padding": padding, "strideH": strides[0], "strideW": strides[1]}
        self._finish(name, [self.now.index], out, "Pool2DOptions", filterHeight=kh, filterWidth=kw, **window)
        return self

    def rows(self, first: int, count: int) -> Network:
        """STRIDED_SLICE: rows `first` to `first + count`."""
        n, _, w, c = shape = self.now.shape
        numbers = ([0, first, 0, 0], [n, first + count, w, c], [1] * len(shape))
        bounds = [self.builder.constant("INT32", values) for values in numbers]
        out = Activation(-1, (n, count, w, c), self.now.scale, self.now.zero_point, self.now.rms)
        self._finish("STRIDED_SLICE", [self.now.index, *bounds], out, "StridedSliceOptions", endMask=13)
        return self

    def unary(self, name: str, scale: float, zero_point: int) -> Network:
        """An operator from one value to one value, without options."""
        self._finish(name, [self.now.index], Activation(-1, self.now.shape, scale, zero_point, self.now.rms), "")
        return self

    def reshape(self, *shape: int) -> Network:
        """RESHAPE."""
        target = self.builder.constant("INT32", shape)
        out = Activation(-1, shape, self.now.scale, self.now.zero_point, self.now.rms)
        self._finish("RESHAPE", [self.now.index, target], out, "ReshapeOptions", newShape=list(shape))
        return self

    def softmax(self) -> Network:
        """SOFTMAX."""
        out = Activation(-1, self.now.shape, 1 / 256, -128, 1.0)
        self._finish("SOFTMAX", [self.now.index], out, "SoftmaxOptions", beta=1.0)
        return self

    def svdf(self, units: int, memory: int) -> Network:
        """SVDF of rank 1 with INT8 state."""
        n = self.now.shape[1]
        feature, time = self._weights((units, n), 0), self._weights((units, memory), 0)
        feature_scale, time_scale = 1 / WEIGHT_RMS / np.sqrt(n), 1 / WEIGHT_RMS / np.sqrt(memory)
        state_scale = float(np.float32(self.now.scale * self.now.rms / 40))
        m = self.builder
        bias_scale = float(np.float32(state_scale) * np.float32(time_scale))
        bias = m.constant("INT32", self.rng.integers(-3000, 3000, units), bias_scale)
        filters = [m.constant("INT8", feature, feature_scale), m.constant("INT8", time, time_scale), bias]
        state = m.variable("INT8", (1, units * memory), state_scale)
        out = Activation(-1, (1, units), state_scale, -20, 40.0)
        self._finish("SVDF", [self.now.index, *filters, state], out, "SVDFOptions", rank=1)
        return self

    def lstm(self, cells: int) -> Network:
        """UNIDIRECTIONAL_SEQUENCE_LSTM over [1, steps, inputs]."""
        _, steps, inputs = self.now.shape
        m, gain = self.builder, 2 / WEIGHT_RMS
        weights = [(self._weights((cells, n), 0), gain / np.sqrt(n)) for n in (inputs, cells) for _ in range(4)]
        gates = [m.constant("INT8", values, scale) for values, scale in weights]
        biases = [m.constant("INT32", self.rng.integers(-500, 500, cells)) for _ in range(4)]
        states = [m.variable("INT8", (1, cells), 1 / 128), m.variable("INT16", (1, cells), 2.0**-11)]
        out = Activation(-1, (1, steps, cells), 1 / 128, 0, 50.0)
        operands = [self.now.index, *gates, *[-1] * 3, *biases, *[-1] * 2, *states, *[-1] * 4]
        options = {"fusedActivationFunction": TANH, "cellClip": 10.0}
        self._finish("UNIDIRECTIONAL_SEQUENCE_LSTM", operands, out, "UnidirectionalSequenceLSTMOptions", **options)
        return self

    def _finish(self, name: str, inputs: list[int], out: Activation, table: str, **options: object) -> None:
        out.index = self.builder.tensor("INT8", out.shape, out.scale, out.zero_point)
        self.builder.op(name, inputs, [out.index], table, **options)
        self.now = out

    def build(self, *further: int) -> bytes:
        """The file; the network's end is the output, and so are the tensors `further`."""
        self.builder.graph.outputs = [self.now.index, *further]
        return self.builder.build()
