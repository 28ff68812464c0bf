"""Recordings of machines on disk, in the layouts that people have.

    .../id_00/normal/*.wav, .../id_00/abnormal/*.wav        MIMII (Purohit et al. 2019, arXiv:1909.09347)
    train/normal_id_01_*.wav, test/anomaly_id_01_*.wav      ToyADMOS as DCASE has it (Koizumi et al. 2019, 2020)
    MACHINE/normal/*.csv, MACHINE/abnormal/*.csv            vibration: columns time_s (or _ms, _us), x_g (or _mg, _ms2)

Anomalous is what has a folder or a name that begins with abnormal, anomaly or anomalous. The machine is id_NN where
path or name has one, else the folder above normal and abnormal.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from smidgen.datasets.machine.recordings import MachineClips
from smidgen.datasets.motion.files import load_axis
from smidgen.datasets.wav import load_audio, to_rate
from smidgen.errors import DataError

_ANOMALOUS = re.compile(r"(?:abnormal|anomaly|anomalous)", re.IGNORECASE)
_MACHINE = re.compile(r"id_\d+", re.IGNORECASE)


def load(folder: str | Path) -> MachineClips:
    """Every recording below a folder, sorted by path.

    Raises DataError when there is none, or none of a machine that is well; AudioError names a WAV that cannot be read.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise DataError(f"{folder}: no such folder; give one that holds normal/*.wav and abnormal/*.wav")
    clips = MachineClips()
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in (".wav", ".csv") and not path.name.startswith("."):
            parts = path.relative_to(folder).parts
            clips.append(load_file(path), _machine(parts, folder), any(_ANOMALOUS.match(part) for part in parts))
    if all(clips.anomalous):
        raise DataError(f"{folder}: no recording of a machine that is well; put them into {folder / 'normal'}")
    return clips


def load_file(path: Path) -> np.ndarray:
    """int16 [n], 16 kHz: sound, or vibration in milli-g without its mean. Raises DataError, AudioError."""
    if path.suffix.lower() == ".wav":
        return load_audio(path)
    samples, rate_hz = load_axis(path)
    return np.clip(np.rint(to_rate(samples - samples.mean(), round(rate_hz))), -32768, 32767).astype(np.int16)


def _machine(parts: tuple[str, ...], folder: Path) -> str:
    for part in reversed(parts):
        if match := _MACHINE.search(part):
            return match[0].lower()
    kinds = [i for i, part in enumerate(parts[:-1]) if _ANOMALOUS.match(part) or part.lower().startswith("normal")]
    above = kinds[0] - 1 if kinds else len(parts) - 2
    return parts[above] if above >= 0 else folder.name
