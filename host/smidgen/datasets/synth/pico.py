"""SVOX Pico, Android's first voice (Apache-2.0), as the PyPI package ttspico builds it: one speaker a language.

It was seen to crash now and then, so it speaks in a process of its own: what it had said before is kept, and another
one goes on from there.
"""

from __future__ import annotations

import importlib.util
import json
import struct
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any, BinaryIO

import numpy as np

from smidgen.datasets.synth.voices import Utterance, Voice, speaks

_LANGUAGES = ("de-DE", "en-GB", "en-US", "es-ES", "fr-FR", "it-IT")
_TRIES = 5


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
        """int16 [samples] at 16 kHz for each utterance, empty for those on which it crashes again and again. Its melody
        is the voice's own."""
        said: list[np.ndarray] = []
        for _ in range(_TRIES):
            if len(said) < len(utterances):
                said += _apart(utterances[len(said) :])
        return said + [np.zeros(0, np.int16)] * (len(utterances) - len(said))


def recordings(stream: bytes) -> list[np.ndarray]:
    """What `_speak` wrote: each recording is its length in bytes, a little-endian uint32, and its samples. One that was
    cut off is left out."""
    found: list[np.ndarray] = []
    at = 0
    while at + 4 <= len(stream):
        end = at + 4 + int.from_bytes(stream[at : at + 4], "little")
        if end > len(stream):
            break
        found.append(np.frombuffer(stream[at + 4 : end], np.int16))
        at = end
    return found


def _apart(utterances: Sequence[Utterance]) -> list[np.ndarray]:
    """As many recordings as a fresh process lives for."""
    wanted = [(u.voice.name, u.text, u.rate, u.pitch) for u in utterances]
    child = subprocess.run([sys.executable, "-m", __name__], input=json.dumps(wanted).encode(), capture_output=True)
    return recordings(child.stdout)


def _speak(wanted: bytes, out: BinaryIO) -> None:
    import ttspico

    speakers: dict[str, Any] = {}
    for name, text, rate, pitch in json.loads(wanted):
        speaker = speakers.get(name) or speakers.setdefault(name, ttspico.TtsEngine(name))
        speaker.rate = round(100 * rate)
        speaker.pitch = round(100 * 2.0 ** (pitch / 12.0))
        samples = speaker.speak(text) or b""
        out.write(struct.pack("<I", len(samples)) + samples)
        out.flush()


if __name__ == "__main__":
    _speak(sys.stdin.buffer.read(), sys.stdout.buffer)
