"""The charts of a training report, as figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from smidgen.report.figures import COLOURS, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def training_curves(history: dict[str, Any]) -> Figure:
    """Loss and accuracy an epoch, on training and held-out windows. history: see train.result.TrainedModel."""
    figure = new_figure(7.2, 2.6)
    best = history.get("best_epoch")
    for axes, name in zip(figure.subplots(1, 2), ("loss", "accuracy"), strict=True):
        epochs = np.arange(1, len(history[name]) + 1)
        axes.plot(epochs, history[name], color=COLOURS[0], marker=".", label="training (disturbed)")
        axes.plot(epochs, history[f"val_{name}"], color=COLOURS[1], marker=".", label="held out")
        if best is not None:
            axes.axvline(best + 1, color="#888888", lw=0.8, ls=":")
        axes.set_title(name)
        axes.set_xlabel("epoch")
        axes.xaxis.get_major_locator().set_params(integer=True)
    axes.legend(fontsize=8)
    return figure


def confusion_matrix(labels: Sequence[str], counts: np.ndarray) -> Figure:
    """counts: int [classes, classes], rows are the truth. Cells show counts, shades the share of the row."""
    side = 1.6 + 0.62 * len(labels)
    figure = new_figure(side + 0.6, side)
    axes = figure.add_subplot()
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for row, column in np.ndindex(counts.shape):
        ink = "white" if shares[row, column] > 0.55 else "black"
        axes.text(column, row, f"{counts[row, column]:,}", ha="center", va="center", color=ink)
    axes.set_xticks(range(len(labels)), labels, rotation=30, ha="right")
    axes.set_yticks(range(len(labels)), labels)
    axes.set_xlabel("the model says")
    axes.set_ylabel("what it is")
    return figure


def roc(scores: dict[str, tuple[Sequence[float], Sequence[float]]]) -> Figure:
    """Receiver operating characteristics. scores: by name, (of what should score low, of what should score high)."""
    figure = new_figure(3.6, 3.4)
    axes = figure.add_subplot()
    for (name, sides), colour in zip(scores.items(), COLOURS * len(scores), strict=False):
        levels = np.sort([*sides[0], *sides[1], np.inf])[::-1]
        shares = [[np.mean(np.array(side) >= level) for level in levels] for side in sides]
        axes.plot(*shares, color=colour, drawstyle="steps-post", label=name)
    axes.plot([0, 1], [0, 1], color="#888888", lw=0.8, ls=":")
    axes.set_xlabel("false positives")
    axes.set_ylabel("true positives")
    axes.legend(fontsize=8, loc="lower right")
    return figure


def motions(examples: np.ndarray, captions: Sequence[str], rate_hz: float) -> Figure:
    """Windows of motion beside each other. examples: int8 [n, samples, 3] in 128ths of full scale."""
    columns = min(3, len(examples))
    rows = -(-len(examples) // columns)
    figure = new_figure(2.4 * columns, 1.7 * rows)
    seconds = np.arange(examples.shape[1]) / rate_hz
    places = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).flat
    for axes, example, caption in zip(places, examples, captions, strict=False):
        for axis, colour, name in zip(example.T, COLOURS, "xyz", strict=False):
            axes.plot(seconds, axis / 128, color=colour, lw=1, label=name)
        axes.set_title(caption, fontsize=8, weight="normal")
    for axes in places[len(examples) :]:
        axes.set_visible(False)
    figure.legend(*places[0].get_legend_handles_labels(), ncols=3, fontsize=8, loc="outside lower center")
    figure.supxlabel("seconds", fontsize=8)
    figure.supylabel("of full scale", fontsize=8)
    return figure


def missed_against_alarms(alarms: Sequence[float], missed: Sequence[float], chosen: tuple[float, float]) -> Figure:
    """The trade of a threshold. alarms: false accepts an hour. missed: shares, 0 to 1. chosen: the point in use."""
    figure = new_figure(4.6, 3.0)
    axes = figure.add_subplot()
    axes.plot(alarms, [100 * share for share in missed], color=COLOURS[0], marker=".")
    axes.plot(chosen[0], 100 * chosen[1], color=COLOURS[4], marker="x", markersize=9, mew=2)
    axes.set_xscale("symlog", linthresh=1)
    axes.set_xlim(left=-0.1)
    axes.set_ylim(bottom=0)
    axes.set_xlabel("false accepts an hour")
    axes.set_ylabel("missed, %")
    return figure


def features_with_detections(
    features: np.ndarray, hop_ms: float, detections: Sequence[tuple[float, str, float]]
) -> Figure:
    """A clip as the model hears it.

    features: int8 [frames, channels]. detections: (seconds, label, confidence 0 to 1).
    """
    figure = new_figure(7.2, 2.5)
    axes = figure.add_subplot()
    seconds = len(features) * hop_ms / 1000
    axes.imshow(features.T, origin="lower", aspect="auto", cmap="magma", extent=(0, seconds, 0, features.shape[1]))
    for at, label, confidence in detections:
        _mark(axes, at, f"{label} {confidence:.0%}")
    axes.set_xlim(0, seconds)
    axes.set_xlabel("seconds")
    axes.set_ylabel("mel channel")
    return figure


def _mark(axes: Axes, at: float, text: str) -> None:
    axes.axvline(at, color="#7df9c2", lw=1.6)
    axes.annotate(
        text,
        (at, 1.0),
        (0, 3),
        xycoords=("data", "axes fraction"),
        textcoords="offset points",
        ha="center",
        weight="bold",
    )
