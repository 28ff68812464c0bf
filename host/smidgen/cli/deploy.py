"""`smidgen deploy`: a model, and what runs it, onto a board."""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate
from pathlib import Path
from typing import Annotated

import typer

from smidgen.blob import Blob
from smidgen.cli.console import say
from smidgen.cli.models import smg_bytes
from smidgen.cli.options import Model, OptionalPort
from smidgen.cli.progress import Bars
from smidgen.device import Board, connect
from smidgen.device import deploy as deploy_files

Program = Annotated[
    Path | None,
    typer.Option(help="Your main.py; default is one that listens, if the board has none.", show_default=False),
]


def deploy(model: Model, port: OptionalPort = None, program: Program = None) -> None:
    """Copy a model to a board, with all that it needs there.

    The MicroPython package goes to /lib/smidgen, the model to /model.smg, a program to /main.py. Only what changed is
    copied; a copy that is cut short leaves what was there. A main.py of yours stays unless you give another one. Then
    the board starts anew. A .tflite is converted first.
    """
    from smidgen.demo.on_board import check_memory, package

    smg = smg_bytes(model)
    files = {**package(), "/model.smg": smg}
    with connect(port) as board, Bars() as progress:
        check_memory(board, smg, str(model))
        main = _main(board, program, Blob.from_bytes(smg, str(model)))
        done = deploy_files(board, files | main, _shown_by(progress, files | main))
        board.reset()
    say(f"{len(done.copied)} files copied ({done.bytes_sent:,} bytes), {len(done.unchanged)} were there already")
    if not main:
        say("the board's main.py stays as it was; --program FILE replaces it")


def _shown_by(progress: Bars, files: dict[str, bytes]) -> Callable[[str, int, int], None]:
    """One bar for all files together."""
    starts = dict(zip(files, accumulate(map(len, files.values()), initial=0), strict=False))
    total = sum(map(len, files.values()))

    def show(path: str, sent: int, _size: int) -> None:
        progress("copying", starts[path] + sent, total, path)

    return show


def _main(board: Board, program: Path | None, blob: Blob) -> dict[str, bytes]:
    """What becomes /main.py: the user's choice; else the demo's, where the model listens and no main.py is there."""
    from smidgen.demo import on_board

    if program is not None:
        return {"/main.py": program.read_bytes()}
    if "AUDIO" in blob.sections and "main.py" not in board.listdir("/"):
        return {"/main.py": on_board.program(on_board.PROGRAM).encode()}
    return {}
