"""Backgrounds of many kinds, made from random numbers. All give float32 [samples] of RMS 1."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from smidgen.datasets.clips import RATE_HZ

Generator = np.random.Generator
_CONTROL_POINTS = 8


def shaped(rng: Generator, samples: int) -> np.ndarray:
    """Stationary noise, white to brown, with random bumps in its spectrum: fans, taps, traffic, hiss."""
    spectrum = np.fft.rfft(rng.standard_normal(samples))
    frequency = np.fft.rfftfreq(samples, 1 / RATE_HZ) + 20.0
    slope_db = rng.uniform(-12.0, 3.0) * np.log2(frequency / 1000.0) * rng.uniform(0.2, 1.0)
    return unit(np.fft.irfft(spectrum * decibels(slope_db + curve(rng, len(spectrum), 8.0)), samples))


def gusts(rng: Generator, samples: int) -> np.ndarray:
    """Shaped noise whose level swings between nothing and full: brushing, breathing, rustling, wind."""
    envelope = np.interp(np.arange(samples), *_knots(rng, samples, rng.uniform(2.0, 12.0)))
    return unit(shaped(rng, samples) * envelope**2)


def hum(rng: Generator, samples: int) -> np.ndarray:
    """Harmonics of a steady or drifting tone with noise in it: mains, motors, drills, vacuum cleaners."""
    base = np.exp(rng.uniform(np.log(45.0), np.log(1500.0)))
    drift = np.interp(np.arange(samples), *_knots(rng, samples, 2.0, -0.5, 0.5))
    phase = 2 * np.pi * np.cumsum(base * 2.0 ** (rng.uniform(0.0, 0.5) * drift)) / RATE_HZ
    orders = np.arange(1, 1 + max(1, min(20, int(7000 / base))))
    weights = rng.uniform(0.1, 1.0, len(orders)) / orders ** rng.uniform(0.0, 1.5)
    tone = np.sin(np.outer(orders, phase) + rng.uniform(0, 2 * np.pi, (len(orders), 1)))
    return unit(weights @ tone + rng.uniform(0.02, 0.5) * shaped(rng, samples))


def clatter(rng: Generator, samples: int) -> np.ndarray:
    """Ringing impulses at random times over a little noise: dishes, keys, typing, steps."""
    sound = rng.uniform(0.01, 0.2) * shaped(rng, samples)
    for _ in range(rng.poisson(rng.uniform(1.0, 10.0) * samples / RATE_HZ) + 1):
        length = int(RATE_HZ * rng.uniform(0.01, 0.25))
        time = np.arange(length) / RATE_HZ
        decay = np.exp(-time * rng.uniform(4.0, 9.0) * RATE_HZ / length)
        pitches = np.exp(rng.uniform(np.log(200.0), np.log(7000.0), rng.integers(1, 5)))
        ring = np.sin(2 * np.pi * np.outer(pitches, time) + rng.uniform(0, 6.28, (len(pitches), 1))).sum(axis=0)
        ring = (ring + rng.uniform(0.1, 2.0) * rng.standard_normal(length)) * decay * rng.uniform(0.2, 2.0)
        start = int(rng.integers(0, samples))
        end = min(start + length, samples)
        sound[start:end] += ring[: end - start]
    return unit(sound)


def cries(rng: Generator, samples: int) -> np.ndarray:
    """Gliding harmonic calls with pauses: animals, squeaks, sirens, humming; voiced, yet no words."""
    phase = 2 * np.pi * np.cumsum(
        np.exp(np.interp(np.arange(samples), *_knots(rng, samples, 4.0, np.log(120.0), np.log(1200.0))))
    ) / RATE_HZ  # fmt: skip
    orders = np.arange(1, 9)
    tone = (rng.uniform(0.05, 1.0, 8) / orders) @ np.sin(np.outer(orders, phase))
    envelope = np.interp(np.arange(samples), *_knots(rng, samples, rng.uniform(1.5, 5.0), -0.6, 1.0)).clip(0.0)
    return unit(tone * envelope + rng.uniform(0.01, 0.1) * shaped(rng, samples))


def babble(rng: Generator, samples: int, speech: Sequence[np.ndarray]) -> np.ndarray:
    """Several voices at once that say other words. speech: int16 clips to draw from."""
    sound = np.zeros(samples)
    for _ in range(int(rng.integers(3, 9))):
        at = -int(rng.integers(0, RATE_HZ // 2))
        gain = rng.uniform(0.3, 1.0)
        while at < samples:
            clip = speech[int(rng.integers(len(speech)))]
            start, end = max(at, 0), min(at + len(clip), samples)
            if end > start:
                sound[start:end] += gain * clip[start - at : end - at]
            at += len(clip) + int(rng.integers(0, RATE_HZ // 4))
    return unit(sound)


KINDS: tuple[Callable[[Generator, int], np.ndarray], ...] = (shaped, gusts, hum, clatter, cries)
_SHARES = (0.4, 0.2, 0.14, 0.18, 0.08)


def background(rng: Generator, samples: int, speech: Sequence[np.ndarray] = (), babbling: float = 0.0) -> np.ndarray:
    """One background: `babble` with the probability given, else one of KINDS, at times two of them mixed."""
    if len(speech) and rng.random() < babbling:
        return babble(rng, samples, speech)
    sound = KINDS[rng.choice(len(KINDS), p=_SHARES)](rng, samples)
    if rng.random() < 0.3:
        sound = unit(sound + rng.uniform(0.1, 1.0) * KINDS[rng.choice(len(KINDS), p=_SHARES)](rng, samples))
    return sound


def unit(sound: np.ndarray) -> np.ndarray:
    """The same sound with RMS 1, as float32; silence stays silence."""
    level = np.sqrt(np.mean(np.square(sound)))
    return (sound / max(level, 1e-9)).astype(np.float32)


def decibels(value: np.ndarray | float) -> np.ndarray | float:
    """The amplitude ratio of a level in decibels."""
    return 10.0 ** (value / 20.0)


def curve(rng: Generator, bins: int, deviation_db: float) -> np.ndarray:
    """A smooth random frequency response in dB, float64 [bins], independent every octave or so."""
    octave = np.log2(np.arange(bins) + bins / 256)
    knots = np.linspace(octave[0], octave[-1], _CONTROL_POINTS)
    return np.interp(octave, knots, rng.normal(0.0, deviation_db, _CONTROL_POINTS))


def _knots(
    rng: Generator, samples: int, per_second: float, low: float = 0.0, high: float = 1.0
) -> tuple[np.ndarray, np.ndarray]:
    """Places and values of a random polyline over `samples`, about `per_second` turns a second."""
    count = max(2, int(samples / RATE_HZ * per_second) + 2)
    return np.linspace(0, samples, count), rng.uniform(low, high, count)
