"""WAV files for the tests of verbs that listen."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from smidgen.datasets.wav import write_wav
from tests.support.keyword_model import speech_like


def folder_of_words(folder: Path, words: tuple[str, ...], each: int = 3) -> Path:
    """WORD/N.wav with sound of a second."""
    for i, word in enumerate(words):
        (folder / word).mkdir(parents=True)
        for n in range(each):
            write_wav(folder / word / f"{n}.wav", speech_like(1.0, seed=10 * i + n))
    return folder


def not_a_wav(path: Path) -> Path:
    path.write_text("this is a text")
    return path


def truncated_wav(path: Path) -> Path:
    write_wav(path, np.ones(16000, np.int16))
    path.write_bytes(path.read_bytes()[:-500])
    return path
