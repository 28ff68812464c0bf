"""Have many voices say many words: the synthetic data set before augmentation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from smidgen.datasets import jobs
from smidgen.datasets.cache import Arrays, cache_folder, key_of
from smidgen.datasets.clips import RATE_HZ, Clips
from smidgen.datasets.jobs import Progress, silent
from smidgen.datasets.synth.engines import engine, espeak, list_voices
from smidgen.datasets.synth.vocabulary import check_speakable
from smidgen.datasets.synth.voices import Utterance, Voice

_UTTERANCES_A_JOB = 200
_ENDINGS = ("", "", ".", "!", "?", ",")  # punctuation changes the melody
_FLOOR = 0.02  # of the peak: what is quieter at either end is not speech
_MARGIN = RATE_HZ // 50  # kept before and after it
_PEAK = 0.7 * 32767
_SHARES = {"espeak-ng": 0.35, "flite": 0.15, "festival": 0.1, "pico": 0.1, "hibari": 0.2, "kokoro": 0.1}
_HEARD_AGAIN = {"kokoro": 8}  # a slow synthesiser's recordings are used so often


@dataclass(frozen=True)
class Manner:
    """How far utterances stray from each voice's own way of speaking (uniform ranges)."""

    rate: tuple[float, float] = (0.7, 1.4)
    pitch: tuple[float, float] = (-4.0, 4.0)
    intonation: tuple[float, float] = (0.3, 1.9)


def synthesise(
    counts: Mapping[str, int],
    language: str = "en",
    *,
    seed: int,
    engines: Sequence[str] | None = None,
    cache: Path | None = None,
    progress: Progress = silent,
) -> Clips:
    """Say each word of `counts` that many times.

    Every voice of the language takes its turn, each time at another pace, pitch and melody. engines: names of
    synthesisers (default: all that are installed). cache: a folder (default: the user's cache). Returns `Clips` with
    speech cut out and levelled; equal arguments give equal clips with the same version of espeak-ng
    (festival and flite were seen to differ in one clip of 700).
    Raises UsageError for an unknown language or a word that gives no sound, Interrupted on Ctrl-C.
    """
    voices = list_voices(language, engines)
    reference = reference_voice(language)
    for word in counts:
        check_speakable(word, reference)
    utterances = _plan(counts, voices, np.random.default_rng(seed))
    batches = _batches(list(dict.fromkeys(utterances)))
    folder = (cache or cache_folder()) / "speech"
    made = jobs.run(say, [_job(batch) for batch in batches], folder, "synthesising speech", progress)
    said: dict[Utterance, np.ndarray] = {}
    for batch, arrays in zip(batches, made, strict=True):
        said |= zip(batch, np.split(arrays["audio"], np.cumsum(arrays["lengths"])[:-1]), strict=True)
    clips = Clips()
    for utterance in utterances:
        if len(said[utterance]):
            clips.append(said[utterance], _word(utterance), utterance.voice.speaker)
    return clips


def reference_voice(language: str) -> Voice:
    """The voice that says whether and how a word is spoken: espeak-ng's first of the language."""
    return list_voices(language, [espeak().name])[0]


def say(engine_name: str, utterances: Sequence[Utterance]) -> Arrays:
    """One job: the trimmed, levelled recordings end to end. audio: int16 [sum of lengths], lengths: int64 [n]."""
    recordings = [trim(audio) for audio in engine(engine_name).say(utterances)]
    return {
        "audio": np.concatenate([np.zeros(0, np.int16), *recordings]),
        "lengths": np.array([len(r) for r in recordings], np.int64),
    }


def trim(audio: np.ndarray) -> np.ndarray:
    """Cut the quiet ends off int16 [samples] and bring the peak to 70 % of full scale; silence gives no sample."""
    level = np.abs(audio.astype(np.int32))
    peak = int(level.max(initial=0))
    loud = np.flatnonzero(level > max(_FLOOR * peak, 1))
    if not len(loud):
        return np.zeros(0, np.int16)
    kept = audio[max(loud[0] - _MARGIN, 0) : loud[-1] + 1 + _MARGIN]
    return np.rint(kept * (_PEAK / peak)).astype(np.int16)


def _plan(counts: Mapping[str, int], voices: Sequence[Voice], rng: np.random.Generator) -> list[Utterance]:
    """Who says what: voices in shuffled turns, a synthesiser of few voices not drowned by one of many."""
    ranges = list(asdict(Manner()).values())
    plan: list[Utterance] = []
    for word, count in counts.items():
        for n, voice in enumerate(_turns(voices, count, rng)):
            rate, pitch, intonation = (float(rng.uniform(*r)) for r in ranges)
            text = word + _ENDINGS[rng.integers(len(_ENDINGS))]
            again = n % _HEARD_AGAIN.get(voice.engine, 1) and plan[-1].voice.engine == voice.engine
            said = Utterance(text, voice, round(rate, 3), round(pitch, 2), round(intonation, 2))
            plan.append(plan[-1] if again else said)
    return plan


def _turns(voices: Sequence[Voice], count: int, rng: np.random.Generator) -> list[Voice]:
    """Each synthesiser's voices in shuffled turns; the first synthesiser takes what does not come out even."""
    names = list(dict.fromkeys(v.engine for v in voices))
    total = sum(_SHARES[name] for name in names)
    turns: list[Voice] = []
    for name in reversed(names):
        share = count - len(turns) if name == names[0] else round(count * _SHARES[name] / total)
        turns += _cycle([v for v in voices if v.engine == name], share, rng)
    return turns


def _cycle(voices: Sequence[Voice], count: int, rng: np.random.Generator) -> list[Voice]:
    turns: list[Voice] = []
    while len(turns) < count:
        turns += [voices[i] for i in rng.permutation(len(voices))]
    return turns[:count]


def _batches(utterances: Sequence[Utterance]) -> list[list[Utterance]]:
    by_engine: dict[str, list[Utterance]] = {}
    for utterance in utterances:
        by_engine.setdefault(utterance.voice.engine, []).append(utterance)
    size = _UTTERANCES_A_JOB
    return [group[i : i + size] for group in by_engine.values() for i in range(0, len(group), size)]


def _job(batch: list[Utterance]) -> jobs.Job:
    name = batch[0].voice.engine
    return jobs.Job(key_of([asdict(u) for u in batch], engine(name).version), lambda: (name, batch))


def _word(utterance: Utterance) -> str:
    return utterance.text.rstrip("".join(_ENDINGS))
