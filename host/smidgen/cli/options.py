"""Arguments and options that several verbs share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Model = Annotated[Path, typer.Argument(help="A .smg or a .tflite file.", metavar="MODEL", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="Print the figures as JSON, for programs.")]
Seed = Annotated[int, typer.Option(help="Random seed; on one machine, the same seed gives the same result.")]
BoardName = Annotated[str, typer.Option("--board", help="Which kind of board; a folder of boards/.")]
RealTime = Annotated[bool, typer.Option("--realtime", help="Play sound no faster than it sounds.")]
KeepSize = Annotated[bool, typer.Option("--size", help="Pack no weight into more bytes than before, if it costs time.")]
Language = Annotated[str, typer.Option("--lang", help="Language of the words: en, en-gb, pt-br, de, ...")]
Words = Annotated[str, typer.Option("--words", help="The keywords, separated by commas.")]
OptionalPort = Annotated[
    str | None,
    typer.Option("--port", help="Port of the board; default is the only one plugged in.", show_default=False),
]


def split_words(words: str) -> list[str]:
    """The words of `--words`."""
    return [word.strip() for word in words.split(",") if word.strip()]
