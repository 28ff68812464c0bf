"""Folders in the layout of Speech Commands: WORD/*.wav, `_silence_`, `_unknown_` (Warden 2018, arXiv:1804.03209)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from smidgen.datasets.clips import RATE_HZ, Clips
from smidgen.datasets.wav import load_audio
from smidgen.errors import DataError

SILENCE = "_silence_"
UNKNOWN = "_unknown_"
BACKGROUND = "_background_noise_"
_SPEAKER = re.compile(r"([0-9a-f]{8})_nohash_\d+$")


def load(folder: str | Path) -> Clips:
    """Load every recording of a folder that holds one sub-folder a word.

    Returns `Clips` sorted by path; the words are the folders' names. The speaker is the eight hex digits of a Speech
    Commands file name (`d0faf7e4_nohash_3.wav`), else the file itself, so that each such recording counts as a
    speaker of its own. The minutes of `_background_noise_` become clips of `_silence_`, a second each. Raises
    DataError when the folder or a word's folder is missing or empty, or there is only one word; AudioError names the
    first recording that cannot be read.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise DataError(f"{folder}: no such folder; give one that holds WORD/*.wav")
    words = {path.name: _recordings(path) for path in sorted(folder.iterdir()) if _is_word(path)}
    if not any(words.values()):
        raise DataError(f"{folder}: no recordings found; put them in folders named after the word, WORD/*.wav")
    for word, paths in words.items():
        if not paths:
            raise DataError(f"{folder / word}: holds no .wav; record the word or remove the folder")
    if len(words) == 1:
        raise DataError(f"{folder}: only one class, {next(iter(words))!r}; add a folder for each other word")
    clips = Clips()
    for word, paths in words.items():
        for path in paths:
            if word == BACKGROUND:
                clips.extend(_seconds(path))
            else:
                clips.append(load_audio(path), word, speaker_of(path))
    return clips


def speaker_of(path: Path) -> str:
    """The speaker's hash in a Speech Commands file name, else "WORD/NAME": nobody knows who else spoke there."""
    match = _SPEAKER.match(path.stem)
    return match.group(1) if match else f"{path.parent.name}/{path.stem}"


def targets_of(words: Sequence[str], labels: Sequence[str]) -> np.ndarray:
    """int64 [len(words)], indices into labels; a word that is no label is `_unknown_`."""
    index = {label: i for i, label in enumerate(labels)}
    return np.array([index.get(word, index[UNKNOWN]) for word in words], np.int64)


def _is_word(path: Path) -> bool:
    return path.is_dir() and not path.name.startswith(".")


def _recordings(folder: Path) -> list[Path]:
    return sorted(p for p in folder.iterdir() if p.suffix.lower() == ".wav" and not p.name.startswith("."))


def _seconds(path: Path) -> Clips:
    audio = load_audio(path)
    clips = Clips()
    for start in range(0, len(audio) - RATE_HZ + 1, RATE_HZ):
        clips.append(audio[start : start + RATE_HZ], SILENCE, speaker_of(path))
    return clips
