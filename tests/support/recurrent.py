"""Models of TensorFlow Lite's recurrent operators."""

from __future__ import annotations

from smidgen.bench.seeded import Network


def svdf_keywords(seed: int = 5) -> bytes:
    """A keyword model that hears one frame of 40 features at each inference and remembers the last 24."""
    net = Network((40,), seed).svdf(32, 8).dense(16).svdf(32, 8).dense(16).svdf(32, 8)
    return net.dense(4).softmax().build()


def lstm_gestures(seed: int = 6) -> bytes:
    """Eight samples of six motion channels at each inference, 20 cells, four gestures."""
    net = Network((8, 6), seed).lstm(20)
    return net.reshape(1, 160).dense(4).softmax().build()
