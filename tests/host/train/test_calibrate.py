"""Thresholds from streams: a predictor that knows, one that guesses, and the scores of a sliding window."""

import numpy as np
import pytest

from smidgen.datasets.clips import RATE_HZ, Clips
from smidgen.features.audio import AudioFrontEnd
from smidgen.train.calibrate import calibrate, stream_scores
from smidgen.train.detection import NEVER
from smidgen.train.recipe import LOG_MEL

LABELS = ("_silence_", "_unknown_", "low", "high")
PITCHES = {"low": 300.0, "high": 3000.0, "_unknown_": 1000.0}


def tones(count: int) -> tuple[Clips, np.ndarray]:
    clips = Clips()
    for n in range(count):
        word = list(PITCHES)[n % 3]
        time = np.arange(int(0.6 * RATE_HZ)) / RATE_HZ
        clips.append((20000 * np.sin(2 * np.pi * PITCHES[word] * time)).astype(np.int16), word, str(n))
    return clips, np.array([LABELS.index(word) for word in clips.words])


def channel_of(word: str) -> int:
    clips, _ = tones(3)
    frames = AudioFrontEnd(LOG_MEL).stream(clips.audio[clips.words.index(word)])
    return int(frames.mean(axis=0).argmax())


def knowing(features: np.ndarray) -> np.ndarray:
    """How far each word's channel stands out in the window: what a model of these tones would learn."""
    prominence = features.astype(float) - features.mean(axis=2, keepdims=True)
    typical = np.percentile(prominence, 80, axis=1)
    scores = np.full((len(features), 4), 30.0)
    for label, word in enumerate(LABELS[1:], 1):
        scores[:, label] = typical[:, channel_of(word)]
    return scores.clip(-128, 127).astype(np.int8)


def test_a_model_that_knows_gets_all_words_and_no_false_alarm() -> None:
    clips, targets = tones(40)
    found = calibrate(knowing, clips, targets, LABELS, LOG_MEL, seed=1)
    assert found.said == int((targets >= 2).sum())
    assert found.hits >= 0.9 * found.said and found.false_alarms <= 1
    assert found.spec.thresholds[:2] == (NEVER, NEVER)
    hits, alarms = zip(*(point[1:] for point in found.curve), strict=True)
    assert max(hits) >= found.hits and alarms[0] >= alarms[-1] and hits[-1] < found.hits
    assert (found.spec.window, found.spec.hops, found.spec.refractory) == (10, 2, 25)


def test_a_model_that_guesses_is_silenced_by_its_threshold() -> None:
    clips, targets = tones(40)
    rng = np.random.default_rng(0)

    def guess(features: np.ndarray) -> np.ndarray:
        return rng.integers(-128, 128, (len(features), 4)).astype(np.int8)

    found = calibrate(guess, clips, targets, LABELS, LOG_MEL, seed=1)
    assert found.false_alarms <= found.said / 4


def test_calibration_is_reproducible() -> None:
    clips, targets = tones(20)
    assert calibrate(knowing, clips, targets, LABELS, LOG_MEL, seed=5) == calibrate(
        knowing, clips, targets, LABELS, LOG_MEL, seed=5
    )


@pytest.mark.parametrize(
    ("samples", "steps"), [(LOG_MEL.model_samples - 1, 0), (LOG_MEL.model_samples, 1), (32000, 11)]
)
def test_stream_scores_come_every_five_frames(samples: int, steps: int) -> None:
    audio = np.random.default_rng(0).integers(-999, 999, samples).astype(np.int16)
    seen: list[np.ndarray] = []

    def predict(features: np.ndarray) -> np.ndarray:
        seen.append(features)
        return np.zeros((len(features), 4), np.int8)

    assert len(stream_scores(predict, audio, LOG_MEL, 5)) == steps
    if steps:
        frames = AudioFrontEnd(LOG_MEL).stream(audio)
        for step, window in enumerate(seen[0]):
            assert np.array_equal(window, frames[5 * step : 5 * step + LOG_MEL.frames])
