"""`smidgen listen`: the same detections from any WAV, on this machine and on a board."""

from __future__ import annotations

import contextlib
import json
import sys

import numpy as np
import pytest
import soundfile

from smidgen.monitor import Monitor
from smidgen.pipeline import listen
from smidgen.sim import SimBoard
from tests.host.cli.conftest import fails_with_one_line
from tests.host.cli.recordings import not_a_wav, truncated_wav
from tests.support.anomaly_model import anomaly_model
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


def test_a_folder_s_recordings_are_heard_one_after_the_other(smidgen, model, sound):
    (smidgen.folder / "day" / "late").mkdir(parents=True)
    for name in ("day/b.wav", "day/late/a.wav"):
        soundfile.write(smidgen.folder / name, sound, SECOND, subtype="PCM_16")
    lines = smidgen("listen", "sound.wav", "--model", model).stdout.splitlines()
    printed = smidgen("listen", "day", "--model", model).stdout.splitlines()
    assert printed == ["day/b.wav:", *lines, "day/late/a.wav:", *lines]
    result = json.loads(smidgen("listen", "day", "--model", model, "--json").stdout)["recordings"]
    wanted = heard(smidgen, "sound.wav", "--model", model)
    assert list(result) == ["day/b.wav", "day/late/a.wav"]
    assert result["day/b.wav"] == result["day/late/a.wav"] == {"detections": wanted}
    (smidgen.folder / "empty").mkdir()
    fails_with_one_line(smidgen("listen", "empty"), "empty: holds no .wav")


class Sounddevice:
    """The package sounddevice: a microphone that hears int16 samples, then Ctrl-C."""

    class PortAudioError(Exception):
        pass

    def __init__(self, samples: np.ndarray, refusal: str = ""):
        self.samples, self.refusal, self.overflowed = samples, refusal, True

    def InputStream(self, *, samplerate, channels, dtype, blocksize):
        assert (samplerate, channels, dtype) == (SECOND, 1, "int16") and blocksize > 0
        if self.refusal:
            raise self.PortAudioError(self.refusal)
        return contextlib.nullcontext(self)

    def read(self, count):
        if not len(self.samples):
            raise KeyboardInterrupt
        piece, self.samples = self.samples[:count], self.samples[count:]
        overflowed, self.overflowed = self.overflowed, False
        return piece[:, np.newaxis], overflowed


def test_the_microphone_gives_the_same_lines_until_ctrl_c(smidgen, model, sound, monkeypatch):
    wanted = listen(model.read_bytes(), sound)
    assert wanted
    monkeypatch.setitem(sys.modules, "sounddevice", Sounddevice(sound))
    result = smidgen("listen", "--microphone", "--model", model)
    assert result.returncode == 0
    assert result.stdout.splitlines() == [f"{d.time_ms / 1000:8.2f} s  {d.word}  {d.score} %" for d in wanted]
    assert result.stderr.splitlines() == ["sound was lost: this machine is too busy"]
    monkeypatch.setitem(sys.modules, "sounddevice", Sounddevice(sound))
    lines = smidgen("listen", "--microphone", "--model", model, "--json").stdout.splitlines()
    assert [json.loads(line) for line in lines] == [d._asdict() for d in wanted]


def test_the_microphone_reports_on_machines_too(smidgen, sound, monkeypatch):
    (smidgen.folder / "machine.smg").write_bytes(anomaly_model())
    wanted = list(Monitor(anomaly_model()).feed(sound))
    assert wanted
    monkeypatch.setitem(sys.modules, "sounddevice", Sounddevice(sound))
    lines = smidgen("listen", "--microphone", "--model", "machine.smg").stdout.splitlines()
    assert lines == smidgen("listen", "sound.wav", "--model", "machine.smg").stdout.splitlines()
    assert len(lines) == len(wanted)


def test_what_the_microphone_lacks_is_one_line(smidgen, model, monkeypatch):
    fails_with_one_line(smidgen("listen"), "give a recording, a folder or --microphone")
    fails_with_one_line(smidgen("listen", "a.wav", "--microphone"), "one of them")
    fails_with_one_line(smidgen("listen", "--microphone", "--board", "x"), "a board listens with its own")
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    fails_with_one_line(smidgen("listen", "--microphone"), "smidgen[listen]")
    monkeypatch.setitem(sys.modules, "sounddevice", Sounddevice(np.zeros(0), "Invalid sample rate"))
    fails_with_one_line(smidgen("listen", "--microphone"), "microphone: Invalid sample rate; connect one")
