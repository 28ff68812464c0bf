"""`smidgen listen`: the same detections from any WAV, on this machine and on a board."""

from __future__ import annotations

import json

import numpy as np
import pytest
import soundfile

from smidgen.pipeline import listen
from smidgen.sim import SimBoard
from tests.host.cli.conftest import fails_with_one_line
from tests.host.cli.recordings import not_a_wav, truncated_wav
from tests.support.keyword_model import keyword_model, speech_like

SECOND = 16000


@pytest.fixture
def model(smidgen):
    path = smidgen.folder / "model.smg"
    path.write_bytes(keyword_model())
    return path


@pytest.fixture
def sound(smidgen) -> np.ndarray:
    """Four seconds in which the model detects something, also as sound.wav."""
    samples = speech_like(4.0, seed=3)
    soundfile.write(smidgen.folder / "sound.wav", samples, SECOND, subtype="PCM_16")
    return samples


def heard(smidgen, *arguments) -> list[dict]:
    result = smidgen("listen", *arguments, "--json")
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)["detections"]


def test_detections_are_the_pipeline_s_with_times_from_the_recording_s_start(smidgen, model, sound):
    wanted = listen(model.read_bytes(), np.pad(sound, SECOND))
    assert wanted, "a model that hears nothing proves nothing"
    assert heard(smidgen, "sound.wav", "--model", model) == [
        {"word": d.word, "score": d.score, "time_ms": d.time_ms - 1000} for d in wanted
    ]
    printed = smidgen("listen", "sound.wav", "--model", model).stdout.splitlines()
    assert len(printed) == len(wanted) and printed[0].endswith(f"{wanted[0].word}  {wanted[0].score} %")


@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24", "PCM_32", "DOUBLE"])
def test_every_kind_of_wav_that_holds_the_samples_gives_the_same(smidgen, model, sound, subtype):
    wanted = heard(smidgen, "sound.wav", "--model", model)
    stereo = np.stack([sound, sound], axis=1) / 32768.0
    soundfile.write(smidgen.folder / "other.wav", stereo, SECOND, subtype=subtype)
    assert heard(smidgen, "other.wav", "--model", model) == wanted


def test_the_board_hears_what_this_machine_hears(smidgen, model, sound):
    with SimBoard() as board:
        there = heard(smidgen, "sound.wav", "--model", model, "--board", board.url)
    assert there == heard(smidgen, "sound.wav", "--model", model)


def test_the_model_that_ships_hears_nothing_in_silence(smidgen):
    soundfile.write(smidgen.folder / "silence.wav", np.zeros(SECOND), SECOND)
    assert "silence.wav: no keyword in 1.0 s" in smidgen("listen", "silence.wav").stdout


def test_what_is_no_recording_is_refused(smidgen):
    not_a_wav(smidgen.folder / "text.wav")
    truncated_wav(smidgen.folder / "cut.wav")
    fails_with_one_line(smidgen("listen", "text.wav"), "text.wav", "not a WAV")
    fails_with_one_line(smidgen("listen", "cut.wav"), "cut.wav", "truncated")
    fails_with_one_line(smidgen("listen", "none.wav"), "none.wav", "cannot be read")


def test_a_port_that_is_not_there_is_named(smidgen, sound):
    fails_with_one_line(smidgen("listen", "sound.wav", "--board", "/dev/ttyNONE"), "/dev/ttyNONE", "no board there")
