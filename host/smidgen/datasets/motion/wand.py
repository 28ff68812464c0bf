"""Simulated wand gestures: what an accelerometer on a stick in somebody's hand would say. No person was recorded.

A gesture is a path in the vertical plane before the person. Each stroke is run through with a minimum-jerk profile
(Flash and Hogan, "The coordination of arm movements", 1985); the wand turns with the arm as the hand moves away from
the middle. What the sensor feels is the path's acceleration less gravity, turned into the sensor's axes, plus what a
named sensor adds (imus.py). At rest the sensor's x points left, y down and z to the person, within some tens of
degrees.

Simulated people draw more regularly than real ones and do nothing by accident but what `NEGATIVE` lists: rest, slow
turns, walking, shaking, knocks, strokes that are no gesture.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from smidgen.datasets.motion.imus import IMUS
from smidgen.datasets.motion.recordings import STANDARD_GRAVITY, Motions, at_rate, rotation
from smidgen.errors import UsageError

NEGATIVE = "negative"
"""The class of everything that is no gesture."""

_INNER_HZ = 200.0
_A_SESSION = 5  # recordings of one simulated person with one sensor
_REACH_M = 0.5  # from the joints about which the wand turns
_LEFT_DOWN = np.diag([-1.0, -1.0, 1.0])  # the sensor's axes in the world's (right, up, to the person)
_UP = np.array([0.0, 1.0, 0.0])
Generator = np.random.Generator
Path = np.ndarray
"""float64 [n, 2], metres to the right and up, at _INNER_HZ."""


class Person:
    """A hand, a wand and a sensor, drawn once a session."""

    def __init__(self, rng: Generator):
        self.imu = IMUS[rng.integers(len(IMUS))]
        self.range_mg = 1000.0 * rng.choice([2, 4])
        self.size = rng.uniform(0.12, 0.3)  # metres, half of a gesture's width
        self.pace = np.exp(rng.normal(0, 0.15))
        self.mounting = rotation(rng.normal(0, 0.25, 3))
        self.lever = rng.uniform(0.3, 1.0)  # how much the wand turns with the arm
        self.slant = rng.normal(0, 0.12)


def simulate(counts: dict[str, int], rate_hz: float, seed: int) -> Motions:
    """So many recordings of each gesture of GESTURES or NEGATIVE, at rate_hz. Raises UsageError for another name."""
    motions = Motions()
    for label, count in counts.items():
        if label != NEGATIVE and label not in GESTURES:
            raise UsageError(f"{label}: no such simulated gesture; there are {', '.join(GESTURES)}")
        kind = [*GESTURES, NEGATIVE].index(label)
        for n in range(count):
            session = n // _A_SESSION
            person = Person(np.random.default_rng([seed, session]))
            samples = _record(label, person, np.random.default_rng([seed, session, kind, n]))
            motions.append(at_rate(samples, _INNER_HZ, rate_hz), label, f"simulated-{session}")
    return motions


def _record(label: str, person: Person, rng: Generator) -> np.ndarray:
    """float64 [n, 3], milli-g at _INNER_HZ."""
    if label == NEGATIVE:
        force = _NOTHINGS[rng.integers(len(_NOTHINGS))](rng, person)
    else:
        force = _felt(GESTURES[label](rng, person), person, rng)
    return person.imu.measure(force * 1000, _INNER_HZ, person.range_mg, rng)


def _felt(path: Path, person: Person, rng: Generator) -> np.ndarray:
    """Specific force in the sensor's axes, in g, along a path."""
    turned = path @ rotation(np.array([0, 0, person.slant + rng.normal(0, 0.06)]))[:2, :2].T
    forward = rng.normal(0, 0.1) * np.hypot(*turned.T)  # towards the person: no arm keeps to a plane
    place = np.column_stack([turned, forward])
    acceleration = np.gradient(np.gradient(place, axis=0), axis=0) * _INNER_HZ**2 / STANDARD_GRAVITY
    angles = np.column_stack([-turned[:, 1], turned[:, 0], np.zeros(len(turned))]) / _REACH_M * person.lever
    held = rotation(rng.normal(0, 0.12, 3)) @ person.mounting
    return _in_sensor(acceleration + _UP, angles, held) + _tremor(rng, len(path))


def _in_sensor(force: np.ndarray, angles: np.ndarray, held: np.ndarray) -> np.ndarray:
    """force: float64 [n, 3] in the world, angles: [n, 3] radians by which the wand is turned meanwhile."""
    return np.einsum("nji,nj->ni", rotation(angles) @ held @ _LEFT_DOWN, force)


def _tremor(rng: Generator, n: int) -> np.ndarray:
    """The hand's own shaking, some 4 to 10 Hz, up to hundredths of a g."""
    knots = max(2, int(n / _INNER_HZ * 16))
    places, at = np.linspace(0, knots - 1, n), np.arange(knots)
    values = rng.normal(0, rng.uniform(0.005, 0.05), (3, knots))
    return np.stack([np.interp(places, at, axis) for axis in values], axis=1)


def _minimum_jerk(seconds: float) -> np.ndarray:
    """The share of a stroke that lies behind, 0 to 1."""
    t = np.linspace(0, 1, max(2, round(seconds * _INNER_HZ)))
    return t**3 * (10 - 15 * t + 6 * t * t)


def _strokes(corners: Sequence[tuple[float, float]], seconds: Sequence[float], blend: float, pause: int) -> Path:
    """Straight strokes; the next begins `blend` of a stroke before the last has ended (superposed, as arms do)."""
    points = np.asarray(corners, float)
    parts = [_minimum_jerk(time) for time in seconds]
    starts = np.cumsum([0, *(round(len(part) * (1 - blend)) for part in parts[:-1])])
    n = max(start + len(part) for start, part in zip(starts, parts, strict=True))
    path = np.tile(points[0], (n, 1))
    for step, start, part in zip(np.diff(points, axis=0), starts, parts, strict=True):
        share = np.concatenate([np.zeros(start), part, np.ones(n - start - len(part))])
        path += share[:, None] * step
    return np.pad(path, ((pause, pause), (0, 0)), mode="edge")


