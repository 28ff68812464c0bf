"""What a connected board is: its firmware, its kind, and what code it can run."""

from __future__ import annotations

from dataclasses import dataclass

from smidgen import boards
from smidgen.device import agents
from smidgen.device.board import Board
from smidgen.errors import DeviceError
from smidgen.native import architecture_of

OLDEST = {"micropython": (1, 23, 0), "circuitpython": (9, 0, 0)}
_NAMES = {"micropython": "MicroPython", "circuitpython": "CircuitPython"}


@dataclass(frozen=True)
class Identity:
    """implementation: "micropython" or "circuitpython". version: (1, 28, 0). machine, build, platform: as its `sys`
    says. architecture: of native code that it loads, None when it loads none. engine: of a C engine in its
    firmware, None when it has none. board: what we know of this kind, None when we know nothing. tflm: whether
    its firmware has TensorFlow Lite Micro."""

    implementation: str
    version: tuple[int, ...]
    platform: str
    machine: str
    build: str | None
    architecture: str | None
    engine: str | None
    board: boards.Board | None
    tflm: bool = False

    @property
    def simulated(self) -> bool:
        """Whether it is the simulator's default rung, which is like no board in particular."""
        return self.platform == "webassembly"

    @property
    def firmware(self) -> str:
        """As people say it: "MicroPython 1.28.0"."""
        return f"{_NAMES.get(self.implementation, self.implementation)} {'.'.join(map(str, self.version))}"


def identify(board: Board) -> Identity:
    """Ask a board what it is. Raises PortError or DeviceError."""
    found = board.eval_with(agents.source("identity.py"), "identity()")
    known = boards.identify(found["machine"], found["build"], found["board_id"])
    return Identity(
        found["implementation"],
        found["version"],
        found["platform"],
        found["machine"],
        found["build"],
        architecture_of(found["mpy"]) if found["implementation"] == "micropython" else None,
        found["engine"],
        known,
        found["tflm"],
    )


def check_firmware(identity: Identity, port: str) -> None:
    """Raise DeviceError for firmware that is too old, or neither MicroPython nor CircuitPython."""
    oldest = OLDEST.get(identity.implementation)
    if oldest is None or identity.version < oldest:
        needed = ".".join(map(str, (oldest or OLDEST["micropython"])[:2]))
        name = _NAMES.get(identity.implementation, "MicroPython")
        raise DeviceError(
            f"{port}: the board runs {identity.firmware}; Smidgen needs {name} {needed} or newer: smidgen flash FILE"
        )
