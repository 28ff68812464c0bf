"""Clips -> augmented scenes -> int8 model windows, spread over processes and cached."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from smidgen.datasets import jobs
from smidgen.datasets.augment import Scenery, scene
from smidgen.datasets.cache import Arrays, cache_folder, key_of
from smidgen.datasets.clips import RATE_HZ, Clips
from smidgen.datasets.jobs import Progress, silent
from smidgen.features.audio import AudioFrontEnd, AudioSpec

_SCENES_A_JOB = 400
_OTHERS_A_JOB = 24
_LEAD_S = 1.5  # of background before a window, so that noise estimates are those of a running board


@dataclass(frozen=True)
class Windows:
    """Model windows. features: int8 [n, frames, channels]. targets: int64 [n], indices into the labels."""

    features: np.ndarray
    targets: np.ndarray

    def __len__(self) -> int:
        return len(self.features)


def balanced(targets: np.ndarray, real: np.ndarray, classes: int, count: int) -> np.ndarray:
    """Indices, int64 [n], of about `count` examples of each class, some more than once: half of them real ones and half
    others, where a class has both. targets: int64 [examples]. real: bool [examples]."""
    order = []
    for label in range(classes):
        sources = [np.flatnonzero((targets == label) & (real == kind)) for kind in (True, False)]
        sources = [source for source in sources if len(source)]
        order += [np.resize(source, max(count // len(sources), 1)) for source in sources]
    return np.concatenate(order)


def scenes(
    clips: Clips,
    targets: np.ndarray,
    spec: AudioSpec,
    how: Scenery,
    *,
    seed: int,
    others: Clips | None = None,
    cache: Path | None = None,
    progress: Progress = silent,
    what: str = "augmenting",
) -> Windows:
    """Put each clip into one random scene. targets: int64 [len(clips)]; a clip without samples gives a scene without
    a word. others: clips for babble (default: the clips themselves). Raises Interrupted on Ctrl-C."""
    work = _jobs(clips, spec, how, seed, others)
    made = list(jobs.run(render, work, (cache or cache_folder()) / "windows", what, progress))
    return Windows(np.concatenate([arrays["features"] for arrays in made]), np.asarray(targets, np.int64))


def sounds_of(
    indices: Sequence[int], clips: Clips, spec: AudioSpec, how: Scenery, *, seed: int, others: Clips | None = None
) -> np.ndarray:
    """The sound behind some of the windows that `scenes` makes of the same arguments: int16 [n, samples]."""
    work = _jobs(clips, spec, how, seed, others)
    made: dict[int, list[np.ndarray]] = {}
    for job in sorted({i // _SCENES_A_JOB for i in indices}):
        words, heard, _, _, job_seed = work[job].arguments()
        made[job] = list(_sounds(words, heard, spec, how, job_seed))
    found = [made[i // _SCENES_A_JOB][i % _SCENES_A_JOB][-spec.model_samples :] for i in indices]
    return np.array(found, np.int16).reshape(-1, spec.model_samples)


def as_recorded(clips: Clips, targets: np.ndarray, spec: AudioSpec) -> Windows:
    """Each clip as it is, cut to its loudest `spec.model_samples` samples or filled up with digital silence.

    targets: int64 [len(clips)]. A front end that keeps state hears the clip's own beginning, back and forth, before it.
    """
    front_end = AudioFrontEnd(spec)
    features = np.empty((len(clips), spec.frames, spec.channels), np.int8)
    for i, audio in enumerate(clips.audio):
        front_end.reset()
        window = _loudest(audio, spec.model_samples)
        front_end.stream(_lead(window, lead_samples(spec)))
        features[i] = front_end.stream(window)[-spec.frames :]
    return Windows(features, np.asarray(targets, np.int64))


def render(
    words: Sequence[np.ndarray], others: Sequence[np.ndarray], spec: AudioSpec, how: Scenery, seed: list[int]
) -> Arrays:
    """One job: a scene for each word through the front end. features: int8 [n, frames, channels]."""
    front_end = AudioFrontEnd(spec)
    features = np.empty((len(words), spec.frames, spec.channels), np.int8)
    for i, audio in enumerate(_sounds(words, others, spec, how, seed)):
        front_end.reset()
        features[i] = front_end.stream(audio)[-spec.frames :]
    return {"features": features}


def _sounds(
    words: Sequence[np.ndarray], others: Sequence[np.ndarray], spec: AudioSpec, how: Scenery, seed: list[int]
) -> Iterator[np.ndarray]:
    """A job's scenes, int16 [samples] each."""
    rng = np.random.default_rng(seed)
    window = spec.model_samples
    for word in words:
        yield scene(rng, window + lead_samples(spec), window, word if len(word) else None, others, how)


def lead_samples(spec: AudioSpec) -> int:
    """Sound that must run through the front end before a window: none where it keeps no state."""
    stateful = spec.noise_reduction or spec.pcan
    return round(_LEAD_S * spec.rate_hz) // spec.hop * spec.hop if stateful else 0


def _loudest(audio: np.ndarray, samples: int) -> np.ndarray:
    """The stretch of int16 [samples] with the most energy (the first of equals); centred in zeros when too short."""
    if len(audio) <= samples:
        before = (samples - len(audio)) // 2
        return np.pad(audio, (before, samples - len(audio) - before))
    energy = np.concatenate([[0], np.cumsum(audio.astype(np.int64) ** 2)])
    start = int((energy[samples:] - energy[:-samples]).argmax())
    return audio[start : start + samples]


def _lead(window: np.ndarray, samples: int) -> np.ndarray:
    beginning = window[: RATE_HZ // 10]
    there_and_back = np.concatenate([beginning[::-1], beginning])
    return np.tile(there_and_back, samples // len(there_and_back) + 1)[:samples]


def _jobs(clips: Clips, spec: AudioSpec, how: Scenery, seed: int, others: Clips | None) -> list[jobs.Job]:
    pool = [audio for audio in (others or clips).audio if len(audio)]
    batches = [range(i, min(i + _SCENES_A_JOB, len(clips))) for i in range(0, len(clips), _SCENES_A_JOB)]
    return [_job([clips.audio[i] for i in batch], pool, spec, how, [seed, n]) for n, batch in enumerate(batches)]


def _job(words: list[np.ndarray], pool: list[np.ndarray], spec: AudioSpec, how: Scenery, seed: list[int]) -> jobs.Job:
    rng = np.random.default_rng([*seed, 1])
    others = [pool[i] for i in rng.integers(0, len(pool), _OTHERS_A_JOB)] if pool else []
    return jobs.Job(
        key_of(spec.to_section(), asdict(how), seed, *words, *others), lambda: (words, others, spec, how, seed)
    )
