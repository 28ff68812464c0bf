"""A whole keyword model in miniature, sections and all. Its weights are random, so it finds words in any noise."""

from __future__ import annotations

from functools import cache

import numpy as np

from smidgen.bench.seeded import SAME, Network
from smidgen.convert import convert
from smidgen.features.audio import AudioSpec
from smidgen.train.detection import NEVER, DetectionSpec

LABELS = ("_silence_", "_unknown_", "yes", "no")
AUDIO = AudioSpec(frames=20, channels=16)
DETECTION = DetectionSpec(thresholds=(NEVER, NEVER, -40, -44), window=3, hops=2, refractory=5)


@cache
def keyword_model(
    audio: AudioSpec = AUDIO,
    detection: DetectionSpec = DETECTION,
    seed: int = 4,
    padding: int = SAME,
    steps: bool = False,
) -> bytes:
    """A `.smg`: features int8 [1, frames, channels, 1] to a softmax over LABELS; in steps of the detection's hops it
    takes [1, hops, channels, 1] (then its padding must be VALID)."""
    net = Network((audio.frames, audio.channels, 1), seed, padding=padding).conv(8, 3, stride=2).depthwise(3).conv(8)
    content = net.global_average().dense(len(LABELS)).softmax().build()
    sections = {
        "AUDIO": audio.to_section(),
        "LABELS": "".join(f"{label}\n" for label in LABELS).encode(),
        "DETECTION": detection.to_section(),
    }
    return convert(content, "keyword.tflite", sections, detection.hops if steps else None).to_bytes()


def speech_like(seconds: float, seed: int = 0) -> np.ndarray:
    """int16 [n] at 16 kHz: tones that come and go over noise, so that features move."""
    rng = np.random.default_rng(seed)
    n = int(16000 * seconds)
    t = np.arange(n) / 16000
    envelope = np.clip(np.sin(2 * np.pi * 1.7 * t + rng.uniform(0, 6)), 0, 1)
    tones = sum(np.sin(2 * np.pi * f * t * (1 + 0.2 * np.sin(3 * t))) for f in rng.uniform(200, 4000, 4))
    return np.clip(envelope * tones * 4000 + rng.normal(0, 300, n), -32768, 32767).astype(np.int16)
