"""`smidgen export`: a model as a folder for boards without an engine in machine code."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from smidgen.cli.console import say
from smidgen.cli.models import smg_bytes
from smidgen.cli.options import Model
from smidgen.errors import UsageError
from smidgen.export import export_ulab

Ulab = Annotated[bool, typer.Option("--ulab", help="For CircuitPython, or MicroPython built with ulab.")]
Folder = Annotated[Path, typer.Option("--out", help="The new folder to write.", show_default=False)]


def export(model: Model, out: Folder, ulab: Ulab = False) -> None:
    """Write a model and all that runs it into one folder.

    It is for a CircuitPython board. There the model runs in ulab, CircuitPython's numpy: its answers are close to the
    other engines', not equal to the byte (docs/ulab.md says how close).
    """
    if not ulab:
        raise UsageError("say what to export for: --ulab")
    files = export_ulab(smg_bytes(model), str(model), out)
    say(f"{out}: {len(files)} files. Copy what is in it to the board's CIRCUITPY drive; code.py starts by itself.")
