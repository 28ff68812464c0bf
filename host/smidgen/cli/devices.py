"""`smidgen devices`: what is plugged in."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Annotated, Any

import typer

from smidgen.cli.console import console, print_json, say, table
from smidgen.cli.options import Json
from smidgen.device import Identity, Port, connect, identify, ports
from smidgen.device.drives import BootDrive, boot_drives, circuitpython_drives
from smidgen.errors import DeviceError

Ask = Annotated[bool, typer.Option("--ask", help="Ask each board what it runs; this stops its program.")]
OnlyPort = Annotated[str | None, typer.Option("--port", help="Ask the board at this port only.", show_default=False)]


@dataclass(frozen=True)
class Answer:
    """What a port's board said, or why it said nothing."""

    port: Port
    identity: Identity | None = None
    problem: str = ""

    def to_dict(self) -> dict[str, Any]:
        about = None
        if self.identity:
            about = {**vars(self.identity), "board": self.identity.board and self.identity.board.name}
        return {**asdict(self.port), "candidates": self.port.candidates(), "identity": about, "problem": self.problem}


def devices(port: OnlyPort = None, ask: Ask = False, as_json: Json = False) -> None:
    """List the boards that are plugged in.

    That is serial ports, boot loaders that wait for firmware, and CircuitPython drives. A port can be named by its
    serial number everywhere, which stays the same in any socket. With --ask the boards say which firmware they run and
    which engine they can use.
    """
    found = [Port(port, "named")] if port else ports()
    answers = [_ask(each) if ask or port else Answer(each) for each in found]
    loaders, drives = (boot_drives(), circuitpython_drives()) if port is None else ([], [])
    if as_json:
        waiting = [{"path": str(drive.path), "board_id": drive.board_id} for drive in loaders]
        print_json(
            {
                "ports": [answer.to_dict() for answer in answers],
                "boot_loaders": waiting,
                "circuitpython": [str(drive) for drive in drives],
            }
        )
        return
    _show(answers, loaders, [str(drive) for drive in drives], asked=ask or port is not None)


def _ask(port: Port) -> Answer:
    try:
        with console.status(f"asking {port.name}"), connect(port.name) as board:
            return Answer(port, identify(board))
    except DeviceError as error:
        return Answer(port, problem=str(error).removeprefix(f"{port.name}: "))


def _show(answers: list[Answer], loaders: list[BootDrive], drives: list[str], asked: bool) -> None:
    if not (answers or loaders or drives):
        say("no board is plugged in; without one: smidgen sim. Trouble: smidgen doctor")
        return
    rows = table("port", "serial number", "board", "firmware", "engine")
    for answer in answers:
        rows.add_row(answer.port.name, answer.port.serial_number, *_columns(answer))
    for loader in loaders:
        rows.add_row(str(loader.path), "", loader.board_id, "waits for firmware: smidgen flash FILE", "")
    for drive in drives:
        rows.add_row(drive, "", "", "CircuitPython: smidgen deploy --drive", "python")
    console.print(rows)
    if answers and not asked:
        say()
        say("--ask asks each what it runs (its program stops)")


def _columns(answer: Answer) -> tuple[str, str, str]:
    identity = answer.identity
    if identity is None:
        maybe = " or ".join(answer.port.candidates()[:3]) or answer.port.description
        return maybe, answer.problem, ""
    name = identity.board.name if identity.board else identity.machine or identity.platform
    name = "simulated" if identity.simulated else name
    return name, identity.firmware, _engine(identity)


def _engine(identity: Identity) -> str:
    """Which engine programs get, or could get."""
    if identity.engine:
        return identity.engine
    return f"native ({identity.architecture})" if identity.architecture else "python"
