"""A connected board, real or simulated: run programs on it, copy files to it.

    with connect("socket://localhost:49152") as board:  # or "/dev/ttyACM0", "COM3"; no name: the only one
        deploy(board, {"/main.py": b"print('hello')"})
        board.run("import main", print)

`connect` interrupts the program that runs on the board and resets it softly, so that its whole memory is free.
Errors: PortError (no such port, taken, no answer, vanished), DeployError (a copy failed; what was there is intact),
DeviceError (the board's program failed).
"""

from __future__ import annotations

from smidgen.device.board import Board, connect, port_that_opens
from smidgen.device.deploy import Deployment, deploy
from smidgen.device.ports import Port, ports

__all__ = ["Board", "Deployment", "Port", "connect", "deploy", "port_that_opens", "ports"]
