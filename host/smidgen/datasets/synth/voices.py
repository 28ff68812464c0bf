"""What every synthesiser shows: its voices, and a way to have them say a list of utterances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np


@dataclass(frozen=True, order=True)
class Voice:
    """One voice of one synthesiser.

    engine: the synthesiser's name. name: what the synthesiser calls the voice. language: its accent ("en-gb").
    speaker: the throat behind it; voices that differ only in accent share one, and training holds out whole speakers.
    """

    engine: str
    name: str
    language: str
    speaker: str


@dataclass(frozen=True)
class Utterance:
    """A text said once. rate: 1.0 is the voice's own pace, 1.2 is faster. pitch: semitones from the voice's own.

    intonation: 0 is monotone, 1 the voice's own range of pitch.
    """

    text: str
    voice: Voice
    rate: float = 1.0
    pitch: float = 0.0
    intonation: float = 1.0


class Synthesiser(Protocol):
    """A speech synthesiser. Lives in one process; `say` must not be called from two threads."""

    name: str
    version: str

    def voices(self, language: str) -> list[Voice]:
        """Every voice for a language tag ("en" takes all accents, "en-gb" one), sorted; empty when it has none."""

    def say(self, utterances: Sequence[Utterance]) -> list[np.ndarray]:
        """int16 [samples] at 16 kHz for each utterance; empty where the voice made no sound."""


def speaks(offered: str, wanted: str) -> bool:
    """Whether a voice for the language tag `offered` serves the tag `wanted`, or one of its regions (BCP 47)."""
    offered, wanted = offered.lower(), wanted.lower().replace("_", "-")
    return offered == wanted or offered.startswith(wanted + "-")
