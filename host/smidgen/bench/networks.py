"""The shapes that small chips are compared by, MLPerf Tiny's and those of TensorFlow Lite Micro's examples, as
`.tflite` files with seeded weights. full: the largest weight of every channel is 127, so that no small weights flatter
a kernel. NETWORKS: those of docs/performance.md."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from smidgen.bench.seeded import NONE, RELU, Network


def ds_cnn(seed: int = 1, full: bool = False) -> bytes:
    """Keyword spotting of MLPerf Tiny: 49 frames of 10 coefficients, 12 classes."""
    net = Network((49, 10, 1), seed, full=full).conv(64, (10, 4), stride=2)
    for _ in range(4):
        net.depthwise(3).conv(64)
    return net.global_average().dense(12).softmax().build()


def mobilenet(channels: int, seed: int = 2, dead: float = 0.0, full: bool = False) -> bytes:
    """MobileNetV1 of width 0.25 on 96 x 96 pictures: visual wake words (3 channels), person detection (1)."""
    net = Network((96, 96, channels), seed, dead, full=full)
    net = net.conv(8, 3, stride=2) if channels == 3 else net.depthwise(3, stride=2, multiplier=8)
    for out_c, stride in [(16, 1), (32, 2), (32, 1), (64, 2), (64, 1), (128, 2), *[(128, 1)] * 5, (256, 2), (256, 1)]:
        net.depthwise(3, stride).conv(out_c)
    net.global_average()
    net = net.dense(2) if channels == 3 else net.conv(2, fused=NONE).reshape(1, 2)
    return net.softmax().build()


def resnet8(seed: int = 3, full: bool = False) -> bytes:
    """Image classification of MLPerf Tiny: 32 x 32 x 3, 10 classes."""
    net = Network((32, 32, 3), seed, full=full).conv(16, 3)
    for out_c, stride in [(16, 1), (32, 2), (64, 2)]:
        entry = net.now
        end = net.conv(out_c, 3, stride).conv(out_c, 3, fused=NONE).now
        shortcut = entry
        if stride == 2:
            net.now = entry
            shortcut = net.conv(out_c, 1, stride, fused=NONE).now
        net.now = end
        net.add(shortcut)
    return net.global_average().dense(10).softmax().build()


def autoencoder(seed: int = 4, full: bool = False) -> bytes:
    """Anomaly detection of MLPerf Tiny: 640 inputs through a bottleneck of 8."""
    net = Network((640,), seed, full=full)
    for out_c in [128] * 4 + [8] + [128] * 4:
        net.dense(out_c, fused=RELU)
    return net.dense(640).build()


def micro_speech(seed: int = 7, full: bool = False) -> bytes:
    """TensorFlow Lite Micro's example: 49 frames of 40 features, one convolution, four classes."""
    net = Network((49, 40, 1), seed, full=full).depthwise((10, 8), stride=2, multiplier=8)
    return net.dense(4).softmax().build()


NETWORKS: dict[str, Callable[[], bytes]] = {
    "keyword (DS-CNN)": partial(ds_cnn, full=True),
    "visual wake words": partial(mobilenet, 3, full=True),
    "image (ResNet-8)": partial(resnet8, full=True),
    "anomaly (autoencoder)": partial(autoencoder, full=True),
    "person detection": partial(mobilenet, 1, full=True),
    "micro speech": partial(micro_speech, full=True),
}
