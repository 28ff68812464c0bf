"""What is played to the board: words by voices that the model has not heard in training, over noise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from smidgen.datasets.augment.noise import decibels, shaped
from smidgen.datasets.clips import RATE_HZ, Clips
from smidgen.datasets.jobs import Progress
from smidgen.datasets.synth import PYPI_ENGINES, other_words, synthesise
from smidgen.datasets.wav import to_int16

_EACH = 4  # times that each keyword is said
_OTHERS = 4  # other words said
_CANDIDATES = 80  # utterances of each word, of which those by held-out voices are used
_GAP_S = 1.8  # from one word to the next
_LEVEL_DB, _NOISE_DB = -20.0, -48.0  # of full scale


@dataclass(frozen=True)
class Said:
    """A word in the recording. start_s, end_s: where, in seconds."""

    word: str
    speaker: str
    start_s: float
    end_s: float


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
    clips, others = unheard(card, _OTHERS, _CANDIDATES, seed + 1000, rng, progress)
    words = [*card["labels"][2:] * _EACH, *others]
    order = [words[i] for i in rng.permutation(len(words))]
    return _mix(clips, order, rng)


def unheard(
    card: dict[str, Any], others: int, each: int, seed: int, rng: np.random.Generator, progress: Progress
) -> tuple[Clips, list[str]]:
    """The model's keywords and so many other words, each said `each` times, by voices that the card lists as held out
    as far as there are any; and which the other words are. Raises UsageError or MissingExtra as `synthesise`."""
    keywords = card["labels"][2:]
    strangers = [word for word in other_words(card["language"]) if word not in keywords]
    chosen = [strangers[i] for i in rng.permutation(len(strangers))[:others]]
    counts = dict.fromkeys([*keywords, *chosen], each)
    clips = synthesise(counts, card["language"], seed=seed, engines=PYPI_ENGINES, progress=progress)
    voices = set(card["data"]["held_out"]["speakers"])
    return clips.take([i for i, who in enumerate(clips.speakers) if who in voices]) or clips, chosen


def say_over(
    sound: np.ndarray, clips: Clips, i: int, start: int, level_db: float = 0.0, longest: int | None = None
) -> Said:
    """Add clip `i` to the sound, float [n], from sample `start` on, as loud as level_db of full scale (RMS); at most
    `longest` samples of it."""
    audio = clips.audio[i][:longest] / 32768.0
    sound[start : start + len(audio)] += audio * decibels(level_db) / max(float(np.sqrt(np.mean(audio**2))), 1e-9)
    return Said(clips.words[i], clips.speakers[i], start / RATE_HZ, (start + len(audio)) / RATE_HZ)


def _mix(clips: Clips, words: list[str], rng: np.random.Generator) -> Recording:
    gap = int(_GAP_S * RATE_HZ)
    sound = shaped(rng, gap * (len(words) + 1)) * decibels(_NOISE_DB)
    said = []
    for n, word in enumerate(words):
        choices = [i for i, known in enumerate(clips.words) if known == word]
        if not choices:
            continue  # no held-out voice can say it
        said.append(say_over(sound, clips, int(rng.choice(choices)), gap // 2 + n * gap, _LEVEL_DB, gap))
    return Recording(to_int16(sound), said)
