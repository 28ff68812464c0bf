"""Simulated machines: the sound of electric motors, healthy and with a fault in a rolling bearing. No machine was
recorded.

A healthy machine hums at its shaft's harmonics and at twice the mains frequency, and rushes (flow, friction) with a
spectrum of its own; the hall that it stands in is as loud as in MIMII's recordings at 6 dB. A fault in a bearing
strikes whenever a ball passes it; the strikes come at the characteristic frequencies of the bearing's geometry, with a
little slip, and each makes the housing ring (Randall and Antoni, "Rolling element bearing diagnostics - a tutorial",
Mechanical Systems and Signal Processing 25, 2011):

    outer race   n / 2 * f * (1 - d / D * cos a)          in the load zone all the time: strikes of equal strength
    inner race   n / 2 * f * (1 + d / D * cos a)          turns through the load zone: modulated at the shaft's f
    ball         D / 2d * f * (1 - (d / D * cos a)^2)     modulated at the cage's f / 2 * (1 - d / D * cos a)

n balls of diameter d on a pitch diameter D, contact angle a, shaft at f revolutions a second. Real machines have
neighbours, rooms and more ways to break than these three.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from smidgen.datasets.clips import RATE_HZ
from smidgen.datasets.machine.recordings import MachineClips
from smidgen.datasets.wav import to_int16

FAULTS = ("outer race", "inner race", "ball")
_MAINS_HZ = 50.0
_HALL_DB = -6.0  # the neighbours' power over the machine's: the quietest of MIMII's three mixtures
_SLIP = 0.015  # of the time between two strikes, standard deviation
Generator = np.random.Generator


@dataclass(frozen=True)
class Bearing:
    """Geometry: balls, their diameter over the pitch diameter, the contact angle's cosine."""

    balls: int
    ratio: float
    cosine: float

    def strikes_hz(self, fault: str, shaft_hz: float) -> float:
        """How often a fault is struck, a second."""
        r = self.ratio * self.cosine
        if fault == "outer race":
            return self.balls / 2 * shaft_hz * (1 - r)
        if fault == "inner race":
            return self.balls / 2 * shaft_hz * (1 + r)
        return shaft_hz / (2 * self.ratio) * (1 - r * r)

    def modulation_hz(self, fault: str, shaft_hz: float) -> float:
        """How often a fault passes the load zone, a second; 0 for one that stays in it."""
        if fault == "outer race":
            return 0.0
        return shaft_hz if fault == "inner race" else shaft_hz / 2 * (1 - self.ratio * self.cosine)


