"""`smidgen demo`: the whole way, from words to a board that hears them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from smidgen.cli.console import say
from smidgen.cli.options import BoardName, Language, RealTime, Seed, Words, split_words
from smidgen.cli.progress import Bars
from smidgen.demo.settings import Settings

Out = Annotated[Path, typer.Option("--out", help="Folder for the model and the report.")]
Quick = Annotated[bool, typer.Option("--quick", help="Train for seconds only; the model is of little use.")]
Pretrained = Annotated[bool, typer.Option("--pretrained", help="Use the model that ships; needs no TensorFlow.")]


def demo(
    words: Words = "yes,no",
    language: Language = "en",
    out: Out = Path("build/demo"),
    seed: Seed = 1,
    board: BoardName = "pico",
    quick: Quick = False,
    realtime: RealTime = False,
    pretrained: Pretrained = False,
) -> None:
    """Make a board hear your words, from nothing.

    Synthesises speech, trains a small neural network on it, converts it, proves it equal to TensorFlow Lite Micro,
    deploys it to a simulated board, and plays recordings into the board's microphone. A report of it all lands in OUT.
    Run again, it goes on from its cache.
    """
    from smidgen.demo.run import run_demo

    chosen = Settings(tuple(split_words(words)), language, out, seed, board, quick, realtime, pretrained)
    with Bars(indent="   ") as progress:
        run_demo(chosen, say, progress)
