"""Folders in the layout of Speech Commands: WORD/*.wav, `_silence_`, `_unknown_` (Warden 2018, arXiv:1804.03209)."""

from __future__ import annotations

import re
from pathlib import Path

from smidgen.datasets.clips import Clips
from smidgen.datasets.wav import load_audio
from smidgen.errors import DataError

SILENCE = "_silence_"
UNKNOWN = "_unknown_"
_SPEAKER = re.compile(r"([0-9a-f]{8})_nohash_\d+$")


def load(folder: str | Path) -> Clips:
    """Load every recording of a folder that holds one sub-folder a word.

    Returns `Clips` sorted by path; the words are the folders' names. The speaker is the eight hex digits of a Speech
    Commands file name (`d0faf7e4_nohash_3.wav`), else the file itself, so that each such recording counts as a
    speaker of its own. Raises DataError when the folder is missing, has no recording, or only one word; AudioError
    names the first recording that cannot be read.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise DataError(f"{folder}: no such folder; give one that holds WORD/*.wav")
    paths = sorted(path for path in folder.glob("*/*") if path.suffix.lower() == ".wav")
    words = sorted({path.parent.name for path in paths})
    if not words:
        raise DataError(f"{folder}: no recordings found; put them in folders named after the word, WORD/*.wav")
    if len(words) == 1:
        raise DataError(f"{folder}: only one class, {words[0]!r}; add a folder for each other word, or {UNKNOWN}")
    clips = Clips()
    for path in paths:
        clips.append(load_audio(path), path.parent.name, speaker_of(path))
    return clips


def speaker_of(path: Path) -> str:
    """The speaker's hash in a Speech Commands file name, else "WORD/NAME": nobody knows who else spoke there."""
    match = _SPEAKER.match(path.stem)
    return match.group(1) if match else f"{path.parent.name}/{path.stem}"


def relabel(clips: Clips, keywords: list[str]) -> Clips:
    """The same clips with every word that is neither a keyword nor silence named `_unknown_`."""
    kept = {*keywords, SILENCE}
    return Clips(list(clips.audio), [w if w in kept else UNKNOWN for w in clips.words], list(clips.speakers))
