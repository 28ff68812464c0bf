"""Arguments and options that several verbs share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Model = Annotated[Path, typer.Argument(help="A .smg or a .tflite file.", metavar="MODEL", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="Print the figures as JSON, for programs.")]
Seed = Annotated[int, typer.Option(help="Random seed; the same seed gives the same result.")]
