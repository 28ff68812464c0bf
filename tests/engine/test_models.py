"""Whole models: the same bytes as TensorFlow Lite Micro, in less memory and fewer bytes of file."""

from __future__ import annotations

import numpy as np
import pytest

from smidgen.bench.networks import autoencoder, ds_cnn, mobilenet, resnet8
from smidgen.blob import Blob
from smidgen.convert import convert
from smidgen.engine import Engine
from tests.support.equality import assert_same_everywhere
from tests.support.memory import tflm_head
from tests.support.recurrent import lstm_gestures, svdf_keywords
from tests.support.streaming import streaming_model

MODELS = {
    "ds_cnn": ds_cnn,
    "visual_wake_words": lambda: mobilenet(3),
    "person_detection": lambda: mobilenet(1),
    "resnet8": resnet8,
    "autoencoder": autoencoder,
    "svdf_keywords": svdf_keywords,
    "lstm_gestures": lstm_gestures,
    "streaming": lambda: streaming_model(frames=2, channels=24, kept=(4, 10, 22)),
}
# What TFLM takes for the public models of these shapes on a 32-bit chip.
TFLM_ARENA = {"visual_wake_words": 100_708, "person_detection": 82_308}


@pytest.fixture(scope="module", params=MODELS)
def model(request) -> tuple[str, bytes, Blob]:
    content = MODELS[request.param]()
    return request.param, content, convert(content, request.param)


def patterned(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """An int8 input with a brightness and a coarse pattern of its own: noise alone averages away in a deep network."""
    coarse = rng.normal(0, 60, tuple(-(-n // 12) for n in shape))
    for axis, n in enumerate(shape):
        coarse = np.repeat(coarse, 12, axis).take(range(n), axis)
    return np.clip(rng.normal(0, 50) + coarse + rng.normal(0, 5, shape), -128, 127).astype(np.int8)


def test_whole_models_give_tflm_bytes(model):
    name, content, blob = model
    rng = np.random.default_rng(0)
    sequence = [[patterned(t.dims, rng) for t in blob.tensors[: blob.input_count]] for _ in range(4)]
    assert_same_everywhere(content, sequence=sequence)
    engine = Engine(blob.to_bytes(), name)
    outputs = {engine.invoke(inputs)[0].tobytes() for inputs in sequence}
    assert len(outputs) > 1, "outputs that do not depend on the input prove nothing"


def test_arena_is_at_most_the_memory_that_tflm_plans(model, capfd):
    _, content, blob = model
    assert blob.arena_size <= tflm_head(content, capfd)


def test_file_is_smaller_than_the_tflite(model):
    name, content, blob = model
    assert len(blob.to_bytes()) < len(content)
    assert name != "ds_cnn" or len(blob.to_bytes()) <= 32_000


@pytest.mark.parametrize("name", TFLM_ARENA)
def test_mobilenets_need_at_most_60_percent_of_tflms_memory(name):
    blob = convert(MODELS[name](), name)
    assert blob.arena_size <= 0.6 * TFLM_ARENA[name]
