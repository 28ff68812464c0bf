"""MicroPython around the engine: instructions, counted on an emulated Cortex-M0.

It is the board's own package, with the engine as native module. QEMU runs an instruction a nanosecond of its own time,
which the core's timer counts 16 a microsecond. The emulated board is that of `make sim-boards`.
"""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from smidgen import resources
from smidgen.blob import Blob
from smidgen.convert.pack import pack
from smidgen.device import connect, install, model_part, native_part, package_part
from smidgen.errors import SmidgenError
from smidgen.native import choose
from smidgen.sim import SimBoard

BOARD, ARCHITECTURE = "qemu-m0", "armv6m"
PROGRAMS = "firmware/agent"
CYCLES = 2  # taken for an instruction: loads and stores take two on a Cortex-M0+, calls three or four, all others one
_INSTRUCTIONS = 62.5  # a tick
_LINE = re.compile(r"(\w+) ([\d.]+)")


@dataclass(frozen=True)
class Around:
    """Instructions of a hop besides the engine's and the front end's, mean.

    hop: of one without an inference, where there are such, inference: of one with.
    """

    hop: int
    inference: int


@dataclass(frozen=True)
class Predict:
    """Instructions of one `Model.predict(x, out)`. engine: of the engine's own call in it."""

    predict: int
    engine: int

    @property
    def around(self) -> int:
        """What MicroPython adds: it fills the input, calls, and copies the output."""
        return self.predict - self.engine


def around_hops(blob: Blob, firmware: Path | None = None) -> Around:
    """For a model of sound or motion. firmware: of the emulated board, default is what `make sim-boards` made.

    Raises EngineError or DeviceError where the native module, QEMU or the firmware is missing, SmidgenError when the
    program fails.
    """
    hop, inference = _count(blob, "listening_cost.py", ("hop", "inference"), firmware)
    return Around(hop, inference)


def around_predict(blob: Blob, firmware: Path | None = None) -> Predict:
    """For any model. firmware and errors are those of `around_hops`."""
    predict, engine = _count(blob, "predict_cost.py", ("predict", "engine"), firmware)
    return Predict(predict, engine)


def _count(blob: Blob, program: str, names: tuple[str, str], firmware: Path | None) -> list[int]:
    """Run a program beside the model on the board; what it prints behind each name, in instructions."""
    packed = pack(blob, ARCHITECTURE.upper())
    module = choose(packed, ARCHITECTURE)
    lines: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        with SimBoard(BOARD, state=folder, pty=False, firmware=firmware) as sim, connect(sim.url) as there:
            install(there, [package_part(ARCHITECTURE), model_part(packed.to_bytes()), native_part(module)])
        counting = SimBoard(BOARD, state=folder, pty=False, firmware=firmware, counted=True)
        with counting as sim, connect(sim.url) as there:
            there.run(resources.find(f"{PROGRAMS}/{program}").read_text(encoding="utf-8"), lines.append)
    ticks = {m[1]: float(m[2]) for m in map(_LINE.fullmatch, lines) if m}
    if ticks.keys() != set(names):
        raise SmidgenError(f"{BOARD}: counted nothing; it says: {' '.join(lines)}")
    return [round(ticks[name] * _INSTRUCTIONS) for name in names]
