"""`smidgen evaluate`: how often a model is right on recordings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from smidgen.blob import Blob
from smidgen.cli.console import bar, console, print_json, say, table
from smidgen.cli.options import Json
from smidgen.evaluation import evaluate_folder, evaluate_machines

Model = Annotated[Path, typer.Argument(help="A .smg as 'smidgen train' makes it.", metavar="MODEL", show_default=False)]
Data = Annotated[
    Path,
    typer.Option(
        "--data", help="A folder of recordings: WORD/*.wav, or of motion, or of pictures.", show_default=False
    ),
]


def evaluate(model: Model, data: Data, as_json: Json = False) -> None:
    """Tell how often a model is right.

    Every recording is one window: its loudest or liveliest part when it is longer than the model's. Words that are not
    among the model's labels count as _unknown_, gestures as negative, pictures as nothing. A folder of motion holds
    GESTURE/*.csv, GESTURE/*.npy or GESTURE.txt; one of pictures CLASS/*.png or CLASS/*.jpg. For a model of machines it
    holds normal and abnormal recordings, .wav or .csv; the figure is the area under the ROC curve, for each machine.
    """
    if "ANOMALY" in Blob.load(model).sections:
        _machines(model, data, as_json)
        return
    found = evaluate_folder(model, data)
    if as_json:
        print_json(found.to_dict())
        return
    say(f"{model}: {found.count:,} recordings, accuracy {found.accuracy:.1%}, macro recall {found.macro_recall:.1%}")
    say()
    answers = [f"-> {label}" for label in found.labels]
    rows = table("class", "recall", "", *answers, right=("recall", *answers))
    for label, counts in zip(found.labels, found.confusion.tolist(), strict=True):
        recall = found.recall.get(label)
        shown = ("-", "") if recall is None else (f"{recall:.1%}", bar(recall, 16))
        rows.add_row(label, *shown, *(f"{count:,}" for count in counts))
    console.print(rows)


def _machines(model: Path, data: Path, as_json: bool) -> None:
    figures = evaluate_machines(model, data)
    if as_json:
        print_json(figures)
        return
    areas = f"mean AUC {figures['mean_auc']:.3f}, least {figures['least_auc']:.3f}"
    say(f"{model}: {figures['count']:,} recordings, {areas}")
    show_auc(figures)


def show_auc(figures: dict[str, Any]) -> None:
    """A table of the area under the curve by machine."""
    rows = table("machine", "AUC", "", right=("AUC",))
    for machine, area in figures["auc"].items():
        rows.add_row(machine, f"{area:.3f}", bar(area, 16))
    console.print(rows)
