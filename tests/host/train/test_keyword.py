"""The whole way from words to a model, tiny: real speech, real TensorFlow, a real .tflite."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from smidgen.datasets.clips import RATE_HZ
from smidgen.datasets.jobs import silent
from smidgen.datasets.wav import write_wav
from smidgen.errors import DataError, Interrupted, UsageError
from smidgen.features.audio import AudioFrontEnd
from smidgen.train import material
from smidgen.train.detection import DetectionSpec
from smidgen.train.evaluate import evaluate, tflite_predictor
from smidgen.train.keyword import train_keyword
from smidgen.train.recipe import LOG_MEL, Recipe
from smidgen.train.result import TrainedModel, read_worst

pytest.importorskip("tensorflow", reason="training needs TensorFlow: pip install 'smidgen[train]'")

OPERATORS = {"CONV_2D", "DEPTHWISE_CONV_2D", "AVERAGE_POOL_2D", "RESHAPE", "FULLY_CONNECTED", "SOFTMAX"}


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def model(cache: Path) -> TrainedModel:
    return train_keyword(["Yes", "no"], "en", cache / "result", seed=3, recipe=Recipe.tiny(), cache=cache)


@pytest.fixture(scope="module")
def speech(cache: Path) -> Path:
    """A user's own recordings, made by a synthesiser here."""
    clips = material.synthetic(["yes", "no"], "en", Recipe.tiny(), 4, cache, silent).train
    folder = cache / "own"
    for n in range(0, len(clips), 6):
        path = folder / clips.words[n] / f"{n:08x}_nohash_0.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_wav(path, clips.audio[n])
    return folder


def test_result_folder_is_complete(model: TrainedModel) -> None:
    names = {path.name for path in model.folder.iterdir()}
    assert names == {"model.tflite", "card.json", "history.json", "windows.npz", "weights.npz", "worst.npz"}
    assert json.loads((model.folder / "card.json").read_text("utf-8")) == model.card
    assert len(model.history["loss"]) == len(model.history["val_accuracy"]) == Recipe.tiny().fit.epochs
    assert 0 <= model.history["best_epoch"] < Recipe.tiny().fit.epochs


def test_model_takes_features_as_they_are_and_uses_the_first_operators_only(model: TrainedModel) -> None:
    litert = pytest.importorskip("ai_edge_litert.interpreter")
    plain = litert.OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
    interpreter = litert.Interpreter(str(model.model_path), experimental_op_resolver_type=plain)
    source, target = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    assert source["dtype"] == target["dtype"] == np.int8
    assert source["shape"].tolist() == [1, 49, 40, 1] and target["shape"].tolist() == [1, 4]
    assert source["quantization"] == (1 / 128, 0) and target["quantization"] == (1 / 256, -128)
    assert {op["op_name"] for op in interpreter._get_ops_details()} <= OPERATORS


def test_card_says_what_the_model_rests_on(model: TrainedModel) -> None:
    card = model.card
    assert card["labels"] == ["_silence_", "_unknown_", "yes", "no"] and card["seed"] == 3
    assert card["engines"].keys() == {"espeak-ng"}
    assert not set(card["data"]["train"]["speakers"]) & set(card["data"]["held_out"]["speakers"])
    spec = DetectionSpec.from_dict(card["detection"])
    assert len(spec.thresholds) == 4
    assert card["recipe"] == json.loads(json.dumps(Recipe.tiny().to_dict()))


def test_held_out_figures_are_those_of_the_file(model: TrainedModel) -> None:
    windows = np.load(model.windows_path)
    predict = tflite_predictor(model.model_path.read_bytes())
    found = evaluate(predict, windows["features"], windows["targets"], model.labels)
    assert found.to_dict() == model.card["held_out"]


def test_the_worst_examples_sound_as_their_windows_look(model: TrainedModel) -> None:
    worst, windows = read_worst(model.folder), np.load(model.windows_path)
    assert worst is not None and len(worst.examples) == 12 and (np.diff(worst.lead) <= 0).all()
    scores = tflite_predictor(model.model_path.read_bytes())(windows["features"]).astype(int)
    front_end = AudioFrontEnd(LOG_MEL)
    for sound, truth, answer, lead in zip(worst.examples, worst.truth, worst.answer, worst.lead, strict=True):
        front_end.reset()
        (at,) = np.flatnonzero((windows["features"] == front_end.stream(sound)).all(axis=(1, 2)))
        assert (windows["targets"][at], scores[at].argmax()) == (truth, answer) and truth != answer
        assert scores[at, answer] - scores[at, truth] == lead


