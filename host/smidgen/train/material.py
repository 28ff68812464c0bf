"""Clips for a keyword model: synthetic or the user's own, labelled, split by speaker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from smidgen.datasets import speech_commands
from smidgen.datasets.clips import Clips
from smidgen.datasets.jobs import Progress
from smidgen.datasets.speech_commands import SILENCE, UNKNOWN
from smidgen.datasets.synth import other_words, synthesise, unknown_weights
from smidgen.datasets.synth.corpus import reference_voice
from smidgen.datasets.windows import Windows, scenes, sounds_of
from smidgen.errors import DataError, UsageError
from smidgen.train.recipe import Recipe

_EMPTY = np.zeros(0, np.int16)
_MOST_SCENES = 40
_SPEECH_SEED = 1


@dataclass(frozen=True)
class Material:
    """Clips on both sides of a split by speaker. others: words that are no keyword, for babble. scenes: of a clip."""

    labels: tuple[str, ...]
    train: Clips
    held_out: Clips
    others: Clips
    scenes: int

    def targets(self, clips: Clips) -> np.ndarray:
        """int64 [len(clips)], indices into the labels; a word that is no label is unknown."""
        return speech_commands.targets_of(clips.words, self.labels)

    def summary(self) -> dict[str, Any]:
        """Clips and speakers of both sides, for the card."""
        return {
            name: {"clips": len(clips), "speakers": sorted({s for s in clips.speakers if s})}
            for name, clips in (("train", self.train), ("held_out", self.held_out))
        }


def labels_for(words: Sequence[str]) -> tuple[str, ...]:
    """Silence and unknown first (equal scores fall to them), then the keywords. Raises UsageError for bad lists."""
    words = [word.strip().lower() for word in words]
    if not words:
        raise UsageError("no keyword given; name at least one")
    if len(set(words)) < len(words) or {SILENCE, UNKNOWN} & set(words):
        raise UsageError(f"keywords {', '.join(words)}: each once, and neither {SILENCE} nor {UNKNOWN}")
    return (SILENCE, UNKNOWN, *words)


def synthetic(
    words: Sequence[str], language: str, recipe: Recipe, seed: int, cache: Path | None, progress: Progress
) -> Material:
    """Keywords and other words by every voice, held out by speaker.

    The speech is a data set of its own, the same for every seed, so that another seed does not wait for it.
    """
    labels = labels_for(words)
    of_each, of_others = recipe.counts(len(words))
    counts = dict.fromkeys(labels[2:], of_each) | _unknown_counts(labels[2:], language, of_others)
    clips = synthesise(counts, language, seed=_SPEECH_SEED, engines=recipe.engines, cache=cache, progress=progress)
    return _split(labels, clips, recipe, seed, recipe.scenes)


def recorded(folder: Path, words: Sequence[str], recipe: Recipe, seed: int) -> Material:
    """A user's recordings in Speech Commands layout, each in as many scenes as make up for its few fellows.

    Raises DataError when a keyword has none, or nothing else has.
    """
    labels = labels_for(words)
    clips = speech_commands.load(folder)
    missing = [word for word in labels[2:] if word not in clips.words]
    if missing:
        raise DataError(f"{folder}: no recordings of {', '.join(missing)}; put them into {folder / missing[0]}")
    if not set(clips.words).difference(labels[2:], {SILENCE}):
        raise DataError(f"{folder}: only keywords; add other words, or a folder {UNKNOWN}")
    of_each, of_others = recipe.counts(len(words))
    wanted = recipe.scenes * (len(words) * of_each + of_others)
    return _split(labels, clips, recipe, seed, min(-(-wanted // len(clips)), _MOST_SCENES))


def windows(
    clips: Clips, material: Material, recipe: Recipe, seed: int, cache: Path | None, progress: Progress
) -> Windows:
    """Each clip in `material.scenes` scenes, and scenes of silence in proportion to the share of all clips."""
    everything = _everything(clips, material, recipe, seed)
    return scenes(
        everything,
        material.targets(everything),
        recipe.spec,
        recipe.scenery,
        seed=seed,
        others=material.others,
        cache=cache,
        progress=progress,
    )


def sounds(indices: Sequence[int], clips: Clips, material: Material, recipe: Recipe, seed: int) -> np.ndarray:
    """The sound behind some of the windows that `windows` makes of the same arguments: int16 [n, samples]."""
    everything = _everything(clips, material, recipe, seed)
    return sounds_of(indices, everything, recipe.spec, recipe.scenery, seed=seed, others=material.others)


def _everything(clips: Clips, material: Material, recipe: Recipe, seed: int) -> Clips:
    everything = Clips()
    for _ in range(material.scenes):
        everything.extend(clips)
    share = len(clips) / max(len(material.train) + len(material.held_out), 1)
    for _ in range(round(recipe.silence_scenes * share)):
        everything.append(_EMPTY, SILENCE, "")
    order = np.random.default_rng(seed).permutation(len(everything))  # each job's scenes last equally long
    return everything.take(order.tolist())


def _unknown_counts(words: Sequence[str], language: str, clips: int) -> dict[str, int]:
    weights = unknown_weights(words, other_words(language), reference_voice(language))
    drawn = np.random.default_rng(_SPEECH_SEED).multinomial(clips, list(weights.values()))
    return {word: int(count) for word, count in zip(weights, drawn, strict=True) if count}


def _split(labels: tuple[str, ...], clips: Clips, recipe: Recipe, seed: int, scenes_a_clip: int) -> Material:
    train, held_out = clips.split_by_speaker(recipe.held_out, seed)
    others = train.take(i for i, word in enumerate(train.words) if word not in labels[2:] and word != SILENCE)
    return Material(labels, train, held_out, others, scenes_a_clip)
