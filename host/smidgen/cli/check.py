"""`smidgen check`: will it run on the board?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from smidgen import boards
from smidgen.cli.console import bar, console, print_json, say, table
from smidgen.cli.models import smg_bytes
from smidgen.cli.options import BoardName, Json, Model
from smidgen.errors import DoesNotFit
from smidgen.memory import Need, memory_need

InFlash = Annotated[bool, typer.Option("--in-flash", help="The file stays in flash (ROMFS, frozen), not in RAM.")]


def check(model: Model, board: BoardName = "pico", in_flash: InFlash = False, as_json: Json = False) -> None:
    """Tell whether a model fits a board.

    A board reads the model's file into its memory and needs the arena, where tensors live, beside it. The sum is
    compared with what stock MicroPython has free on that board. Nothing is sent to a board.
    """
    where = boards.load(board)
    need = memory_need(smg_bytes(model), str(model), in_flash)
    if as_json:
        fits = need.total <= where.heap_bytes
        print_json({**need.to_dict(), "board": board, "heap_bytes": where.heap_bytes, "fits": fits})
    if need.total > where.heap_bytes:
        raise DoesNotFit(_refusal(model, need, where, in_flash))
    if not as_json:
        _show(model, need, where)


def _show(model: Path, need: Need, where: boards.Board) -> None:
    say(f"{model} fits a {where.title}: {need.total:,} of {where.heap_bytes:,} bytes of free memory")
    say()
    rows = table("part", "bytes", "", right=("bytes",))
    for name, size in [*need.parts.items(), ("left for your program", where.heap_bytes - need.total)]:
        rows.add_row(name, f"{size:,}", bar(size / where.heap_bytes))
    console.print(rows)


def _refusal(model: Path, need: Need, where: boards.Board, in_flash: bool) -> str:
    text = (
        f"{model} needs {need.total:,} bytes of RAM at once; a {where.title} with stock MicroPython has "
        f"{where.heap_bytes:,} free in one piece"
    )
    without = need.total - need.parts.get("model file", 0)
    if not in_flash and without <= where.heap_bytes:
        return f"{text}. Keep the file in flash (then it needs {without:,}; --in-flash) or train a smaller model"
    return f"{text}. Train a smaller model"
