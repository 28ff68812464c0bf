"""A connected board, real or simulated: run programs on it, copy files to it.

    with connect("socket://localhost:49152") as board:  # or "/dev/ttyACM0", "COM3"; no name: the only one
        deploy(board, {"/data.csv": b"1,2"})                        # files, each whole or not at all
        install(board, [Part("program", {"main.py": b"..."})])      # a set of files, all of it or nothing
        board.run("import main", print)

`connect` interrupts the program that runs on the board and resets it softly, so that its whole memory is free.
Errors: PortError (no such port, taken, no answer, vanished), DeployError (a copy failed; what was there is intact),
DeviceError (the board's program failed).
"""

from __future__ import annotations

from smidgen.device.blocks import BlocksPart
from smidgen.device.board import Board, connect, port_that_opens
from smidgen.device.deploy import Deployment, deploy
from smidgen.device.identity import Identity, check_firmware, identify
from smidgen.device.install import Installation, Part, Target, has_own_program, install
from smidgen.device.parts import model_part, native_part, package_for, package_part, program_part, wiring_parts
from smidgen.device.ports import Port, ports
from smidgen.device.rom import RomPart

__all__ = [
    "BlocksPart",
    "Board",
    "Deployment",
    "Identity",
    "Installation",
    "Part",
    "Port",
    "RomPart",
    "Target",
    "check_firmware",
    "connect",
    "deploy",
    "has_own_program",
    "identify",
    "install",
    "model_part",
    "native_part",
    "package_for",
    "package_part",
    "port_that_opens",
    "ports",
    "program_part",
    "wiring_parts",
]
