"""Choose detection thresholds on synthetic streams: held-out voices saying words over noise, one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from smidgen.datasets.augment.noise import background, decibels
from smidgen.datasets.clips import RATE_HZ, Clips
from smidgen.datasets.wav import to_int16
from smidgen.features.audio import AudioFrontEnd, AudioSpec
from smidgen.train.detection import NEVER, DetectionSpec, detect
from smidgen.train.evaluate import Predictor
from smidgen.train.presence import PresenceSpec

_STEP_S, _SMOOTHED_S, _REFRACTORY_S = 0.04, 0.4, 1.0  # the model's time stride: a stream costs no more in small steps
_WORD_EVERY_S = 2.0
_WORDS_A_STREAM = 20
_CANDIDATES = range(0, 121, 8)
_CURVE = range(-64, 128, 8)
_PRICE_OF_FALSE_ALARM = 2.0  # in missed keywords
_INDIFFERENCE = 0.05  # of the keywords said: real voices score lower than synthetic ones, so prefer low thresholds


@dataclass(frozen=True)
class Stream:
    """Scores int8 [steps, classes], and what was said: (first step that hears some of it, label index) each."""

    scores: np.ndarray
    said: list[tuple[int, int]]
    steps_a_word: int


@dataclass(frozen=True)
class Calibration:
    """The spec chosen and how it does on the streams: hits of what was said; alarms for anything else.

    curve: what one threshold for all would give: (threshold, hits, false alarms) each.
    """

    spec: DetectionSpec | PresenceSpec
    hits: int
    said: int
    false_alarms: int
    hours: float
    curve: tuple[tuple[int, int, int], ...]

    def to_dict(self) -> dict[str, Any]:
        """For the model card, without the spec."""
        return {name: value for name, value in vars(self).items() if name != "spec"}


def calibrate(
    predict: Predictor, clips: Clips, targets: np.ndarray, labels: Sequence[str], audio: AudioSpec, *, seed: int
) -> Calibration:
    """Pick, for each keyword apart, the lowest threshold that loses hardly more than the best one.

    A false alarm costs as much as two misses.

    clips: words of voices that the model has not heard; targets: int64 [len(clips)], indices into labels, of which
    the first two are silence and unknown.
    """
    hop_s = audio.hop / audio.rate_hz
    hops = max(1, round(_STEP_S / hop_s))
    spec = DetectionSpec(
        thresholds=(NEVER,) * len(labels),
        window=max(1, round(_SMOOTHED_S / hop_s / hops)),
        hops=hops,
        refractory=round(_REFRACTORY_S / hop_s / hops),
    )
    streams = _streams(predict, clips, targets, audio, hops, np.random.default_rng(seed))
    return choose(streams, spec, range(2, len(labels)), hops * hop_s)


def choose(streams: Sequence[Stream], spec: DetectionSpec, reported: range, step_s: float) -> Calibration:
    """The spec with thresholds for the labels in `reported`, each chosen apart. step_s: between two inferences."""
    for label in reported:
        spec = _with(spec, label, _threshold(streams, spec, label))
    hits, said, alarms = _counts(streams, spec, reported)
    hours = sum(len(s.scores) for s in streams) * step_s / 3600
    return Calibration(spec, hits, said, alarms, hours, _curve(streams, spec, reported))


def _curve(streams: Sequence[Stream], spec: DetectionSpec, reported: range) -> tuple[tuple[int, int, int], ...]:
    points = []
    for threshold in _CURVE:
        level = [threshold if label in reported else NEVER for label in range(len(spec.thresholds))]
        hits, _, alarms = _counts(streams, replace(spec, thresholds=tuple(level)), reported)
        points.append((threshold, hits, alarms))
    return tuple(points)


def _counts(streams: Sequence[Stream], spec: DetectionSpec, labels: range) -> tuple[int, int, int]:
    """As `_count`, over all streams."""
    hits, said, alarms = (sum(column) for column in zip(*(_count(s, spec, labels) for s in streams), strict=True))
    return hits, said, alarms


def stream_scores(predict: Predictor, sound: np.ndarray, audio: AudioSpec, hops: int) -> np.ndarray:
    """Scores int8 [steps, classes] of a window every `hops` frames over int16 [samples]."""
    features = AudioFrontEnd(audio).stream(sound)
    if len(features) < audio.frames:
        return np.zeros((0, 1), np.int8)
    view = np.lib.stride_tricks.sliding_window_view(features, audio.frames, axis=0)[::hops]
    return predict(np.ascontiguousarray(view.transpose(0, 2, 1)))


def _streams(
    predict: Predictor, clips: Clips, targets: np.ndarray, audio: AudioSpec, hops: int, rng: np.random.Generator
) -> list[Stream]:
    order = rng.permutation(len(clips))
    streams = []
    for first in range(0, len(order), _WORDS_A_STREAM):
        chosen = order[first : first + _WORDS_A_STREAM]
        gap = int(_WORD_EVERY_S * RATE_HZ)
        sound = background(rng, gap * (len(chosen) + 1)) * decibels(-rng.uniform(8.0, 40.0))
        said = []
        for n, i in enumerate(chosen):
            word = clips.audio[i][:gap] / 32768.0
            start = gap // 2 + n * gap + int(rng.integers(0, gap // 8))
            sound[start : start + len(word)] += word / max(np.sqrt(np.mean(np.square(word))), 1e-9)
            said.append(((start - audio.model_samples) // (audio.hop * hops), int(targets[i])))
        level = decibels(rng.uniform(-35.0, -15.0))
        scores = stream_scores(predict, to_int16(sound * level), audio, hops)
        streams.append(Stream(scores, said, gap // (audio.hop * hops)))
    return streams


def _with(spec: DetectionSpec, label: int, threshold: int) -> DetectionSpec:
    return replace(spec, thresholds=(*spec.thresholds[:label], threshold, *spec.thresholds[label + 1 :]))


def _threshold(streams: Sequence[Stream], spec: DetectionSpec, label: int) -> int:
    said = sum(truth == label for stream in streams for _, truth in stream.said)
    losses = {threshold: _loss(streams, _with(spec, label, threshold), label) for threshold in _CANDIDATES}
    acceptable = min(losses.values()) + _INDIFFERENCE * said
    return next(threshold for threshold, loss in losses.items() if loss <= acceptable)


def _loss(streams: Sequence[Stream], spec: DetectionSpec, label: int) -> float:
    hits, said, alarms = _counts(streams, spec, range(label, label + 1))
    return said - hits + _PRICE_OF_FALSE_ALARM * alarms


def _count(stream: Stream, spec: DetectionSpec, labels: range) -> tuple[int, int, int]:
    """(words detected, words said, false alarms) of these labels."""
    found = [d for d in detect(stream.scores, spec) if d.label in labels]
    wanted = [(step, truth) for step, truth in stream.said if truth in labels]
    hits = 0
    for step, truth in wanted:
        match = next((d for d in found if d.label == truth and step <= d.step < step + stream.steps_a_word), None)
        if match is not None:
            found.remove(match)
            hits += 1
    return hits, len(wanted), len(found)
