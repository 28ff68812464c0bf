"""The models that ulab's engine is held to: a keyword DS-CNN, a gesture CNN and an autoencoder, of seeded weights."""

from __future__ import annotations

import numpy as np

from smidgen.bench.networks import ds_cnn
from smidgen.bench.seeded import RELU, Network
from smidgen.convert import convert, read
from smidgen.engine import Engine
from smidgen.verdict import trial_inputs

INPUTS = 24
SEED = 11


def gestures() -> bytes:
    """A CNN over time of the magic wand's kind: 128 samples of three axes, convolutions along time."""
    net = Network((128, 1, 3), seed=21)
    net.conv(8, (4, 1), stride=2).conv(16, (4, 1), stride=2).depthwise(3).conv(16)
    return net.global_average().dense(16).dense(4).softmax().build()


def anomalies() -> bytes:
    """An autoencoder over five frames of 40 mel channels, narrow enough for a board's heap."""
    net = Network((200,), seed=22)
    for width in (64, 32, 8, 32, 64):
        net.dense(width, RELU)
    return net.dense(200).build()


MODELS = {"keyword": ds_cnn, "gesture": gestures, "anomaly": anomalies}


def model_and_inputs(name: str) -> tuple[bytes, list[np.ndarray]]:
    """The `.smg` file's bytes and int8 inputs: half random, half sought where the model is in doubt."""
    tflite = MODELS[name]()
    content = convert(tflite, name).to_bytes()
    return content, [x[0] for x in trial_inputs(read(tflite, name), Engine(content, name), INPUTS, SEED)]


def exact_outputs(content: bytes, inputs: list[np.ndarray]) -> np.ndarray:
    """What every integer engine answers: int8 [inputs, outputs]."""
    engine = Engine(content, "")
    return np.array([engine.invoke([x])[0].reshape(-1) for x in inputs])