def _pause(rng: Generator) -> int:
    return int(rng.uniform(0.0, 0.12) * _INNER_HZ)


def _ring(rng: Generator, person: Person) -> Path:
    """A circle, clockwise for the person, mostly from the bottom."""
    seconds = rng.uniform(0.9, 1.3) / person.pace
    share = np.linspace(0, 1, round(seconds * _INNER_HZ))
    steady = 0.8 * share + 0.2 * _minimum_jerk(seconds)  # a hand that is already moving, as recordings are cut
    start = rng.normal(-np.pi / 2, 0.3) + (np.pi if rng.random() < 0.2 else 0.0)
    angle = start - 2 * np.pi * steady * rng.uniform(0.9, 1.1)
    return person.size * np.column_stack([np.cos(angle) * rng.uniform(0.8, 1.2), np.sin(angle)])


def _slope(rng: Generator, person: Person) -> Path:
    """Down to the left, then straight to the right."""
    w, h = person.size * rng.uniform(0.8, 1.2), person.size * rng.uniform(0.9, 1.5)
    times = (rng.uniform(0.3, 0.45, 2) / person.pace).tolist()
    corners = [(w * rng.uniform(0.2, 0.8), h), (-w, -h), (w, -h * rng.uniform(0.8, 1.1))]
    return _strokes(corners, times, rng.uniform(0.1, 0.35), _pause(rng))


def _wing(rng: Generator, person: Person) -> Path:
    """A W: down, up, down, up, ever to the right."""
    w, h = person.size * rng.uniform(1.0, 1.6), person.size * rng.uniform(0.7, 1.1)
    times = (rng.uniform(0.26, 0.36, 4) / person.pace).tolist()
    corners = [(-w, h), (-w / 2, -h), (0, h * rng.uniform(0.3, 0.9)), (w / 2, -h), (w, h)]
    return _strokes(corners, times, rng.uniform(0.1, 0.3), _pause(rng))


GESTURES: dict[str, Callable[[Generator, Person], Path]] = {"ring": _ring, "slope": _slope, "wing": _wing}


def _length(rng: Generator) -> int:
    return int(rng.uniform(0.8, 2.2) * _INNER_HZ)


def _anyhow(rng: Generator) -> np.ndarray:
    """Some orientation, any."""
    return np.linalg.qr(rng.normal(size=(3, 3)))[0]


def _rest(rng: Generator, person: Person) -> np.ndarray:
    n = _length(rng)
    tremor = _tremor(rng, n) if rng.random() < 0.7 else np.zeros((n, 3))
    return _in_sensor(np.tile(_UP, (n, 1)), np.zeros((n, 3)), _anyhow(rng)) + tremor


def _turn(rng: Generator, person: Person) -> np.ndarray:
    n = _length(rng)
    share = _minimum_jerk(n / _INNER_HZ)[:, None]
    return _in_sensor(np.tile(_UP, (n, 1)), share[:n] * rng.normal(0, 0.8, 3), _anyhow(rng)) + _tremor(rng, n)


def _walk(rng: Generator, person: Person) -> np.ndarray:
    n = _length(rng)
    phase = 2 * np.pi * (rng.uniform(1.5, 2.3) * np.arange(n) / _INNER_HZ + rng.random())
    bounce = rng.uniform(0.05, 0.4) * (np.sin(phase) + 0.4 * np.sin(2 * phase + rng.uniform(0, 6)))
    force = np.column_stack(
        [rng.uniform(0, 0.3) * np.sin(phase / 2), 1 + bounce, rng.uniform(0, 0.3) * np.cos(phase / 2)]
    )
    swing = np.column_stack([rng.uniform(0, 0.5) * np.sin(phase / 2), np.zeros((n, 2))])
    return _in_sensor(force, swing, _anyhow(rng)) + _tremor(rng, n)


def _shake(rng: Generator, person: Person) -> np.ndarray:
    n = _length(rng)
    along = rng.normal(size=3)
    wave = np.sin(2 * np.pi * (rng.uniform(2.5, 7) * np.arange(n) / _INNER_HZ + rng.random()))
    force = _UP + rng.uniform(0.2, 1.5) * np.outer(wave, along / np.linalg.norm(along))
    return _in_sensor(force, np.zeros((n, 3)), _anyhow(rng)) + _tremor(rng, n)


def _knock(rng: Generator, person: Person) -> np.ndarray:
    force = _rest(rng, person)
    for _ in range(rng.integers(1, 4)):
        at = int(rng.integers(len(force)))
        ring = np.exp(-np.arange(len(force) - at) / rng.uniform(2, 12))
        force[at:] += np.outer(ring * rng.uniform(0.3, 2.5), rng.normal(size=3))
    return force


def _stray(rng: Generator, person: Person) -> np.ndarray:
    """One stroke, or a few that make no gesture."""
    count = int(rng.choice([1, 1, 1, 5, 6]))
    corners = np.cumsum(rng.normal(0, person.size, (count + 1, 2)), axis=0)
    path = _strokes(
        [tuple(c) for c in corners], rng.uniform(0.25, 0.7, count).tolist(), rng.uniform(0, 0.4), _pause(rng)
    )
    return _felt(path - path.mean(axis=0), person, rng)


_NOTHINGS = (_rest, _rest, _turn, _walk, _shake, _knock, _stray, _stray)