class Machine:
    """A machine drawn by its number: the same number gives the same machine. Clips of it differ in speed, load and
    noise."""

    def __init__(self, number: int):
        rng = np.random.default_rng([number, 4711])
        self.bearing = Bearing(int(rng.integers(7, 13)), rng.uniform(0.15, 0.3), float(np.cos(rng.uniform(0, 0.5))))
        self.shaft_hz = rng.uniform(15.0, 50.0)
        self.harmonics = rng.uniform(0.1, 1.0, 12) / np.arange(1, 13) ** rng.uniform(0.3, 1.0)
        self.mains = rng.uniform(0.05, 0.5)
        self.rush = rng.uniform(0.3, 1.0)
        self.tilt_db = rng.uniform(-8.0, -2.0)  # an octave
        self.bumps = _bumps(rng)
        self.hall_tilt_db, self.hall_bumps = rng.uniform(-3.0, 0.0), _bumps(rng)
        self.ringing = [(rng.uniform(1500, 6500), rng.uniform(0.02, 0.06)) for _ in range(2)]

    def record(self, seconds: float, rng: Generator, fault: str | None = None, strength_db: float = 0.0) -> np.ndarray:
        """int16 [n] at 16 kHz. strength_db: the fault's power over the healthy machine's."""
        n = round(seconds * RATE_HZ)
        speed = self.shaft_hz * (1 + rng.normal(0, 0.01)) * (1 + 0.003 * _wander(rng, n))
        turns = np.cumsum(speed) / RATE_HZ
        rush = self.rush * 10 ** (rng.normal(0, 1.0) / 20)
        healthy = self._hum(turns, rng) + rush * _noise(n, self.tilt_db, self.bumps, rng)
        healthy /= np.sqrt(np.mean(healthy**2))
        if fault is not None:
            ringing = self._strikes(fault, turns, rng)
            healthy += ringing / np.sqrt(np.mean(ringing**2)) * 10 ** (strength_db / 20)
        hall = _noise(n, self.hall_tilt_db, self.hall_bumps, rng) * (1 + 0.2 * _wander(rng, n))
        sound = healthy + hall * 10 ** ((_HALL_DB + rng.normal(0, 1.5)) / 20)
        return to_int16(sound * 10 ** ((-26.0 + rng.normal(0, 1.0)) / 20))

    def _hum(self, turns: np.ndarray, rng: Generator) -> np.ndarray:
        sound = np.zeros(len(turns))
        for order, strength in enumerate(self.harmonics, 1):
            sound += strength * rng.lognormal(0, 0.1) * np.sin(2 * np.pi * (order * turns + rng.random()))
        time = np.arange(len(turns)) / RATE_HZ
        for order in (2, 4, 6):
            sound += self.mains / order * np.sin(2 * np.pi * (_MAINS_HZ * order * time + rng.random()))
        return sound

    def _strikes(self, fault: str, turns: np.ndarray, rng: Generator) -> np.ndarray:
        """The housing's ringing from all strikes."""
        orders = self.bearing.strikes_hz(fault, 1.0), self.bearing.modulation_hz(fault, 1.0)
        gaps = (1 + _SLIP * rng.standard_normal(int(turns[-1] * orders[0]) + 2)) / orders[0]
        at = np.cumsum(gaps)  # in turns of the shaft
        at = at[at < turns[-1]]
        loads = np.ones(len(at))
        if orders[1]:
            loads = np.clip(0.4 + 0.6 * np.cos(2 * np.pi * (orders[1] * at + rng.random())), 0, 1)
        strikes = np.zeros(len(turns))
        np.add.at(strikes, np.searchsorted(turns, at), loads * rng.lognormal(0, 0.2, len(at)))
        time = np.arange(int(0.03 * RATE_HZ)) / RATE_HZ
        frequency, damping = (np.array(column)[:, None] for column in zip(*self.ringing, strict=True))
        phase = 2 * np.pi * frequency * time
        ring = (np.exp(-damping * phase) * np.sin(phase)).sum(axis=0)
        return np.convolve(strikes, ring)[: len(turns)] + 1e-9


Bumps = list[tuple[float, float, float]]
"""Of a spectrum: hertz, octaves, decibels."""


def _bumps(rng: Generator) -> Bumps:
    return [(rng.uniform(200, 6000), rng.uniform(0.1, 0.5), rng.uniform(-6, 9)) for _ in range(6)]


def _noise(n: int, tilt_db: float, bumps: Bumps, rng: Generator) -> np.ndarray:
    """Float64 [n] of power 1. tilt_db: of its spectrum, an octave."""
    spectrum = np.fft.rfft(rng.standard_normal(n))
    frequency = np.fft.rfftfreq(n, 1 / RATE_HZ) + 30.0
    shape_db = tilt_db * np.log2(frequency / 500.0)
    for centre, width, height in bumps:
        shape_db = shape_db + height * np.exp(-np.square(np.log2(frequency / centre) / width))
    sound = np.fft.irfft(spectrum * 10 ** (shape_db / 20), n)
    return sound / np.sqrt(np.mean(sound**2))


def _wander(rng: Generator, n: int) -> np.ndarray:
    """A slow random course, about -1 to 1."""
    knots = max(2, n // RATE_HZ + 2)
    return np.interp(np.linspace(0, knots - 1, n), np.arange(knots), rng.normal(0, 0.5, knots))


def simulate(
    machines: int, counts: dict[str | None, int], seconds: float, fault_db: tuple[float, float], seed: int
) -> MachineClips:
    """So many clips of each machine and fault (None: healthy), machine by machine. fault_db: see `Machine.record`."""
    clips = MachineClips()
    for number in range(machines):
        machine = Machine(1000 * seed + number)
        for kind, (fault, count) in enumerate(counts.items()):
            for n in range(count):
                rng = np.random.default_rng([seed, number, kind, n])
                clips.append(
                    machine.record(seconds, rng, fault, rng.uniform(*fault_db)), f"id_{number:02d}", bool(fault)
                )
    return clips
