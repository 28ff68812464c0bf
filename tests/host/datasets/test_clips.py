"""Clips and folders of recordings: labels, speakers, splits, and one line for each thing a user can get wrong."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smidgen.datasets import speech_commands
from smidgen.datasets.clips import RATE_HZ, Clips
from smidgen.datasets.wav import write_wav
from smidgen.errors import AudioError, DataError


def folder_of(root: Path, *names: str) -> Path:
    for n, name in enumerate(names):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_wav(path, np.full(100, n, np.int16))
    return root


@given(st.lists(st.integers(0, 12), min_size=1, max_size=60), st.floats(0.05, 0.95), st.integers(0, 9))
def test_no_speaker_is_on_both_sides_of_a_split(speakers: list[int], held_out: float, seed: int) -> None:
    count = len(speakers)
    clips = Clips([np.array([i], np.int16) for i in range(count)], ["w"] * count, list(map(str, speakers)))
    kept, out = clips.split_by_speaker(held_out, seed)
    assert len(set(speakers)) == 1 or not set(kept.speakers) & set(out.speakers)
    assert sorted(int(a[0]) for a in kept.audio + out.audio) == list(range(len(speakers)))
    if len(speakers) > 1:
        assert len(kept) and len(out)
    again = clips.split_by_speaker(held_out, seed)
    assert (again[0].speakers, again[1].speakers) == (kept.speakers, out.speakers)


def test_one_speakers_clips_are_split_one_by_one() -> None:
    clips = Clips([np.array([i], np.int16) for i in range(10)], ["w"] * 10, ["me"] * 10)
    kept, out = clips.split_by_speaker(0.2, seed=1)
    assert (len(kept), len(out)) == (8, 2)
    assert sorted(int(a[0]) for a in kept.audio + out.audio) == list(range(10))


def test_speech_commands_folder_gives_words_and_speakers(tmp_path: Path) -> None:
    folder_of(tmp_path, "yes/d0faf7e4_nohash_0.wav", "yes/mine.WAV", "no/d0faf7e4_nohash_3.wav", "no/._junk.wav")
    clips = speech_commands.load(tmp_path)
    assert list(zip(clips.words, clips.speakers, strict=True)) == [
        ("no", "d0faf7e4"),
        ("yes", "d0faf7e4"),
        ("yes", "yes/mine"),
    ]
    assert [audio[0] for audio in clips.audio] == [2, 0, 1]


def test_background_noise_folder_becomes_seconds_of_silence(tmp_path: Path) -> None:
    folder_of(tmp_path, "yes/a.wav", "no/a.wav", "_background_noise_/tap.wav")
    write_wav(tmp_path / "_background_noise_" / "tap.wav", np.ones(2 * RATE_HZ + 50, np.int16))
    clips = speech_commands.load(tmp_path)
    silence = [(len(a), s) for a, w, s in clips if w == "_silence_"]
    assert silence == [(RATE_HZ, "_background_noise_/tap")] * 2


@pytest.mark.parametrize(
    ("names", "complaint"),
    [
        ((), "no recordings found"),
        (("yes/a.wav", "yes/b.wav"), "only one class"),
        (("a.wav", "b.wav"), "no recordings found"),
    ],
)
def test_folder_without_two_classes_is_refused_by_name(tmp_path: Path, names: tuple[str, ...], complaint: str) -> None:
    with pytest.raises(DataError, match=complaint) as caught:
        speech_commands.load(folder_of(tmp_path, *names))
    assert str(tmp_path) in str(caught.value)


def test_empty_word_folder_is_refused_by_name(tmp_path: Path) -> None:
    folder_of(tmp_path, "yes/a.wav", "no/a.wav")
    (tmp_path / "maybe").mkdir()
    with pytest.raises(DataError, match="maybe"):
        speech_commands.load(tmp_path)


def test_missing_folder_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="absent"):
        speech_commands.load(tmp_path / "absent")


def test_broken_recording_in_a_folder_is_named(tmp_path: Path) -> None:
    folder_of(tmp_path, "yes/a.wav", "no/a.wav")
    (tmp_path / "no" / "b.wav").write_bytes(b"RIFF")
    with pytest.raises(AudioError, match=r"b\.wav"):
        speech_commands.load(tmp_path)
