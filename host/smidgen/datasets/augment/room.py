"""Rooms, microphones and lines: what happens to a voice before it is sampled."""

from __future__ import annotations

import numpy as np

from smidgen.datasets.augment.noise import Generator, curve, decibels
from smidgen.datasets.clips import RATE_HZ


def impulse_response(rng: Generator, samples: int) -> np.ndarray:
    """A synthetic room: the direct sound, then noise that decays by 60 dB in 0.1 to 0.7 s and grows duller.

    float64 [samples]. The statistical model of late reverberation (Polack 1988); early echoes are its densest part.
    """
    decay_s = rng.uniform(0.1, 0.7)
    time = np.arange(samples) / RATE_HZ
    tail = rng.standard_normal(samples) * np.exp(-6.9 * time / decay_s)
    duller = np.exp(-np.arange(16) / rng.uniform(0.5, 6.0))
    tail = np.convolve(tail, duller / duller.sum())[:samples]
    gap = int(RATE_HZ * rng.uniform(0.001, 0.01))
    tail[:gap] = 0.0
    tail *= decibels(rng.uniform(-18.0, 2.0)) / max(np.sqrt(np.sum(np.square(tail))), 1e-9)
    tail[0] = 1.0
    return tail


def response(rng: Generator, bins: int) -> np.ndarray:
    """A microphone and its line: random tilt and bumps, a high-pass, a low-pass. float64 [bins], 0 Hz to 8 kHz."""
    frequency = np.linspace(0.0, RATE_HZ / 2, bins)
    lower = np.exp(rng.uniform(np.log(30.0), np.log(300.0)))
    upper = np.exp(rng.uniform(np.log(3200.0), np.log(12000.0)))
    passband = 1 / np.sqrt((1 + (lower / (frequency + 1.0)) ** 4) * (1 + (frequency / upper) ** 12))
    tilt_db = rng.normal(0.0, 2.0) * np.log2((frequency + 50.0) / 1000.0)
    return passband * decibels(tilt_db + curve(rng, bins, 4.0))


def mu_law(sound: np.ndarray) -> np.ndarray:
    """Quantise to eight bits by the mu-law of ITU-T G.711 (mu = 255) and back; the peak is full scale."""
    peak = max(float(np.abs(sound).max(initial=0.0)), 1e-9)
    companded = np.sign(sound) * np.log1p(255.0 * np.abs(sound) / peak) / np.log(256.0)
    coarse = np.rint(companded * 127.0) / 127.0
    return np.sign(coarse) * np.expm1(np.abs(coarse) * np.log(256.0)) / 255.0 * peak
