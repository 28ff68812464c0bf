"""Sounds for front-end tests: what microphones and converters can give, and what they should not."""

from __future__ import annotations

import numpy as np

KINDS = ("noise", "quiet_noise", "tone", "square", "silence", "floor", "impulses", "bursts")


def signal(kind: str, samples: int, seed: int = 0) -> np.ndarray:
    """int16 [samples] of one of KINDS."""
    rng = np.random.default_rng(seed)
    t = np.arange(samples)
    period = 3 + 50 * rng.random()
    tone = np.sin(2 * np.pi * t / period + rng.random())
    wave = {
        "noise": lambda: rng.integers(-32768, 32768, samples),
        "quiet_noise": lambda: rng.normal(0, 20, samples),
        "tone": lambda: 12000 * tone + rng.normal(0, 100, samples),
        "square": lambda: np.where(tone < 0, -32768, 32767),
        "silence": lambda: np.zeros(samples),
        "floor": lambda: np.full(samples, -32768),
        "impulses": lambda: np.where(t % int(40 * period) == 0, 32767, 0),
        "bursts": lambda: np.where(t // 1000 % 2 == 0, 30000, 30) * rng.uniform(-1, 1, samples),
    }[kind]()
    return np.clip(np.round(wave), -32768, 32767).astype(np.int16)
