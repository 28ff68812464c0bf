"""The whole way from pictures to a vision model, tiny: real TensorFlow, a real .tflite, rendered and real pictures."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from smidgen.assemble import assemble
from smidgen.blob import Blob
from smidgen.cli.train import vision
from smidgen.datasets.picture.camera import frame_of, picture_of
from smidgen.datasets.picture.pictures import NOTHING
from smidgen.datasets.picture.scenes import simulate
from smidgen.datasets.windows import Windows
from smidgen.errors import DataError, Interrupted, UsageError
from smidgen.evaluation import evaluate_folder
from smidgen.features.image import ImageSpec
from smidgen.report.model_card import model_card
from smidgen.report.training import training_report
from smidgen.train import vision_calibrate
from smidgen.train.evaluate import evaluate, tflite_predictor
from smidgen.train.presence import NEVER, PresenceSpec
from smidgen.train.result import TrainedModel, read_worst
from smidgen.train.vision import train_vision
from smidgen.train.vision_material import is_real, recorded, simulated, training_windows
from smidgen.train.vision_recipe import Variation, VisionRecipe
from smidgen.viewer import Viewer

tf = pytest.importorskip("tensorflow", reason="training needs TensorFlow: pip install 'smidgen[train]'")

RECIPE = VisionRecipe.tiny()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's own pictures of small things, four of each of six cups and of six balls, and of nothing."""
    folder = tmp_path_factory.mktemp("own")
    made = simulate({"ball": 24, "cup": 24, NOTHING: 24}, seed=77)
    for n, (image, label) in enumerate(zip(made.images, made.labels, strict=True)):
        path = folder / label / f"thing{n // 4}-{n}.png"
        path.parent.mkdir(exist_ok=True)
        Image.fromarray(image).save(path)
    return folder


