"""microWakeWord's models run unchanged: TFLM's scores along a stream of sound, its runtime's detections."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from pymicro_features import MicroFrontend

from smidgen import pipeline
from smidgen.bench.seeded import Network
from smidgen.convert import convert, read
from smidgen.engine import Engine, outputs_along
from smidgen.errors import ConvertError, DataError
from smidgen.features.audio import AudioFrontEnd
from smidgen.microwakeword import is_manifest, read_manifest, sections_of_manifest
from tests.support.equality import tflm
from tests.support.keyword_model import speech_like
from tests.support.streaming import wake_word_model

CUTOFF, WINDOW = 0.7, 5
SAMPLES = speech_like(6, seed=3)


def manifest(**changed: object) -> dict:
    micro = {"probability_cutoff": CUTOFF, "feature_step_size": 10, "sliding_window_size": WINDOW}
    return {"type": "micro", "wake_word": "Okay Test", "author": "nobody", "version": 2, "micro": micro} | changed


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "okay_test.json"
    path.write_text(json.dumps(manifest()))
    return path


def features(samples: np.ndarray) -> np.ndarray:
    """What ESPHome computes from a recording: int8 [frames, 40]."""
    front_end, rows, audio = MicroFrontend(), [], samples.tobytes()
    while len(audio) >= 320:
        output = front_end.process_samples(audio[:320])
        audio = audio[2 * output.samples_read :]
        if output.features:
            rows.append([(round(f / 0.0390625) * 256 + 333) // 666 - 128 for f in output.features])
    return np.clip(np.array(rows), -128, 127).astype(np.int8)


def reference_scores(content: bytes, samples: np.ndarray) -> list[int]:
    """TFLM's score of every three frames of a recording."""
    rows = features(samples)
    steps = [[rows[np.newaxis, i : i + 3]] for i in range(0, len(rows) - 2, 3)]
    return [int(y.item()) for (y,) in tflm(content, steps)]


def reference_detections(scores: list[int]) -> list[int]:
    """The steps at which ESPHome's rule fires: the mean of the last scores, but not in the first second of a stream
    nor in the second after a detection."""
    found, quiet = [], 100 // 3
    for step in range(len(scores)):
        recent = scores[max(step - WINDOW + 1, 0) : step + 1]
        if quiet:
            quiet -= 1
        elif len(recent) == WINDOW and sum(recent) >= WINDOW * (int(CUTOFF * 255) + 1):
            found.append(step)
            quiet = 34
    return found


def smg(content: bytes, path: Path) -> bytes:
    graph = read(content, "okay_test.tflite")
    return convert(content, "okay_test.tflite", sections_of_manifest(read_manifest(path), graph)).to_bytes()


def test_scores_along_a_stream_of_sound_are_tflms(written):
    content = wake_word_model()
    expected = reference_scores(content, SAMPLES)
    assert len(set(expected)) > 50
    engine = Engine(smg(content, written))
    rows = AudioFrontEnd(engine.blob.sections["AUDIO"]).stream(SAMPLES)
    assert [int(y.item()) for (y,) in outputs_along(engine, rows[: len(rows) // 3 * 3], 3)] == expected


def test_detections_follow_from_cutoff_and_window_of_the_manifest(written):
    content = wake_word_model()
    steps = reference_detections(reference_scores(content, SAMPLES))
    found = pipeline.listen(smg(content, written), SAMPLES)
    assert len(steps) >= 2
    assert [d.time_ms for d in found] == [(3 * step + 2) * 10 + 30 for step in steps]
    assert {d.word for d in found} == {"Okay Test"}


def test_the_card_says_whose_model_it_is(written):
    blob = Engine(smg(wake_word_model(), written)).blob
    assert blob.card["from"] == "microWakeWord" and blob.card["author"] == "nobody"


MALFORMED = {
    "another version": (manifest(version=1), "version 1; only version 2"),
    "no cutoff": (manifest(micro={"sliding_window_size": 5}), "has no 'probability_cutoff'"),
    "a cutoff that is none": (manifest(micro=manifest()["micro"] | {"probability_cutoff": 1.5}), "out of range"),
    "a window of nothing": (manifest(micro=manifest()["micro"] | {"sliding_window_size": 0}), "out of range"),
    "a list": ([1], "not a manifest"),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_manifest_that_cannot_be_used_is_refused(name, tmp_path):
    content, complaint = MALFORMED[name]
    path = tmp_path / "x.json"
    path.write_text(json.dumps(content))
    with pytest.raises(DataError, match=f"x.json: .*{complaint}"):
        read_manifest(path)


def test_only_a_file_that_says_so_is_a_manifest(written, tmp_path):
    assert is_manifest(written)
    (tmp_path / "card.json").write_text("{}")
    (tmp_path / "list.json").write_text("[]")
    (tmp_path / "torn.json").write_text("{")
    assert not any(map(is_manifest, tmp_path.glob("[!o]*.json"))) and not is_manifest(tmp_path / "absent.json")


def test_a_model_of_another_form_is_refused(written):
    with pytest.raises(ConvertError, match=r"microWakeWord's models go from \[1, frames, 40\] to one UINT8"):
        smg(Network((20, 40, 1), 1).dense(2).build(), written)
