"""`smidgen run-on`: a program of this machine's, run on a board."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from smidgen.cli.options import OptionalPort
from smidgen.device import connect

Script = Annotated[Path, typer.Argument(help="A MicroPython program.", metavar="SCRIPT.py", show_default=False)]


def run_on(script: Script, port: OptionalPort = None) -> None:
    """Run a program on a board without copying it there.

    What it prints appears as it comes. It finds what was deployed: import smidgen, Model("model.smg"). Ctrl-C stops it.
    The board's own main.py does not run, and starts again with the next reset.
    """
    text = script.read_text(encoding="utf-8")
    with connect(port) as board:
        board.run(text, lambda line: print(line, flush=True))
