"""What it costs a board to listen, to words, motion or a machine: the front end's cycles and MicroPython's instructions
beside the model's cycles."""

from __future__ import annotations

import base64
import struct
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from smidgen import _format as fmt
from smidgen.bench.around import CYCLES, Around, around_hops
from smidgen.bench.image import build_front_end
from smidgen.bench.measure import run_script
from smidgen.bench.targets import target_of
from smidgen.blob import Blob
from smidgen.errors import SmidgenError
from smidgen.features.audio import AudioFrontEnd
from smidgen.features.motion import MotionFrontEnd
from smidgen.train.detection import DetectionSpec
from smidgen.train.scoring import AnomalySpec

_FRAMES = 40
_SEED = 0


@dataclass(frozen=True)
class Listening:
    """A board's work while it listens, counted.

    hop_ms: from one frame of the front end to the next. hops: frames from one inference to the next. frame_cycles: of
    the front end's dearest frame; 0 for motion, whose front end is MicroPython. model_cycles: of one inference. around:
    MicroPython's instructions besides; None when they were not counted and come on top.
    """

    hop_ms: float
    hops: int
    frame_cycles: int
    model_cycles: int
    around: Around | None

    @property
    def hop_cycles(self) -> int:
        """Of a hop without an inference."""
        return self.frame_cycles + (CYCLES * self.around.hop if self.around else 0)

    @property
    def worst_cycles(self) -> int:
        """Of a hop with one."""
        return self.frame_cycles + self.model_cycles + (CYCLES * self.around.inference if self.around else 0)

    def load(self, clock_hz: int) -> float:
        """The share of one core that listening takes in the long run."""
        cycles = (self.hops - 1) * self.hop_cycles + self.worst_cycles
        return cycles / (self.hops * self.hop_ms / 1000 * clock_hz)

    def worst_hop(self, clock_hz: int) -> float:
        """The share of a hop that the dearest one takes, in which the model runs too. Above 1 the microphone's buffer
        must hold more than a hop."""
        return self.worst_cycles / (self.hop_ms / 1000 * clock_hz)

    def to_dict(self, clock_hz: int) -> dict[str, Any]:
        """For `smidgen bench --json`."""
        return asdict(self) | {"load": self.load(clock_hz), "worst_hop": self.worst_hop(clock_hz)}


def measure_listening(blob: Blob, model_cycles: int, source: str, micropython: bool = False) -> Listening | None:
    """None for a model that does not listen. micropython: count that too, see around.py. Raises SmidgenError when
    the emulated chip's features are others than the host's."""
    hops = _hops(blob)
    if hops is None:
        return None
    if "AUDIO" in blob.sections:
        front_end = AudioFrontEnd(blob.sections["AUDIO"])
        hop_ms = front_end.hop * 1000 / front_end.rate_hz
        cycles = _front_end_cycles(blob.sections["AUDIO"], front_end, source)
    else:
        hop_ms, cycles = 1000 / MotionFrontEnd(blob.sections["IMU"]).rate_hz, 0
    around = around_hops(blob) if micropython else None
    return Listening(hop_ms, hops, cycles, model_cycles, around)


def _hops(blob: Blob) -> int | None:
    """Frames from one inference to the next; None for a model of no stream."""
    if {"AUDIO", "ANOMALY"} <= blob.sections.keys():
        return AnomalySpec.from_section(blob.sections["ANOMALY"]).hops
    if "DETECTION" in blob.sections and {"AUDIO", "IMU"} & blob.sections.keys():
        return DetectionSpec.from_section(blob.sections["DETECTION"]).hops
    return None


def _front_end_cycles(section: bytes, front_end: AudioFrontEnd, source: str) -> int:
    """Of the dearest frame of a recording that swells from silence to full scale."""
    count = front_end.window + (_FRAMES - 1) * front_end.hop
    noise = np.random.default_rng(_SEED).standard_normal(count)
    samples = np.clip(noise * np.geomspace(1.0, 16000.0, count), -32768, 32767).astype(np.int16)
    whole = section + bytes(-len(section) % 4)
    flash = struct.pack("<II", len(whole), count) + whole + samples.tobytes()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "flash.bin"
        path.write_bytes(flash)
        image = build_front_end(target_of("rp2040"))
        counted = run_script("emulate_audio.mjs", image, path, str(front_end.channels))
    if counted["error"]:
        raise fmt.error_for(counted["error"], source)
    if base64.b64decode(counted["features"]) != front_end.stream(samples).tobytes():
        raise SmidgenError(f"{source}: the emulated chip's features are not the host's; this is a defect of Smidgen")
    return max(counted["frames"])
