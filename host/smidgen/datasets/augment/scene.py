"""A scene: one word (or none) said somewhere in a window of sound, in a room, through a microphone, over noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import soxr

from smidgen.datasets.augment.noise import Generator, background, decibels
from smidgen.datasets.augment.room import impulse_response, mu_law, response
from smidgen.datasets.clips import RATE_HZ
from smidgen.datasets.wav import to_int16


@dataclass(frozen=True)
class Scenery:
    """How rough the scenes are: probabilities, and uniform ranges in their units. Part of every cache key."""

    speed: tuple[float, float] = (0.82, 1.2)  # resampling: pitch, formants and pace together
    reverberation: float = 0.4
    clean: float = 0.35  # hardly any noise
    clean_snr_db: tuple[float, float] = (25.0, 50.0)
    snr_db: tuple[float, float] = (2.0, 28.0)
    babbling: float = 0.25  # of the noises
    level_dbfs: tuple[float, float] = (-40.0, -12.0)
    overdriven: float = 0.05
    telephone: float = 0.03
    silence_dbfs: tuple[float, float] = (-75.0, -12.0)
    silent: float = 0.1  # of the silence: digital silence or the last bit
    gated: float = 0.1  # sound that is digital silence before and after the word, as in an edited recording
    cut: float = 0.1  # of a word that may hang over either edge of the window


def scene(
    rng: Generator, samples: int, window: int, word: np.ndarray | None, others: Sequence[np.ndarray], how: Scenery
) -> np.ndarray:
    """int16 [samples]: the word lies within the last `window` of them, the background goes through all.

    word: int16 clip, or None for a scene without speech in front. others: int16 clips for babble.
    """
    if word is None:
        return _quiet(rng, samples, others, how)
    dry, begin, end = _place(rng, samples, window, _warp(rng, word, how), how)
    voice = _through(rng, dry, rng.random() < how.reverberation)
    loudness = np.sqrt(np.mean(np.square(voice[voice != 0]))) if voice.any() else 1.0
    snr_db = rng.uniform(*(how.clean_snr_db if rng.random() < how.clean else how.snr_db))
    sound = voice / loudness + background(rng, samples, others, how.babbling) * decibels(-snr_db)
    if rng.random() < how.telephone:
        sound = mu_law(sound)
    sound *= decibels(rng.uniform(*how.level_dbfs))
    if rng.random() < how.overdriven:
        sound *= decibels(rng.uniform(6.0, 20.0))
    if rng.random() < how.gated:
        margin = int(rng.integers(0, RATE_HZ // 8))
        sound[: max(begin - margin, 0)] = 0.0
        sound[end + margin :] = 0.0
    return to_int16(sound)


def _quiet(rng: Generator, samples: int, others: Sequence[np.ndarray], how: Scenery) -> np.ndarray:
    if rng.random() < how.silent:
        return rng.integers(-1, 2, samples).astype(np.int16) * np.int16(rng.integers(0, 2))
    sound = background(rng, samples, others, how.babbling / 4)
    return to_int16(_through(rng, sound, False) * decibels(rng.uniform(*how.silence_dbfs)))


def _warp(rng: Generator, word: np.ndarray, how: Scenery) -> np.ndarray:
    speed = rng.uniform(*how.speed)
    return soxr.resample(word / 32768.0, RATE_HZ * speed, RATE_HZ, quality="LQ")


def _place(rng: Generator, samples: int, window: int, word: np.ndarray, how: Scenery) -> tuple[np.ndarray, int, int]:
    """The word somewhere in the last `window` samples, a little of it perhaps cut off at either edge; from, to."""
    over = int(how.cut * len(word))
    first, last = samples - window - over, samples + over - len(word)
    start = int(rng.integers(first, last + 1)) if last > first else (first + last) // 2
    sound = np.zeros(samples)
    begin, end = max(start, 0), min(start + len(word), samples)
    sound[begin:end] = word[begin - start : end - start]
    return sound, begin, end


def _through(rng: Generator, sound: np.ndarray, reverberant: bool) -> np.ndarray:
    """Through a room (or not) and a microphone, in one multiplication of spectra."""
    tail = RATE_HZ // 2
    points = 1 << (len(sound) + tail - 1).bit_length()
    spectrum = np.fft.rfft(sound, points) * response(rng, points // 2 + 1)
    if reverberant:
        spectrum *= np.fft.rfft(impulse_response(rng, tail), points)
    return np.fft.irfft(spectrum, points)[: len(sound)]
