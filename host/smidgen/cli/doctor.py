"""`smidgen doctor`: what is wrong with my set-up?"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from typing import Annotated

import typer

from smidgen.cli.console import console, print_json, table
from smidgen.cli.options import Json
from smidgen.device import check_firmware, connect, identify, ports
from smidgen.device.drives import boot_drives, circuitpython_drives
from smidgen.errors import DeviceError, MissingExtra, SmidgenError

AskPort = Annotated[
    str | None,
    typer.Option("--port", help="Examine the board at this port too; its program stops.", show_default=False),
]


@dataclass(frozen=True)
class Finding:
    """what: was looked at. state: "ok", "note" (something is missing that you may not need) or "wrong". text: what was
    found, and what to do."""

    what: str
    state: str
    text: str


def doctor(port: AskPort = None, as_json: Json = False) -> None:
    """Say what is wrong with the set-up.

    This machine's is examined, and with --port a board's. Ends with status 1 when something is wrong. What is only
    missing, and what it would be for, is a note.
    """
    with console.status("looking"):
        findings = [*_machine(), *_plugged_in(), *(_board(port) if port is not None else ())]
    if as_json:
        print_json({"findings": [asdict(finding) for finding in findings]})
    else:
        rows = table("", "looked at", "found")
        for finding in findings:
            rows.add_row({"ok": "ok", "note": "note", "wrong": "WRONG"}[finding.state], finding.what, finding.text)
        console.print(rows)
    if any(finding.state == "wrong" for finding in findings):
        raise typer.Exit(SmidgenError.exit_code)


def _machine() -> Iterator[Finding]:
    yield Finding("Python", "ok", platform.python_version())
    yield _tried("engine", _compile_engine, "the C engine loads")
    for what, modules, extra, purpose in (
        ("training", ("tensorflow", "espeakng_loader"), "train", "to train models"),
        ("compiler", ("ziglang",), "build", "to count cycles, and to work from a clone"),
        ("esptool", ("esptool",), "flash", "to flash ESP32 boards"),
    ):
        if all(find_spec(module) for module in modules):
            yield Finding(what, "ok", "installed")
        else:
            yield Finding(what, "note", f"not installed; {purpose}: pip install 'smidgen[{extra}]'")
    yield _tried("simulator", _find_node, "Node is there")


def _compile_engine() -> None:
    from smidgen._build import load_library

    load_library()


def _find_node() -> None:
    from smidgen.sim.runtime import node_command

    node_command()


def _tried(what: str, action: Callable[[], None], good: str) -> Finding:
    try:
        action()
    except MissingExtra as error:
        return Finding(what, "note", str(error))
    except SmidgenError as error:
        return Finding(what, "wrong", str(error))
    return Finding(what, "ok", good)


def _plugged_in() -> Iterator[Finding]:
    found = ports()
    for each in found:
        maybe = " or ".join(each.candidates()[:3]) or each.description
        if sys.platform == "linux" and not os.access(each.name, os.R_OK | os.W_OK):
            yield Finding(
                each.name,
                "wrong",
                f"{maybe}: you may not open it; sudo usermod -a -G dialout $USER, then log in again",
            )
        else:
            yield Finding(each.name, "ok", maybe)
    for loader in boot_drives():
        yield Finding(str(loader.path), "note", f"{loader.board_id} waits for firmware: smidgen flash FILE.uf2")
    for drive in circuitpython_drives():
        yield Finding(str(drive), "ok", "a CircuitPython board: smidgen deploy MODEL --drive " + str(drive))
    if not found and not boot_drives() and not circuitpython_drives():
        yield Finding(
            "boards",
            "note",
            "none plugged in. If one is: try another cable (many only charge). Without one: smidgen sim",
        )


def _board(port: str) -> Iterator[Finding]:
    try:
        with connect(port) as board:
            identity = identify(board)
            machine = "a simulated board" if identity.simulated else identity.machine or identity.platform
            yield Finding(port, "ok", f"{identity.firmware} on {machine}")
            try:
                check_firmware(identity, port)
            except DeviceError as error:
                yield Finding("its firmware", "wrong", str(error))
            if identity.board is None and not identity.simulated:
                yield Finding("its kind", "note", "not one of `smidgen boards`; check and pins know nothing of it")
            engine = identity.engine or (f"native for {identity.architecture}" if identity.architecture else "python")
            yield Finding("its engine", "ok", engine)
            free, _ = board.room()
            yield Finding("its files", "ok" if free > 200_000 else "note", f"{free:,} bytes free on its filesystem")
            yield _import(port, board)
    except DeviceError as error:
        yield Finding(port, "wrong", str(error).removeprefix(f"{port}: "))


def _import(port: str, board) -> Finding:
    """Whether programs on the board find the package."""
    try:
        where = board.exec("import smidgen\nprint(smidgen.__path__)").strip()
    except DeviceError:
        return Finding("its package", "note", f"not on the board yet: smidgen deploy MODEL --port {port}")
    return Finding("its package", "ok", where)
