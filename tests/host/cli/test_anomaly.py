"""The whole way from machines to an anomaly model, tiny: real TensorFlow, a real .tflite, faults it never heard."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from smidgen.datasets.machine.bearing import FAULTS, simulate
from smidgen.datasets.wav import write_wav
from smidgen.models import autoencoder
from smidgen.monitor import Monitor
from smidgen.train.anomaly import reports_of, train_anomaly
from smidgen.train.anomaly_recipe import AnomalyRecipe
from smidgen.train.evaluate import litert
from smidgen.train.scoring import AnomalySpec, area_under_curve
from tests.host.cli.conftest import fails_with_one_line

keras = pytest.importorskip("keras", reason="training needs TensorFlow: pip install 'smidgen[train]'")

RECIPE = AnomalyRecipe.tiny()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Recordings in MIMII's layout."""
    folder = tmp_path_factory.mktemp("machines")
    clips = simulate(1, {None: 12, **dict.fromkeys(FAULTS, 2)}, 2.5, (0.0, 3.0), seed=4)
    for n, (audio, anomalous) in enumerate(zip(clips.audio, clips.anomalous, strict=True)):
        path = folder / "id_00" / ("abnormal" if anomalous else "normal") / f"{n:08d}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_wav(path, audio)
    return folder


def test_a_trained_model_tells_faults_that_it_never_heard_and_its_file_says_the_same(smidgen, folder, monkeypatch):
    result = smidgen("train", "anomaly", "--recipe", "tiny", "--data", folder, "--out", "out", "--json")
    assert result.returncode == 0, result.stderr
    out = smidgen.folder / "out"
    card = json.loads((out / "card.json").read_text())
    assert card["held_out"]["count"] == 9 and card["data"]["train"]["recordings"] == 8
    assert card["held_out"]["least_auc"] >= 0.8
    assert AnomalySpec.from_dict(card["anomaly"]).threshold > 0
    said = smidgen("evaluate", out / "model.smg", "--data", folder)
    assert "18 recordings, mean AUC" in said.stdout and "id_00" in said.stdout
    monkeypatch.setattr("smidgen.train.anomaly._fit", None)
    assert train_anomaly(out, data=folder, recipe=RECIPE).card == card, "a finished result is reused"
    _the_engine_scores_like_the_tflite(out / "model.smg", card)
    _listening_reports(smidgen, out / "model.smg", folder)


def _the_engine_scores_like_the_tflite(model, card):
    clips = simulate(1, {None: 1}, 2.5, (0.0, 3.0), seed=6)
    found = list(Monitor(model.read_bytes()).scores(clips.audio[0]))
    spec = dataclasses.replace(AnomalySpec.from_dict(card["anomaly"]), smooth=1)
    content = (model.parent / "model.tflite").read_bytes()
    (_, zero_in), (_, zero_out) = (
        details[0]["quantization"]
        for details in (litert(content).get_input_details(), litert(content).get_output_details())
    )
    expected = reports_of(content, spec, (zero_in, zero_out), clips.audio[0], RECIPE)
    assert len(found) == len(expected) > 10
    assert np.mean(found) == pytest.approx(np.mean(expected), rel=0.05), "LiteRT's dense layers round otherwise"


def _listening_reports(smidgen, model, folder):
    wav = sorted(folder.glob("*/normal/*.wav"))[0]
    reports = json.loads(smidgen("listen", wav, "--model", model, "--json").stdout)["reports"]
    assert len(reports) == 1 and reports[0]["percent"] > 0


def test_wishes_that_cannot_be_met_are_one_line(smidgen, tmp_path):
    fails_with_one_line(smidgen("train", "anomaly", "--data", "nowhere", "--out", "out"), "nowhere", "no such folder")
    assert not (smidgen.folder / "out").exists()


def test_folding_the_standardisation_changes_nothing():
    rng = np.random.default_rng(1)
    keras.utils.set_random_seed(1)
    features = rng.integers(-128, 128, (6, 2, 4)).astype(np.float32)
    mean, deviation = rng.uniform(-20, 20, 8), rng.uniform(2, 9, 8)
    model = autoencoder.build(8, width=5)
    folded = autoencoder.on_features(model, (2, 4), mean, deviation)
    expected = model.predict((features.reshape(6, 8) - mean) / deviation, verbose=0) * deviation + mean
    found = folded.predict(features[..., np.newaxis] / 128, verbose=0) * 128
    assert np.abs(found - expected).max() < 1e-3


def test_the_area_is_how_often_an_anomalous_score_is_higher():
    assert area_under_curve([1, 2, 3], [4, 5]) == 1.0
    assert area_under_curve([1, 2, 3], [2, 2]) == 0.5
    assert area_under_curve([4, 5], [1]) == 0.0
