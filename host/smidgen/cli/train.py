"""`smidgen train`: from data to a model."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from smidgen.assemble import assemble
from smidgen.blob import Blob
from smidgen.cli.console import console, print_json, say, table
from smidgen.cli.evaluate import show_auc
from smidgen.cli.options import Json, Language, Seed, Words, split_words
from smidgen.cli.progress import Bars
from smidgen.errors import MissingExtra
from smidgen.files import write_whole
from smidgen.report.machines import machines_report
from smidgen.report.model_card import model_card
from smidgen.report.training import training_report
from smidgen.train.result import TrainedModel

SMG, REPORT, MODEL_CARD = "model.smg", "report.html", "model_card.md"

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
From = Annotated[
    Path | None,
    typer.Option(
        "--from",
        help="Begin with an earlier result, a folder. With --adapt and the same words it is only fine-tuned.",
        show_default=False,
    ),
]
How = Annotated[
    Literal["full", "quick", "tiny"],
    typer.Option(
        "--recipe",
        help="full: every voice there is. quick: fewer, in minutes. tiny: seconds; the model is of little use.",
    ),
]


Motions = Annotated[
    Path | None,
    typer.Option(
        "--data",
        help="Train on recordings too: GESTURE/*.csv, GESTURE/*.npy or GESTURE.txt; their names are the gestures.",
        show_default=False,
    ),
]
Machines = Annotated[
    Path | None,
    typer.Option(
        "--data",
        help="Recordings: normal/*.wav, and abnormal/*.wav for the figures; also as MIMII and ToyADMOS have them.",
        show_default=False,
    ),
]
FromGestures = Annotated[
    Path | None,
    typer.Option(
        "--from",
        help="Begin with an earlier result, a folder; ten recordings of each gesture are then worth having.",
        show_default=False,
    ),
]
Gestures = Annotated[str, typer.Option("--gestures", help="Simulated gestures; without --data.")]
HeldOut = Annotated[
    float, typer.Option("--held-out", help="Share of each class's recordings, the last ones, kept for the figures.")
]
Views = Annotated[
    Path | None,
    typer.Option(
        "--data",
        help="Train on pictures too: CLASS/*.png or .jpg; or COCO's, with their instances*.json.",
        show_default=False,
    ),
]
Objects = Annotated[
    str | None,
    typer.Option(
        "--objects",
        help="What it should see: face, person, ball, cup, bottle, block are rendered; of COCO, its categories.",
        show_default="face; of COCO, person; with folders of classes, these",
    ),
]
FromViews = Annotated[
    Path | None,
    typer.Option(
        "--from",
        help="Begin with an earlier result, a folder; then ten pictures a class are worth having.",
        show_default=False,
    ),
]
HeldOutSubjects = Annotated[
    float, typer.Option("--held-out", help="Share of each class's subjects that is kept for the figures.")
]
Side = Annotated[int, typer.Option("--size", min=16, max=160, help="Pixels along the side that the model sees.")]
Colour = Annotated[bool, typer.Option("--colour", help="See colours; without it, shades of grey.")]
HowMuch = Annotated[
    Literal["full", "tiny"], typer.Option("--recipe", help="tiny: seconds; the model is of little use.")
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
    from_: From = None,
    seed: Seed = 1,
    recipe: How = "full",
    as_json: Json = False,
) -> None:
    """Train a model that hears your words.

    Speech synthesisers say the words in every voice they have; noise, rooms and other words are mixed in; a small
    neural network learns from it. The folder OUT then holds model.smg, ready to deploy, report.html, which shows how
    well it does and plays what it gets wrong, model_card.md, model.tflite and what they were made from. Stopped with
    Ctrl-C, it goes on from where it was when it is run again.
    """
    from smidgen.train.keyword import train_keyword
    from smidgen.train.recipe import Recipe

    how = {"full": Recipe, "quick": Recipe.quick, "tiny": Recipe.tiny}[recipe]()
    with Bars(shown=not as_json) as progress:
        model = train_keyword(
            split_words(words),
            language,
            out,
            seed=seed,
            data=data,
            adapt=adapt,
            pretrained=from_,
            recipe=how,
            progress=progress,
        )
    _finish(model, "held-out voices", "windows of speakers it never heard", as_json)


@app.command()
def gesture(
    gestures: Gestures = "ring,slope,wing",
    out: Out = Path("build/gesture"),
    data: Motions = None,
    from_: FromGestures = None,
    held_out: HeldOut = 0.25,
    seed: Seed = 1,
    recipe: HowMuch = "full",
    as_json: Json = False,
) -> None:
    """Train a model that knows your gestures.

    Simulated wand motions of people and sensors that differ teach it, and with --data your own recordings beside them,
    each varied many times. What is no gesture is the class "negative", which is never reported. Figures come from the
    last recordings of each class, which it has not seen.
    """
    from smidgen.train.gesture import train_gesture
    from smidgen.train.gesture_recipe import GestureRecipe

    how = {"full": GestureRecipe, "tiny": GestureRecipe.tiny}[recipe]()
    with Bars(shown=not as_json) as progress:
        model = train_gesture(
            split_words(gestures),
            out,
            seed=seed,
            data=data,
            held_out=held_out,
            pretrained=from_,
            recipe=how,
            progress=progress,
        )
    _finish(model, "held-out recordings", "recordings it has not seen", as_json)


@app.command()
def anomaly(
    out: Out = Path("build/anomaly"),
    data: Machines = None,
    seed: Seed = 1,
    recipe: HowMuch = "full",
    as_json: Json = False,
) -> None:
    """Train a model that notices when a machine sounds wrong.

    It learns from recordings of machines that are well, and only from them; without --data, from simulated ones. What
    is wrong in the others it has never seen: the figure is how often such a recording scores higher than a normal one
    (the area under the ROC curve), for each machine. The board learns its own threshold from its own machine.
    """
    from smidgen.train.anomaly import train_anomaly
    from smidgen.train.anomaly_recipe import AnomalyRecipe

    how = {"full": AnomalyRecipe, "tiny": AnomalyRecipe.tiny}[recipe]()
    with Bars(shown=not as_json) as progress:
        model = train_anomaly(out, seed=seed, data=data, recipe=how, progress=progress)
    _write(model, machines_report)
    figures = model.card["held_out"]
    if as_json:
        print_json(figures)
        return
    show_auc(figures)
    if not figures["auc"]:
        say("no machine has anomalous recordings, so there is no figure")
    say(f"model: {model.folder / SMG}")


@app.command()
def vision(
    objects: Objects = None,
    out: Out = Path("build/vision"),
    data: Views = None,
    from_: FromViews = None,
    held_out: HeldOutSubjects = 0.25,
    size: Side = 32,
    colour: Colour = False,
    seed: Seed = 1,
    recipe: HowMuch = "full",
    as_json: Json = False,
) -> None:
    """Train a model that tells what a camera sees.

    Rendered scenes teach it, faces with some real ones beside them, and with --data your own pictures, each varied many
    times. What shows none of the objects is the class "nothing". Figures come from subjects that it has not seen: what
    stands before the last number of a file's name, or its folder under the class. Stopped with Ctrl-C, it goes on from
    the last epoch when it is run again.
    """
    from smidgen.features.image import ImageSpec
    from smidgen.train.vision import train_vision
    from smidgen.train.vision_recipe import VisionRecipe

    how = {"full": VisionRecipe, "tiny": VisionRecipe.tiny}[recipe]()
    with Bars(shown=not as_json) as progress:
        model = train_vision(
            None if objects is None else split_words(objects),
            out,
            seed=seed,
            data=data,
            held_out=held_out,
            pretrained=from_,
            recipe=replace(how, spec=ImageSpec(size, size, 3 if colour else 1)),
            progress=progress,
        )
    _finish(model, "held-out subjects", "pictures of subjects it has not seen", as_json)
    if not as_json:
        _areas(model.card["held_out"])


def _areas(figures: dict[str, Any]) -> None:
    """How well a vision model ranks pictures, of all that were held out and of the real ones among them."""
    for label, area in figures["auc"].items():
        real = figures["real_auc"].get(label)
        also = "" if real is None else f", {real:.3f} on the {figures['real_count']:,} real ones"
        say(f"area under the ROC curve, {label}: {area:.3f} on all{also}")


def _write(model: TrainedModel, report: Callable[[TrainedModel, Blob], str]) -> None:
    """model.smg, the card and the report into the result's folder."""
    blob = assemble(model)
    write_whole(model.folder / SMG, blob.to_bytes())
    write_whole(model.folder / MODEL_CARD, model_card(model, blob).encode())
    with contextlib.suppress(MissingExtra):  # without matplotlib there is no report
        write_whole(model.folder / REPORT, report(model, blob).encode())


def _finish(model: TrainedModel, held_out: str, what: str, as_json: bool) -> None:
    """Write model.smg, report and card into the result's folder and show the figures. held_out, what: what these were
    measured on."""
    _write(model, training_report)
    figures = model.card["held_out"]
    if as_json:
        print_json(figures)
        return
    column = f"recall on {held_out}"
    rows = table("class", column, right=(column,))
    for label, recall in figures["recall"].items():
        rows.add_row(label, f"{recall:.1%}")
    console.print(rows)
    say(f"macro recall {figures['macro_recall']:.1%} on {figures['count']:,} {what}")
    say(f"model: {model.folder / SMG}")
