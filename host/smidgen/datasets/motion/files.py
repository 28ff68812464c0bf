"""Accelerometer recordings on disk, in the layouts that people have.

    GESTURE/SESSION-NNN.csv     a header names the columns: time_ms (or _us, _s) and x_mg (or _g, _ms2), y_..., z_...
    GESTURE/SESSION-NNN.npy     numbers [n, 3]; format.json beside or above says {"rate_hz": 50, "unit": "g"}
    GESTURE.txt                 milli-g at 25 Hz, a line "-,-,-" before each recording (the magic wand of TensorFlow
                                Lite Micro and its relatives)

Recordings are taken in the order of their names, which is the order in which they were made; what stands before the
last number of a name is the session.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from smidgen.datasets.motion.recordings import STANDARD_GRAVITY, Motions, at_rate
from smidgen.errors import DataError

FORMAT = "format.json"
_UNITS = {"mg": 1.0, "g": 1000.0, "ms2": 1000.0 / STANDARD_GRAVITY}
_SECONDS = {"us": 1e-6, "ms": 1e-3, "s": 1.0}
_AXIS = re.compile(r"(?:a|acc|accel)?_?([xyz])(?:_(mg|g|ms2))?")
_TIME = re.compile(r"(?:t|time|timestamp)_(us|ms|s)")
_SESSION = re.compile(r"(.*?)[-_]?\d+$")
_WAND_RATE_HZ = 25.0


@dataclass(frozen=True)
class _Format:
    """What a file does not say itself."""

    rate_hz: float | None = None
    unit: str | None = None


def load(folder: str | Path, rate_hz: float) -> Motions:
    """Every recording of a folder, at `rate_hz` samples a second.

    Raises DataError, naming file and line, when the folder is missing or empty or a recording cannot be used.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise DataError(f"{folder}: no such folder; give one that holds GESTURE/*.csv, GESTURE/*.npy or GESTURE.txt")
    motions = Motions()
    for path in sorted(folder.iterdir(), key=_natural):
        if path.name.startswith("."):
            continue
        if path.is_dir():
            _load_class(path, rate_hz, motions)
        elif path.suffix == ".txt":
            for samples in _wand_recordings(path):
                motions.append(at_rate(samples, _WAND_RATE_HZ, rate_hz), path.stem, path.stem)
    if not motions:
        raise DataError(f"{folder}: no recordings found; it should hold GESTURE/*.csv, GESTURE/*.npy or GESTURE.txt")
    return motions


def load_axis(path: Path) -> tuple[np.ndarray, float]:
    """A .csv of vibration along one axis, column x_g (or _mg, _ms2), and a time: (float64 [n], milli-g; samples a
    second). Raises DataError."""
    samples, rate_hz = _csv(path, _format(path), "x")
    return samples[:, 0], rate_hz


def load_file(path: Path, rate_hz: float) -> np.ndarray:
    """One .csv or .npy: int16 [n, 3] in milli-g at `rate_hz`. Raises DataError for one that cannot be used."""
    known = _format(path)
    samples, own_rate_hz = _csv(path, known) if path.suffix.lower() == ".csv" else _npy(path, known)
    if len(samples) < 2:
        raise DataError(f"{path}: holds {len(samples)} samples; record the gesture again")
    return at_rate(samples, own_rate_hz, rate_hz)


def _load_class(folder: Path, rate_hz: float, motions: Motions) -> None:
    paths = [p for p in folder.iterdir() if p.suffix.lower() in (".csv", ".npy") and not p.name.startswith(".")]
    if not paths:
        raise DataError(f"{folder}: holds no .csv or .npy; record the gesture or remove the folder")
    for path in sorted(paths, key=_natural):
        match = _SESSION.match(path.stem)
        motions.append(load_file(path, rate_hz), folder.name, match[1] if match else path.stem)