def test_a_pretrained_model_of_the_same_words_is_only_fine_tuned(
    model: TrainedModel, speech: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("smidgen.train.keyword.fit", None)  # nothing but adapting
    settings = {"seed": 3, "recipe": Recipe.tiny(), "cache": cache}
    made = train_keyword(["yes", "no"], "en", cache / "a", adapt=speech, pretrained=model.folder, **settings)
    assert made.card["pretrained"] == model.card["key"] and made.history == model.history
    assert made.model_path.read_bytes() != model.model_path.read_bytes()


def test_a_pretrained_model_of_other_words_gives_its_layers(model: TrainedModel, speech: Path, cache: Path) -> None:
    settings = {"seed": 3, "recipe": Recipe.tiny(), "cache": cache, "data": speech, "pretrained": model.folder}
    made = train_keyword(["yes"], "en", cache / "other", **settings)
    assert made.labels == ("_silence_", "_unknown_", "yes") and made.card["pretrained"] == model.card["key"]
    with pytest.raises(UsageError, match="another width or front end; use the same recipe"):
        train_keyword(["yes"], "en", cache / "none", **settings | {"recipe": replace(Recipe.tiny(), width=12)})
    with pytest.raises(DataError, match="holds no training result"):
        train_keyword(["yes"], "en", cache / "none", **settings | {"pretrained": speech})


def test_same_seed_gives_the_same_bytes(model: TrainedModel, cache: Path) -> None:
    again = train_keyword(["yes", "no"], "en", cache / "again", seed=3, recipe=Recipe.tiny(), cache=cache)
    assert again.model_path.read_bytes() == model.model_path.read_bytes()
    assert again.card == model.card


def test_finished_result_is_reused_and_another_seed_is_not(
    model: TrainedModel, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise Interrupted("trains anew")

    monkeypatch.setattr("smidgen.train.keyword.fit", stop)
    assert (
        train_keyword(["yes", "no"], "en", model.folder, seed=3, recipe=Recipe.tiny(), cache=cache).card == model.card
    )
    with pytest.raises(Interrupted):
        train_keyword(["yes", "no"], "en", model.folder, seed=5, recipe=Recipe.tiny(), cache=cache)
    assert (model.folder / "card.json").exists(), "an interrupted run leaves the older result alone"


def test_adapting_uses_the_users_recordings(model: TrainedModel, speech: Path, cache: Path) -> None:
    recipe = Recipe.tiny()
    adapted = train_keyword(["yes", "no"], "en", cache / "adapted", seed=3, adapt=speech, recipe=recipe, cache=cache)
    count = len(list(speech.glob("*/*.wav")))
    assert adapted.card["adapted"]["recordings"] == count
    history = adapted.card["adapted"]["history"]
    assert history["best_epoch"] == len(history["loss"]) - 1 == recipe.adapt_epochs - 1
    assert adapted.model_path.read_bytes() != model.model_path.read_bytes()


def test_what_was_stopped_while_fine_tuning_goes_on_there(speech: Path, cache: Path) -> None:
    recipe = replace(Recipe.tiny(), adapt_epochs=2)
    settings = {"seed": 4, "recipe": recipe, "cache": cache, "adapt": speech}
    before, seen = set((cache / "runs").glob("*")), []

    def stop(what: str, done: int, *_: object) -> None:
        if done and what == "adapting":
            raise KeyboardInterrupt

    with pytest.raises(Interrupted, match="go on from the last epoch"):
        train_keyword(["yes", "no"], "en", cache / "stopped", progress=stop, **settings)
    assert len(set((cache / "runs").glob("*")) - before) == 1
    made = train_keyword(["yes", "no"], "en", cache / "stopped", progress=lambda *event: seen.append(event), **settings)
    assert [event[:3] for event in seen if event[1] and event[0] in {"training", "adapting"}] == [("adapting", 2, 2)]
    assert len(made.history["loss"]) == recipe.fit.epochs and len(made.card["adapted"]["history"]["loss"]) == 2
    assert set((cache / "runs").glob("*")) == before, "nothing of a finished run stays in the cache"


def test_recordings_alone_train_a_model(speech: Path, cache: Path) -> None:
    made = train_keyword(["yes"], "en", cache / "own-data", data=speech, recipe=Recipe.tiny(), cache=cache)
    assert made.card["data"]["source"] == "recordings" and made.card["engines"] == {}
    assert made.labels == ("_silence_", "_unknown_", "yes")


@pytest.mark.parametrize("words", [[], ["yes", "Yes "], ["_silence_"]])
def test_keywords_that_make_no_sense_are_refused(words: list[str], tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="keyword"):
        train_keyword(words, "en", tmp_path / "out", recipe=Recipe.tiny(), cache=tmp_path)
    assert not list(tmp_path.iterdir())


def test_data_without_a_keyword_or_without_other_words_is_refused(tmp_path: Path) -> None:
    for word in ("yes", "no"):
        (tmp_path / word).mkdir()
        write_wav(tmp_path / word / "a.wav", np.ones(RATE_HZ, np.int16))
    for words, complaint in ((["stop"], "no recordings of stop"), (["yes", "no"], "only keywords")):
        with pytest.raises(DataError, match=complaint):
            train_keyword(words, "en", tmp_path / "out", data=tmp_path, recipe=Recipe.tiny(), cache=tmp_path / "cache")
    with pytest.raises(DataError, match="no recordings of stop"):
        train_keyword(["stop"], "en", tmp_path / "out", adapt=tmp_path, recipe=Recipe.tiny(), cache=tmp_path / "cache")
    assert not (tmp_path / "out").exists()
