"""A set of recordings: what each one says and who says it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from smidgen.datasets.cache import key_of

RATE_HZ = 16_000


@dataclass
class Clips:
    """Recordings of isolated words.

    audio: int16 [samples] each, mono, 16 kHz. words: what is said ("_silence_" for background noise).
    speakers: who says it; two clips with the same speaker must never lie on both sides of a split.
    """

    audio: list[np.ndarray] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    speakers: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.audio)

    def __iter__(self) -> Iterator[tuple[np.ndarray, str, str]]:
        return iter(zip(self.audio, self.words, self.speakers, strict=True))

    def append(self, audio: np.ndarray, word: str, speaker: str) -> None:
        self.audio.append(audio)
        self.words.append(word)
        self.speakers.append(speaker)

    def extend(self, other: Clips) -> None:
        self.audio.extend(other.audio)
        self.words.extend(other.words)
        self.speakers.extend(other.speakers)

    def take(self, indices: Iterable[int]) -> Clips:
        """The clips at these indices, in that order."""
        chosen = list(indices)
        return Clips(
            [self.audio[i] for i in chosen], [self.words[i] for i in chosen], [self.speakers[i] for i in chosen]
        )

    def split_by_speaker(self, held_out: float, seed: int) -> tuple[Clips, Clips]:
        """Split into (kept, held out) so that no speaker is in both.

        held_out: fraction of the speakers, 0 to 1; with two speakers or more, each side gets at least one. Where all
        clips are one speaker's, each counts as a speaker of its own.
        """
        speakers = self.speakers if len(set(self.speakers)) > 1 else [str(i) for i in range(len(self))]
        names = sorted(set(speakers))
        order = np.random.default_rng(seed).permutation(len(names))
        count = min(max(round(held_out * len(names)), 1), len(names) - 1) if len(names) > 1 else 0
        chosen = {names[i] for i in order[:count]}
        outside = [i for i, s in enumerate(speakers) if s not in chosen]
        inside = [i for i, s in enumerate(speakers) if s in chosen]
        return self.take(outside), self.take(inside)


def key_of_clips(*sets: Clips) -> str:
    """A key of all that the clips hold: equal clips have equal keys."""
    return key_of(*(part for clips in sets for part in (clips.words, clips.speakers, *clips.audio)))
