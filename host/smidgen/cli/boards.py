"""`smidgen boards`: the boards that Smidgen knows, and what it knows of each."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from smidgen import boards as known
from smidgen.boards import Board
from smidgen.cli.console import console, print_json, say, table
from smidgen.cli.options import Json

Name = Annotated[
    str | None, typer.Argument(help="Tell all about one board, with the sources.", metavar="[NAME]", show_default=False)
]
_FIGURES = ("clock_hz", "ram_bytes", "heap_bytes", "flash_bytes", "filesystem_bytes", "romfs_bytes")


def boards(name: Name = None, as_json: Json = False) -> None:
    """List the boards that Smidgen knows.

    heap: what stock MicroPython leaves free in one piece. files: the board's filesystem. Any other board with
    MicroPython works too; then nothing is known of it beforehand.
    """
    if name is not None:
        board = known.load(name)
        if as_json:
            print_json(asdict(board))
        else:
            _show_one(board)
        return
    everything = known.load_all()
    if as_json:
        print_json({"boards": [asdict(board) for board in everything]})
        return
    console.print(_rows(everything))
    say()
    say("smidgen boards NAME tells more, and where each figure comes from.")


def _rows(everything: list[Board]):
    rows = table("name", "chip", "MHz", "heap KB", "files KB", "sensors", right=("MHz", "heap KB", "files KB"))
    for board in everything:
        sensors = ", ".join(str(sensor["kind"]) for sensor in board.sensors)
        rows.add_row(
            board.name,
            board.chip,
            f"{board.clock_hz / 1e6:.0f}",
            f"{board.heap_bytes // 1000:,}",
            f"{board.filesystem_bytes // 1000:,}",
            sensors,
        )
    return rows


def _show_one(board: Board) -> None:
    say(f"{board.title}: {board.chip} ({board.architecture}), {board.cores} core{'s' * (board.cores > 1)}")
    say()
    rows = table("figure", "value", "source", right=("value",))
    for fact in _FIGURES:
        rows.add_row(fact, f"{getattr(board, fact):,}", board.sources[fact])
    console.print(rows)
    say()
    rows = table("pins", "", "source")
    rows.add_row("on it", ", ".join(f"{what} {pin}" for what, pin in board.pins.items()), board.sources["pins"])
    for sensor in board.sensors:
        rows.add_row(str(sensor["kind"]), f"{sensor['part']}, {sensor['bus']}", board.sources.get("sensors", ""))
    for kind, part in board.wiring.items():
        rows.add_row(f"{kind} to add", _wires(part), "any free pins do")
    console.print(rows)
    say()
    if board.firmware.download:
        say(f"MicroPython for it: {board.firmware.download}")
    say(f"without one: smidgen sim --board {board.name}" if board.simulator else "it cannot be simulated")


def _wires(part) -> str:
    pins = ", ".join(f"{wire} {pin}" for wire, pin in part.items() if wire not in ("part", "bus"))
    return f"{part['part']} by {part['bus']}: {pins}"