def _natural(path: Path) -> list[tuple[int, str]]:
    """Sorts take-2 before take-10."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", path.name) if part]


def _format(path: Path) -> _Format:
    """From the nearest format.json, beside the file or one folder up."""
    for folder in (path.parent, path.parent.parent):
        try:
            told = json.loads((folder / FORMAT).read_bytes())
            rate_hz, unit = told.get("rate_hz"), told.get("unit")
        except FileNotFoundError:
            continue
        except (ValueError, AttributeError) as error:
            raise DataError(f'{folder / FORMAT}: should be like {{"rate_hz": 50, "unit": "g"}}') from error
        if not (rate_hz is None or _is_rate(rate_hz)) or unit not in (None, *_UNITS):
            raise DataError(f"{folder / FORMAT}: rate_hz must be a positive number, unit one of {', '.join(_UNITS)}")
        return _Format(rate_hz, unit)
    return _Format()


def _is_rate(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value < 1e6


def _npy(path: Path, known: _Format) -> tuple[np.ndarray, float]:
    if known.rate_hz is None or known.unit is None:
        raise DataError(
            f'{path}: rate and unit unknown; put {{"rate_hz": 50, "unit": "g"}} into {path.parent / FORMAT}'
        )
    try:
        values = np.load(path, allow_pickle=False)
    except (ValueError, EOFError, OSError) as error:
        raise DataError(f"{path}: not a .npy file of numbers; write one with numpy.save") from error
    if not isinstance(values, np.ndarray) or values.ndim != 2 or values.shape[1] != 3 or values.dtype.kind not in "iuf":
        raise DataError(f"{path}: must be numbers of shape [n, 3]: acceleration along x, y and z")
    return _finite(values.astype(np.float64) * _UNITS[known.unit], path), known.rate_hz


def _csv(path: Path, known: _Format, wanted_axes: str = "xyz") -> tuple[np.ndarray, float]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = [row for row in csv.reader(file) if row]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path}: cannot be read as CSV ({error})") from error
    if not rows:
        raise DataError(f"{path}: is empty; record the gesture again")
    columns, unit, time, seconds = _columns(path, rows[0], known, wanted_axes)
    wanted = columns if time is None else [*columns, time]
    values = np.array([_numbers(path, n, row, wanted) for n, row in enumerate(rows[1:], 2)]).reshape(-1, len(wanted))
    samples = values[:, : len(columns)] * _UNITS[unit]
    if time is None:
        assert known.rate_hz is not None  # _columns sees to it
        return samples, known.rate_hz
    return _evenly(path, samples, values[:, -1] * seconds)


def _columns(path: Path, header: list[str], known: _Format, wanted: str) -> tuple[list[int], str, int | None, float]:
    """(positions of the wanted axes; unit; position of the time or None; seconds of its unit)."""
    names = [name.strip().lower() for name in header]
    axes = {match[1]: (i, match[2]) for i, name in enumerate(names) if (match := _AXIS.fullmatch(name))}
    if not set(wanted) <= set(axes):
        named = ",".join(["time_ms", *(f"{axis}_mg" for axis in wanted)])
        raise DataError(f"{path}:1: columns {', '.join(names)}; name them {named} (or x_g, x_ms2)")
    unit = axes["x"][1] or known.unit
    if unit is None:
        raise DataError(f"{path}:1: the unit is unknown; name the columns x_mg, x_g or x_ms2, y_..., z_...")
    times = [(i, match[1]) for i, name in enumerate(names) if (match := _TIME.fullmatch(name))]
    if not times and known.rate_hz is None:
        raise DataError(f"{path}:1: no column time_ms, time_us or time_s, and no {FORMAT} that gives rate_hz")
    time, scale = times[0] if times else (None, "s")
    return [axes[axis][0] for axis in wanted], unit, time, _SECONDS[scale]


def _numbers(path: Path, line: int, row: list[str], columns: Iterable[int]) -> list[float]:
    try:
        values = [float(row[i]) for i in columns]
    except (ValueError, IndexError) as error:
        raise DataError(f"{path}:{line}: not a row of numbers: {','.join(row)[:60]!r}") from error
    if not np.isfinite(values).all():
        raise DataError(f"{path}:{line}: not a finite number: {','.join(row)[:60]!r}")
    return values


def _evenly(path: Path, samples: np.ndarray, seconds: np.ndarray) -> tuple[np.ndarray, float]:
    """Samples taken at these times, brought to an even rate: the median one."""
    steps = np.diff(seconds)
    if len(steps) == 0 or (steps <= 0).any():
        line = 2 if len(steps) == 0 else int(np.flatnonzero(steps <= 0)[0]) + 3
        raise DataError(f"{path}:{line}: the time does not rise; record the gesture again")
    step = float(np.median(steps))
    if steps.max() > 10 * step:
        line = int(steps.argmax()) + 3
        raise DataError(f"{path}:{line}: {steps.max():.2f} s without a sample; cut the recording there")
    times = np.arange(seconds[0], seconds[-1] + step / 2, step)
    return np.stack([np.interp(times, seconds, axis) for axis in samples.T], axis=1), 1 / step


def _finite(samples: np.ndarray, path: Path) -> np.ndarray:
    if not np.isfinite(samples).all():
        raise DataError(f"{path}: holds values that are not finite; record it again")
    return samples


def _wand_recordings(path: Path) -> list[np.ndarray]:
    """float64 [n, 3] each, milli-g."""
    recordings: list[list[list[float]]] = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: not a text of x, y, z; move other files out of the folder") from error
    for number, line in enumerate(lines, 1):
        row = line.split(",")
        if line.strip() == "-,-,-":
            recordings.append([])
        elif line.strip():
            if not recordings or len(row) != 3:
                raise DataError(f"{path}:{number}: expected x,y,z or a line -,-,- that begins a recording")
            recordings[-1].append(_numbers(path, number, row, range(3)))
    whole = [np.array(rows) for rows in recordings if len(rows) > 1]
    if not whole:
        raise DataError(f"{path}: holds no recording; lines -,-,- begin one, then x,y,z in milli-g")
    return whole
