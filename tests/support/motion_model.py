"""A whole gesture model in miniature, sections and all. Its weights are random, so it finds gestures in any motion."""

from __future__ import annotations

from functools import cache

import numpy as np

from smidgen.bench.seeded import Network
from smidgen.convert import convert
from smidgen.features.motion import MotionSpec
from smidgen.train.detection import NEVER, DetectionSpec

LABELS = ("negative", "ring", "slope")
MOTION = MotionSpec(window=24)
DETECTION = DetectionSpec(thresholds=(NEVER, -50, -50), window=3, hops=2, refractory=6)


@cache
def motion_model(motion: MotionSpec = MOTION, detection: DetectionSpec = DETECTION, seed: int = 2) -> bytes:
    """A `.smg`: features int8 [1, window, 3, 1] to a softmax over LABELS."""
    net = Network((motion.window, 3, 1), seed).conv(8, (5, 3)).conv(8, (5, 1), 2)
    content = net.global_average().dense(len(LABELS)).softmax().build()
    sections = {
        "IMU": motion.to_section(),
        "LABELS": "".join(f"{label}\n" for label in LABELS).encode(),
        "DETECTION": detection.to_section(),
    }
    return convert(content, "gesture.tflite", sections).to_bytes()


def motion_like(samples: int, seed: int = 0) -> np.ndarray:
    """int16 [samples, 3], milli-g: swings that come and go over gravity, beyond full scale too."""
    rng = np.random.default_rng(seed)
    t = np.arange(samples)[:, None] / 25
    swing = np.clip(np.sin(t), 0, 1) * 2500 * np.sin(2 * np.pi * rng.uniform(0.5, 3, 3) * t + rng.uniform(0, 6, 3))
    return (swing + np.array([0, -1000, 0]) + rng.normal(0, 20, (samples, 3))).astype(np.int16)
