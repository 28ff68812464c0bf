"""`smidgen convert` of a model that Keras saved."""

from __future__ import annotations

import numpy as np
import pytest

from tests.host.cli.conftest import fails_with_one_line


@pytest.fixture
def saved(smidgen):
    """A small network, and a hundred inputs beside it."""
    import keras

    layers = [keras.Input((8, 6, 1)), keras.layers.Conv2D(4, 3, activation="relu"), keras.layers.Flatten()]
    keras.utils.set_random_seed(1)
    keras.Sequential([*layers, keras.layers.Dense(3, activation="softmax")]).save(smidgen.folder / "net.keras")
    np.save(smidgen.folder / "inputs.npy", np.random.default_rng(2).normal(size=(100, 8, 6, 1)).astype(np.float32))
    return "net.keras"


def test_a_keras_model_is_quantised_converted_and_proven(smidgen, saved):
    done = smidgen("convert", saved, "--examples", "inputs.npy", "-o", "net.smg")
    assert done.returncode == 0, done.stderr
    assert "equal to:  TensorFlow Lite Micro, every byte" in done.stdout
    assert (smidgen.folder / "net.smg").exists()


def test_a_keras_model_that_cannot_be_quantised_is_one_line(smidgen, saved):
    before = smidgen.files()
    fails_with_one_line(smidgen("convert", saved), "net.keras", "--examples")
    np.save(smidgen.folder / "short.npy", np.zeros((4, 8, 5, 1), np.float32))
    fails_with_one_line(smidgen("convert", saved, "--examples", "short.npy"), "short.npy", "(8, 6, 1)")
    (smidgen.folder / "torn.keras").write_bytes((smidgen.folder / saved).read_bytes()[:900])
    fails_with_one_line(smidgen("convert", "torn.keras", "--examples", "inputs.npy"), "torn.keras", "Keras cannot load")
    fails_with_one_line(smidgen("convert", saved, "--examples", "torn.keras"), "torn.keras", "not a .npy")
    assert smidgen.files() == before | {"short.npy", "torn.keras"}
