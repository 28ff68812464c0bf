"""`smidgen train`: from words to a model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from smidgen.assemble import assemble
from smidgen.cli.console import console, print_json, say, table
from smidgen.cli.options import Json, Language, Seed, Words, split_words
from smidgen.cli.progress import Bars
from smidgen.files import write_whole
from smidgen.train.result import KeywordModel

SMG = "model.smg"

app = typer.Typer(help="Train a model.", rich_markup_mode=None)

Out = Annotated[Path, typer.Option("--out", help="Folder for the model and what belongs to it.")]
Data = Annotated[
    Path | None,
    typer.Option(help="Train on recordings, a folder WORD/*.wav, instead of synthetic speech.", show_default=False),
]
Adapt = Annotated[
    Path | None,
    typer.Option(help="Fine-tune on your own recordings, a folder WORD/*.wav; ten a word help.", show_default=False),
]
How = Annotated[
    Literal["full", "quick", "tiny"],
    typer.Option(
        "--recipe",
        help="full: every voice there is. quick: fewer, in minutes. tiny: seconds; the model is of little use.",
    ),
]


@app.callback()
def train() -> None:
    """Train a model."""


@app.command()
def keyword(
    words: Words = "yes,no",
    language: Language = "en",
    out: Out = Path("build/keyword"),
    data: Data = None,
    adapt: Adapt = None,
    seed: Seed = 1,
    recipe: How = "full",
    as_json: Json = False,
) -> None:
    """Train a model that hears your words.

    Speech synthesisers say the words in every voice they have; noise, rooms and other words are mixed in; a small
    neural network learns from it. The folder OUT then holds model.smg, ready to deploy, with model.tflite, the model
    card and the training history. Stopped with Ctrl-C, it goes on from its cache when it is run again.
    """
    from smidgen.train.keyword import train_keyword
    from smidgen.train.recipe import Recipe

    how = {"full": Recipe, "quick": Recipe.quick, "tiny": Recipe.tiny}[recipe]()
    with Bars() as progress:
        model = train_keyword(
            split_words(words), language, out, seed=seed, data=data, adapt=adapt, recipe=how, progress=progress
        )
    write_whole(out / SMG, assemble(model).to_bytes())
    if as_json:
        print_json(model.card["held_out"])
    else:
        _show(model)


def _show(model: KeywordModel) -> None:
    held_out = model.card["held_out"]
    rows = table("class", "recall on held-out voices", right=("recall on held-out voices",))
    for label, recall in held_out["recall"].items():
        rows.add_row(label, f"{recall:.1%}")
    console.print(rows)
    say(f"macro recall {held_out['macro_recall']:.1%} on {held_out['count']:,} windows of speakers it never heard")
    say(f"model: {model.folder / SMG}")
