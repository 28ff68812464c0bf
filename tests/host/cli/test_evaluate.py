"""`smidgen evaluate`: figures that follow from the confusion matrix, and data that cannot be used."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from smidgen.datasets import speech_commands
from smidgen.datasets.windows import as_recorded
from smidgen.engine import Engine
from smidgen.features.audio import AudioSpec
from tests.host.cli.conftest import fails_with_one_line
from tests.host.cli.recordings import folder_of_words, not_a_wav, truncated_wav
from tests.support.keyword_model import LABELS, keyword_model


@pytest.fixture
def model(smidgen) -> Path:
    path = smidgen.folder / "model.smg"
    path.write_bytes(keyword_model())
    return path


@pytest.fixture
def data(smidgen) -> Path:
    return folder_of_words(smidgen.folder / "data", ("yes", "no", "tree", "_silence_"))


def test_figures_are_those_of_the_engine_on_each_recording(smidgen, model, data):
    figures = json.loads(smidgen("evaluate", model, "--data", data, "--json").stdout)
    engine, clips = Engine(model.read_bytes()), speech_commands.load(data)
    spec = AudioSpec.from_section(engine.blob.sections["AUDIO"])
    windows = as_recorded(clips, np.zeros(len(clips), np.int64), spec)
    confusion = np.zeros((4, 4), int)
    for word, window in zip(clips.words, windows.features, strict=True):
        truth = LABELS.index(word if word in LABELS else "_unknown_")
        confusion[truth, engine.invoke([window])[0].argmax()] += 1
    assert figures["confusion"] == confusion.tolist()
    assert figures["accuracy"] == pytest.approx(np.trace(confusion) / 12)
    assert figures["recall"] == pytest.approx({label: confusion[i, i] / 3 for i, label in enumerate(LABELS)})
    assert figures["macro_recall"] == pytest.approx(np.mean(np.diag(confusion) / 3))


def test_the_table_names_every_class(smidgen, model, data):
    said = smidgen("evaluate", model, "--data", data).stdout
    assert "12 recordings, accuracy" in said
    for label in LABELS:
        assert f"-> {label}" in said


def test_data_that_cannot_be_used_is_named(smidgen, model, data, tmp_path_factory):
    empty = tmp_path_factory.mktemp("empty")
    fails_with_one_line(smidgen("evaluate", model, "--data", empty), str(empty), "no recordings")
    fails_with_one_line(smidgen("evaluate", model, "--data", "nowhere"), "nowhere", "no such folder")
    lone = folder_of_words(tmp_path_factory.mktemp("lone") / "data", ("yes",))
    fails_with_one_line(smidgen("evaluate", model, "--data", lone), str(lone), "only one class")
    for spoil, word in ((not_a_wav, "not a WAV"), (truncated_wav, "truncated")):
        bad = spoil(data / "yes" / "bad.wav")
        fails_with_one_line(smidgen("evaluate", model, "--data", data), str(bad), word)


def test_a_model_without_front_end_is_refused(smidgen, tflite, data):
    smidgen("convert", tflite, "--inputs", 1)
    fails_with_one_line(smidgen("evaluate", "model.smg", "--data", data), "model.smg", "AUDIO")
