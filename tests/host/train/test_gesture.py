"""The whole way from motions to a gesture model, tiny: real TensorFlow, a real .tflite, simulated and recorded data."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from smidgen.assemble import assemble
from smidgen.datasets.cache import save_arrays
from smidgen.datasets.motion.wand import simulate
from smidgen.datasets.motion.windows import stream
from smidgen.errors import DataError, UsageError
from smidgen.evaluation import evaluate_folder
from smidgen.pipeline import listen
from smidgen.report.training import training_report
from smidgen.train.detection import DetectionSpec
from smidgen.train.evaluate import evaluate, tflite_predictor
from smidgen.train.gesture import train_gesture
from smidgen.train.gesture_recipe import GestureRecipe
from smidgen.train.result import WORST, TrainedModel, Worst, read_worst

pytest.importorskip("tensorflow", reason="training needs TensorFlow: pip install 'smidgen[train]'")

RECIPE = GestureRecipe.tiny()


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's own: two gestures by one of the simulator's people who is not in the training."""
    folder = tmp_path_factory.mktemp("own")
    made = simulate({"negative": 16, "ring": 16, "slope": 16}, RECIPE.spec.rate_hz, seed=77)
    for n, (samples, label) in enumerate(zip(made.samples, made.labels, strict=True)):
        path = folder / label / f"me-{n}.csv"
        path.parent.mkdir(exist_ok=True)
        rows = [f"{40 * i},{x},{y},{z}" for i, (x, y, z) in enumerate(samples.tolist())]
        path.write_text("\n".join(["time_ms,x_mg,y_mg,z_mg", *rows]))
    return folder


@pytest.fixture(scope="module")
def model(recordings: Path, tmp_path_factory: pytest.TempPathFactory) -> TrainedModel:
    return train_gesture(out_dir=tmp_path_factory.mktemp("result"), seed=3, data=recordings, recipe=RECIPE)


def test_it_learns_the_folders_gestures_and_is_measured_on_the_last_ones(model):
    card = model.card
    assert card["task"] == "gesture" and model.labels == ("negative", "ring", "slope")
    assert card["data"]["held_out"]["recordings"] == 12 and card["held_out"]["count"] == 12
    assert card["held_out"]["macro_recall"] >= 0.6  # a third by chance; three epochs of four filters
    windows = np.load(model.windows_path)
    predict = tflite_predictor(model.model_path.read_bytes())
    assert evaluate(predict, windows["features"], windows["targets"], model.labels).to_dict() == card["held_out"]
    assert len(DetectionSpec.from_dict(card["detection"]).thresholds) == 3


def test_the_assembled_model_evaluates_a_folder_and_watches_a_stream(model, recordings, tmp_path):
    path = tmp_path / "model.smg"
    path.write_bytes(assemble(model).to_bytes())
    assert evaluate_folder(path, recordings).count == 48
    samples, _ = stream(simulate({"ring": 4}, RECIPE.spec.rate_hz, seed=9).samples, 100)
    for found in listen(path.read_bytes(), samples):
        assert found.word in ("ring", "slope") and 0 < found.time_ms <= 16000


def test_it_is_adapted_from_an_earlier_result_in_fewer_and_smaller_steps(model, recordings, tmp_path):
    adapted = train_gesture(out_dir=tmp_path, seed=3, data=recordings, pretrained=model.folder, recipe=RECIPE)
    assert adapted.card["pretrained"] == model.card["key"] != adapted.card["key"]
    assert len(adapted.history["loss"]) <= RECIPE.fit.epochs // 2 < len(model.history["loss"])
    assert adapted.history["loss"][0] < model.history["loss"][0]  # it knows something already
    assert adapted.card["held_out"]["macro_recall"] >= model.card["held_out"]["macro_recall"] - 0.1
    with pytest.raises(DataError, match="holds no training result"):
        train_gesture(out_dir=tmp_path, data=recordings, pretrained=tmp_path / "nothing", recipe=RECIPE)


def test_what_it_is_most_wrong_about_is_kept_and_drawn(model):
    worst, windows = read_worst(model.folder), np.load(model.windows_path)
    assert (worst.truth != worst.answer).all() and (np.diff(worst.lead) <= 0).all()
    wrong = 12 - int(np.trace(model.card["held_out"]["confusion"]))
    assert len(worst.examples) == wrong
    for example, truth in zip(worst.examples, worst.truth, strict=True):
        assert truth in windows["targets"][(windows["features"] == example).all(axis=(1, 2))]
    one = Worst(windows["features"][:4], windows["targets"][:4], (windows["targets"][:4] + 1) % 3, np.full(4, 64))
    for kept, shown in ((one, "taken for “"), (Worst(*(part[:0] for part in vars(one).values())), "are all right")):
        save_arrays(model.folder / WORST, vars(kept))
        assert shown in training_report(model, assemble(model))


def test_a_finished_result_is_reused(model, recordings, monkeypatch):
    monkeypatch.setattr("smidgen.train.gesture.fit", None)
    assert train_gesture(out_dir=model.folder, seed=3, data=recordings, recipe=RECIPE).card == model.card


def test_wishes_that_make_no_sense_are_refused(recordings, tmp_path):
    for arguments in ({"gestures": []}, {"gestures": ["negative"]}, {"gestures": ["spiral"]}, {"held_out": 1.0}):
        with pytest.raises(UsageError):
            train_gesture(out_dir=tmp_path, recipe=RECIPE, **arguments)
    (tmp_path / "few" / "jab").mkdir(parents=True)
    (tmp_path / "few" / "jab" / "me-1.csv").write_text((recordings / "ring" / "me-16.csv").read_text())
    with pytest.raises(DataError, match="too few recordings of jab"):
        train_gesture(out_dir=tmp_path, data=tmp_path / "few", recipe=RECIPE)
    assert not (tmp_path / "card.json").exists()
