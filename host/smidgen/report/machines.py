"""The report of an anomaly training: one HTML page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from smidgen.blob import Blob
from smidgen.report.charts import roc
from smidgen.report.figures import COLOURS, new_figure, to_svg
from smidgen.report.page import Page
from smidgen.train.result import TrainedModel

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def machines_report(model: TrainedModel, blob: Blob) -> str:
    """The page. blob: the model as it is deployed. Raises MissingExtra without matplotlib."""
    card = model.card
    page = Page(
        "A model for machines", "It learned how they sound while they are well; what is wrong it has never heard."
    )
    page.tiles(_tiles(card, blob))
    _figures(page, card)
    page.heading("Training")
    page.figure(
        to_svg(_losses(model.history)),
        "Mean squared error of standardised features, on what it learns from and on other recordings. The dotted line "
        "marks the epoch whose weights were kept.",
        small=True,
    )
    return page.html()


def _tiles(card: dict[str, Any], blob: Blob) -> list[tuple[str, str]]:
    least = card["held_out"]["least_auc"]
    return [
        ("-" if least is None else f"{least:.3f}", "area under the ROC curve of the machine that is told least well"),
        (f"{len(blob.to_bytes()):,} B", "model.smg, the whole file"),
        (f"{blob.arena_size:,} B", "arena: the scratch memory of one inference"),
        (f"{blob.macs:,}", "multiply-accumulates a window"),
    ]


def _figures(page: Page, card: dict[str, Any]) -> None:
    held_out, data = card["held_out"], card["data"]["held_out"]
    page.heading("How well it tells")
    if not held_out["auc"]:
        page.text("No machine has recordings of a fault, so there is no figure; the threshold does not need them.")
        return
    page.text(
        f"Measured on {data['normal']} normal recordings that it has not learned from and {data['anomalous']} of "
        f"faults, from {card['data']['source']}. A recording's score is the mean of its windows'. The area under the "
        "ROC curve is how often a fault scores higher than a normal recording: 1 is always, 0.5 is chance."
    )
    page.table(("machine", "AUC"), [(name, f"{area:.3f}") for name, area in held_out["auc"].items()], figures=(1,))
    page.figure(
        to_svg(roc({name: (own["normal"], own["anomalous"]) for name, own in held_out["scores"].items()})),
        "Share of faults noticed against share of normal recordings taken for one, at every threshold.",
        small=True,
    )
    page.figure(
        to_svg(_scores(held_out["scores"], card["anomaly"]["threshold"])),
        "A dot for each recording. The line is the threshold that the file carries until a board has learned its own.",
    )


def _scores(scores: dict[str, dict[str, list[float]]], threshold: int) -> Figure:
    figure = new_figure(7.2, 0.9 + 0.5 * len(scores))
    axes = figure.add_subplot()
    for row, own in enumerate(scores.values()):
        for kind, colour, up in (("normal", COLOURS[0], 0.12), ("anomalous", COLOURS[4], -0.12)):
            places = np.full(len(own[kind]), row + up)
            axes.plot(own[kind], places, ".", color=colour, alpha=0.6, label=kind if row == 0 else None)
    axes.axvline(threshold, color="#888888", lw=0.8, ls=":")
    axes.set_xscale("log")
    axes.set_yticks(range(len(scores)), list(scores))
    axes.set_xlabel("score")
    axes.legend(fontsize=8)
    return figure


def _losses(history: dict[str, Any]) -> Figure:
    figure = new_figure(3.6, 2.6)
    axes = figure.add_subplot()
    epochs = np.arange(1, len(history["loss"]) + 1)
    axes.plot(epochs, history["loss"], color=COLOURS[0], marker=".", label="training")
    axes.plot(epochs, history["val_loss"], color=COLOURS[1], marker=".", label="other recordings")
    axes.axvline(history["best_epoch"] + 1, color="#888888", lw=0.8, ls=":")
    axes.set_title("error")
    axes.set_xlabel("epoch")
    axes.legend(fontsize=8)
    return figure
