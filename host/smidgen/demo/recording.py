"""What is played to a board: words by voices that the model has not heard in training, over noise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from smidgen.datasets.augment.noise import background, decibels, shaped
from smidgen.datasets.clips import RATE_HZ, Clips
from smidgen.datasets.jobs import Progress
from smidgen.datasets.synth import PYPI_ENGINES, other_words, synthesise
from smidgen.datasets.wav import to_int16

_EACH = 4  # times that each keyword is said
_OTHERS = 4  # other words said
_CANDIDATES = 80  # utterances of each word, of which those by held-out voices are used
_GAP_S = 1.8  # from one word to the next
_LEVEL_DB, _NOISE_DB = -20.0, -48.0  # of full scale

# Of a long recording:
_EVERY_S = 3.0  # a word, on average
_KEYWORDS = 0.2  # of the words
_MANY_OTHERS, _MANY_CANDIDATES = 60, 40
_MINUTE_S = 60


@dataclass(frozen=True)
class Said:
    """A word in the recording. start_s, end_s: where, in seconds."""

    word: str
    speaker: str
    start_s: float
    end_s: float

    def later(self, seconds: float) -> Said:
        return Said(self.word, self.speaker, self.start_s + seconds, self.end_s + seconds)


@dataclass(frozen=True)
class Recording:
    """samples: int16 [n], mono, 16 kHz."""

    samples: np.ndarray
    said: list[Said]

    @property
    def seconds(self) -> float:
        return len(self.samples) / RATE_HZ


def make_recording(card: dict[str, Any], seed: int, progress: Progress) -> Recording:
    """A recording for the model with this card: each keyword some times and a few other words, in shuffled order.

    Only voices that the card lists as held out speak, as far as there are any. Raises UsageError or MissingExtra as
    `synthesise`.
    """
    rng = np.random.default_rng(seed)
    clips, others = _unheard(card, _OTHERS, _CANDIDATES, seed + 1000, rng, progress)
    words = [*card["labels"][2:] * _EACH, *others]
    script = [(words[i], (n + 0.5) * _GAP_S) for n, i in enumerate(rng.permutation(len(words)))]
    noise = shaped(rng, int(_GAP_S * RATE_HZ) * (len(words) + 1))
    return _read_out(script, clips, noise, _LEVEL_DB, _NOISE_DB, rng)


def long_recording(card: dict[str, Any], minutes: int, seed: int, progress: Progress) -> Recording:
    """The same for so many minutes: a word every three seconds or so, a fifth of them keywords, over noise that changes
    every minute, and its level and theirs with it. Raises as `make_recording`."""
    rng = np.random.default_rng(seed)
    clips, others = _unheard(card, _MANY_OTHERS, _MANY_CANDIDATES, seed + 2000, rng, progress)
    each = [_minute(card["labels"][2:], others, clips, rng) for _ in range(minutes)]
    said = [w.later(_MINUTE_S * minute) for minute, part in enumerate(each) for w in part.said]
    return Recording(np.concatenate([part.samples for part in each]), said)


def _minute(keywords: list[str], others: list[str], clips: Clips, rng: np.random.Generator) -> Recording:
    times = np.cumsum(rng.uniform(0.6, 1.4, _MINUTE_S) * _EVERY_S)
    script = [
        (str(rng.choice(keywords if rng.random() < _KEYWORDS else others)), float(time))
        for time in times[times < _MINUTE_S - _EVERY_S]
    ]
    level_db = rng.uniform(-32.0, -18.0)
    noise = background(rng, _MINUTE_S * RATE_HZ)
    return _read_out(script, clips, noise, level_db, level_db - rng.uniform(10.0, 40.0), rng)


def _unheard(
    card: dict[str, Any], others: int, each: int, seed: int, rng: np.random.Generator, progress: Progress
) -> tuple[Clips, list[str]]:
    """The model's keywords and so many other words, each said `each` times, by voices that the card lists as held out
    as far as there are any; and which the other words are."""
    keywords = card["labels"][2:]
    strangers = [word for word in other_words(card["language"]) if word not in keywords]
    chosen = [strangers[i] for i in rng.permutation(len(strangers))[:others]]
    counts = dict.fromkeys([*keywords, *chosen], each)
    clips = synthesise(counts, card["language"], seed=seed, engines=PYPI_ENGINES, progress=progress)
    voices = set(card["data"]["held_out"]["speakers"])
    return clips.take([i for i, who in enumerate(clips.speakers) if who in voices]) or clips, chosen


def _read_out(
    script: list[tuple[str, float]],
    clips: Clips,
    noise: np.ndarray,
    level_db: float,
    noise_db: float,
    rng: np.random.Generator,
) -> Recording:
    """Words, each from its second on, by one of the voices that say it, over noise: float [n] of RMS 1. Levels are RMS,
    of full scale. A word that no voice says is left out."""
    sound, said = noise * decibels(noise_db), []
    for word, start_s in script:
        spoken = [i for i, known in enumerate(clips.words) if known == word]
        if spoken:
            i, start = int(rng.choice(spoken)), round(start_s * RATE_HZ)
            audio = clips.audio[i][: int(_GAP_S * RATE_HZ)] / 32768.0
            sound[start : start + len(audio)] += (
                audio * decibels(level_db) / max(float(np.sqrt(np.mean(audio**2))), 1e-9)
            )
            said.append(Said(word, clips.speakers[i], start / RATE_HZ, (start + len(audio)) / RATE_HZ))
    return Recording(to_int16(sound), said)
