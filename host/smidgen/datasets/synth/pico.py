"""SVOX Pico, Android's first voice (Apache-2.0), as the PyPI package ttspico builds it: one speaker a language."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from typing import Any

import numpy as np

from smidgen.datasets.synth.voices import Utterance, Voice, speaks

_LANGUAGES = ("de-DE", "en-GB", "en-US", "es-ES", "fr-FR", "it-IT")


class Pico:
    """Pico's voices, 16 kHz."""

    name = "pico"
    how_to_install = "with a C compiler: pip install ttspico"

    def __init__(self) -> None:
        self.version = version("ttspico")

    @staticmethod
    def installed() -> bool:
        return importlib.util.find_spec("ttspico") is not None

    def voices(self, language: str) -> list[Voice]:
        return [
            Voice(self.name, name, name.lower(), f"{self.name}:{name}") for name in _LANGUAGES if speaks(name, language)
        ]

    def say(self, utterances: Sequence[Utterance]) -> list[np.ndarray]:
        """int16 [samples] at 16 kHz for each utterance. Its melody is the voice's own."""
        return [self._say(utterance) for utterance in utterances]

    def _say(self, utterance: Utterance) -> np.ndarray:
        speaker = _speaker(utterance.voice.name)
        speaker.rate = round(100 * utterance.rate)
        speaker.pitch = round(100 * 2.0 ** (utterance.pitch / 12.0))
        return np.frombuffer(speaker.speak(utterance.text) or b"", np.int16)


@cache
def _speaker(name: str) -> Any:
    import ttspico

    return ttspico.TtsEngine(name)