@pytest.fixture(scope="module")
def model(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> TrainedModel:
    """Stopped after an epoch, and run again."""
    out, cache, epochs = tmp_path_factory.mktemp("result"), tmp_path_factory.mktemp("cache"), []

    def told(what: str, done: int, total: int, detail: str = "") -> None:
        if what == "training" and detail:
            epochs.append(done)
            if epochs == [1]:
                raise KeyboardInterrupt

    with pytest.raises(Interrupted, match="go on from the last epoch"):
        train_vision(out_dir=out, seed=3, data=folder, recipe=RECIPE, cache=cache, progress=told)
    assert not (out / "card.json").exists()
    made = train_vision(out_dir=out, seed=3, data=folder, recipe=RECIPE, cache=cache, progress=told)
    assert epochs == [1, 2, 3, 4, 5, 6] and not list(cache.rglob("epoch.npz"))
    return made


def test_it_learns_the_folders_classes_and_is_measured_on_other_subjects(model):
    card = model.card
    assert card["task"] == "vision" and model.labels == (NOTHING, "ball", "cup")
    held_out = card["data"]["held_out"]
    assert (held_out["pictures"], held_out["of real subjects"], held_out["subjects"]) == (24, 24, 6)
    assert card["held_out"]["auc"] == card["held_out"]["real_auc"]
    assert np.mean([*card["held_out"]["auc"].values()]) >= 0.6
    windows = np.load(model.windows_path)
    predict = tflite_predictor(model.model_path.read_bytes())
    found = evaluate(predict, windows["features"], windows["targets"], model.labels).to_dict()
    assert found == {name: card["held_out"][name] for name in found}
    spec = PresenceSpec.from_dict(card["presence"])
    assert spec.on[0] == NEVER and all(spec.off[n] == spec.on[n] * 3 // 4 for n in (1, 2))


def test_the_assembled_model_evaluates_a_folder_and_sees_pictures(model, folder, tmp_path):
    path = tmp_path / "model.smg"
    path.write_bytes(assemble(model).to_bytes())
    blob = Blob.load(path)
    assert ImageSpec.from_section(blob.sections["IMAGE"]) == RECIPE.spec
    assert evaluate_folder(path, folder).count == 72
    viewer = Viewer(path.read_bytes())
    shown = [picture_of(frame_of(image)) for image in simulate({"cup": 1}, seed=5).images] * 6
    changes = list(viewer.feed(shown))
    scores = viewer.scores(shown[0])
    best = int(np.argmax(scores))
    assert bool(changes) == (best > 0 and scores[best] >= model.card["presence"]["on"][best])


def test_report_and_card_tell_of_it_with_pictures(model):
    blob = assemble(model)
    page = training_report(model, blob)
    worst = read_worst(model.folder)
    assert worst is not None and page.count('<img alt=""') == len(worst.examples)
    assert "area under the ROC curve" in page
    assert "Area under the ROC curve, cup: " in model_card(model, blob)


def test_the_verb_leaves_model_report_and_card_and_tells_the_figures(model, monkeypatch, capsys):
    asked = {}

    def trained(objects, out, **how):
        asked.update(how, objects=objects, out=out)
        return model

    monkeypatch.setattr("smidgen.train.vision.train_vision", trained)
    vision(objects="cup, ball", out=model.folder, size=48, colour=True, recipe="tiny")
    assert asked["recipe"] == dataclasses.replace(RECIPE, spec=ImageSpec(48, 48, 3))
    assert asked["objects"] == ["cup", "ball"] and asked["out"] == model.folder
    assert all((model.folder / name).stat().st_size > 500 for name in ("model.smg", "report.html", "model_card.md"))
    said = capsys.readouterr().out
    assert "pictures of subjects it has not seen" in said and "area under the ROC curve, cup: " in said


def test_a_finished_result_is_reused_and_another_begins_with_it(model, folder, tmp_path, monkeypatch):
    begun = {}

    def fitted(train, validation, classes, recipe, seed, before, under_way, progress):
        begun.update(recipe=recipe, before=before)
        raise Interrupted("seen enough")

    monkeypatch.setattr("smidgen.train.vision._fit", fitted)
    assert train_vision(out_dir=model.folder, seed=3, data=folder, recipe=RECIPE).card == model.card
    with pytest.raises(Interrupted):
        train_vision(out_dir=tmp_path, seed=3, data=folder, pretrained=model.folder, recipe=RECIPE)
    assert begun["before"].same_labels and begun["recipe"] == RECIPE.adapting()
    assert begun["recipe"].fit.learning_rate < RECIPE.fit.learning_rate
    with pytest.raises(UsageError, match="not a keyword model"):
        from smidgen.train.pretrained import Pretrained

        Pretrained.read(model.folder, "keyword", model.labels)


def test_real_faces_are_parted_into_sides_and_half_of_what_is_learned_from():
    material = simulated(["face"], dataclasses.replace(RECIPE, simulated=20), seed=1)
    sides = [{*s.subjects} for s in (material.train, material.validation, material.test)]
    assert not sides[0] & sides[1] and not sides[0] & sides[2] and not sides[1] & sides[2]
    assert is_real(material.test).sum() == 100
    windows = training_windows(material, RECIPE)
    assert np.bincount(windows.targets).tolist() == [250, 250]
    none = simulated(["face"], dataclasses.replace(RECIPE, simulated=4, real=0.0), seed=1)
    assert is_real(none.test).sum() == 200 and not is_real(none.train).any()


@pytest.mark.parametrize("objects", [[], ["cup", "cup"], [NOTHING], ["dragon"]])
def test_objects_that_make_no_sense_are_refused(objects):
    with pytest.raises(UsageError, match=r"name at least one object|no such simulated object"):
        simulated(objects, dataclasses.replace(RECIPE, simulated=1), seed=1)


def test_a_folder_with_too_few_pictures_is_named(tmp_path):
    (tmp_path / "cup").mkdir()
    Image.new("L", (8, 8)).save(tmp_path / "cup" / "a-1.png")
    with pytest.raises(DataError, match="too few pictures of cup"):
        recorded(tmp_path, None, 0.25, RECIPE, seed=1)
    with pytest.raises(UsageError, match="held out 1: give a share"):
        train_vision(data=tmp_path, held_out=1.0)


def test_a_picture_is_changed_anew_each_time_but_not_without_variation():
    from smidgen.train.vision_variation import disturber

    rng = np.random.default_rng(2)
    features = rng.integers(-128, 128, (4, 16, 12, 3)).astype(np.int8)
    still = Variation(False, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    assert np.allclose(disturber(still, 1)(tf.constant(features)).numpy(), features / 128, atol=1e-5)
    mirrored = disturber(dataclasses.replace(still, mirrored=True), 1)(tf.constant(features)).numpy() * 128
    for picture, one in zip(mirrored, features, strict=True):
        assert any(np.allclose(picture, side, atol=1e-3) for side in (one, one[:, ::-1]))
    disturb = disturber(Variation(), 1)
    first, second = (disturb(tf.constant(features[..., 0])).numpy() for _ in range(2))
    assert first.shape == (4, 16, 12, 1) and not np.allclose(first, second) and np.abs(first).max() <= 1


def test_levels_let_through_what_is_there_and_nothing_else():
    features = np.repeat(np.array([-100, 60, 100], np.int8), 40)[:, None, None] * np.ones((1, 8, 8), np.int8)
    windows = Windows(features.astype(np.int8), np.repeat([0, 1, 2], 40))

    def predict(shown: np.ndarray) -> np.ndarray:
        level = np.rint(shown.reshape(len(shown), -1).mean(axis=1)).astype(int)
        scores = np.where(level < 0, [[90], [0], [0]], np.where(level < 80, [[0], [70], [20]], [[0], [10], [100]]))
        return scores.T.astype(np.int8)

    found = vision_calibrate.calibrate(predict, windows, ("nothing", "dim", "bright"), seed=1)
    assert (found.hits, found.said, found.false_alarms) == (80, 80, 0)
    assert found.spec.on[0] == NEVER and all(96 <= on <= 70 + 128 for on in found.spec.on[1:])
    assert found.curve[0][1:] == (80, 0) and found.curve[-1][1] == 0
