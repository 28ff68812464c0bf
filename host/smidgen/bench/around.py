"""MicroPython around the engine while a board listens: instructions, counted on an emulated Cortex-M0.

It is the board's own package, with the engine as native module; what its functions take is not counted here. QEMU runs
an instruction a nanosecond of its own time, which the core's timer counts 16 a microsecond. The emulated board is that
of `make sim-boards`.
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
PROGRAM = "firmware/agent/listening_cost.py"
CYCLES = 2  # taken for an instruction: loads and stores take two on a Cortex-M0+, calls three or four, all others one
_INSTRUCTIONS = 62.5  # a tick
_LINE = re.compile(r"(hop|inference) ([\d.]+)")


@dataclass(frozen=True)
class Around:
    """Instructions of a hop, mean. hop: of one without an inference, where there are such, inference: of one with."""

    hop: int
    inference: int


def micropython_around(blob: Blob, firmware: Path | None = None) -> Around:
    """For a model of sound or motion. firmware: of the emulated board, default is what `make sim-boards` made.

    Raises EngineError or DeviceError where the native module, QEMU or the firmware is missing, SmidgenError when the
    program fails.
    """
    packed = pack(blob, ARCHITECTURE.upper())
    module = choose(packed, ARCHITECTURE)
    lines: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        with SimBoard(BOARD, state=folder, pty=False, firmware=firmware) as sim, connect(sim.url) as there:
            install(there, [package_part(ARCHITECTURE), model_part(packed.to_bytes()), native_part(module)])
        counting = SimBoard(BOARD, state=folder, pty=False, firmware=firmware, counted=True)
        with counting as sim, connect(sim.url) as there:
            there.run(resources.find(PROGRAM).read_text(encoding="utf-8"), lines.append)
    ticks = {m[1]: float(m[2]) for m in map(_LINE.fullmatch, lines) if m}
    if ticks.keys() != {"hop", "inference"}:
        raise SmidgenError(f"{BOARD}: counted nothing; it says: {' '.join(lines)}")
    return Around(round(ticks["hop"] * _INSTRUCTIONS), round(ticks["inference"] * _INSTRUCTIONS))
