"""Which other words stand for "unknown", and how near they sound to the keywords.

English, German, French, Portuguese and Spanish have lists in `words/`; every other language is served by its
numbers, which a synthesiser can say in any language without knowing how they are spelt.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from importlib import resources

import numpy as np

from smidgen.datasets.synth.engines import espeak
from smidgen.datasets.synth.espeak import EspeakLibrary
from smidgen.datasets.synth.voices import Utterance, Voice
from smidgen.errors import UsageError

_NUMBERS = [str(n) for n in (*range(21), *range(22, 100, 3), *range(100, 1001, 57), 1_000_000)]
_QUIETEST_PEAK = 300
_NOT_SEGMENTS = re.compile(r"[',;_|=\-\s]+|\([^)]*\)")  # stress, pauses and changes of language in espeak's mnemonics
_HARD_NEGATIVE_DISTANCE = 0.5


def other_words(language: str) -> list[str]:
    """Words of a language, each once, in the list's order."""
    base = re.split(r"[-_]", language.lower())[0]
    file = resources.files("smidgen.datasets.synth") / "words" / f"{base}.txt"
    return list(dict.fromkeys(file.read_text("utf-8").split())) if file.is_file() else list(_NUMBERS)


def check_speakable(word: str, voice: Voice) -> None:
    """Raise UsageError unless the voice can say the word: it has letters or digits that the language knows."""
    if not any(unicodedata.category(c)[0] in "LN" for c in word):
        raise UsageError(f"the word {word!r} cannot be spoken: it has neither letters nor digits")
    synthesiser = espeak()
    said = synthesiser.say([Utterance(word, voice)])[0]
    if not len(said) or np.abs(said.astype(np.int32)).max() < _QUIETEST_PEAK:
        raise UsageError(f"the word {word!r} cannot be spoken in {voice.language}: it makes no sound")
    if isinstance(synthesiser, EspeakLibrary):
        shifted = "".join(chr(ord(c) + 1) if c.isalpha() else c for c in word)
        if shifted != word and synthesiser.phonemes(word, voice) == synthesiser.phonemes(shifted, voice):
            raise UsageError(f"the word {word!r} cannot be spoken in {voice.language}: its letters are unknown there")


def unknown_weights(words: Sequence[str], others: Sequence[str], voice: Voice) -> dict[str, float]:
    """How often each other word shall stand for "unknown" (the weights sum to 1).

    A word that sounds like a keyword ("know" for "no") is left out; one within half a keyword's length of it in
    phonemes is a hard negative and counts three times.
    """
    synthesiser = espeak()
    if not isinstance(synthesiser, EspeakLibrary):
        kept = [other for other in others if other.lower() not in {w.lower() for w in words}]
        return dict.fromkeys(kept, 1.0 / len(kept))
    sounds = [_segments(synthesiser.phonemes(word, voice)) for word in words]
    weights = {}
    for other in others:
        mine = _segments(synthesiser.phonemes(other, voice))
        near = min(edit_distance(mine, sound) / max(len(sound), 1) for sound in sounds)
        if near > 0:
            weights[other] = 3.0 if near <= _HARD_NEGATIVE_DISTANCE else 1.0
    total = sum(weights.values())
    return {other: weight / total for other, weight in weights.items()}


def edit_distance(a: Sequence[str], b: Sequence[str]) -> int:
    """Levenshtein distance (1966): insertions, deletions and substitutions that turn a into b."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        diagonal, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (x != y))
    return row[-1]


def _segments(phonemes: str) -> str:
    return _NOT_SEGMENTS.sub("", phonemes)
