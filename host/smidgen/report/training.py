"""The report of a training: one HTML page, with what the model gets wrong to listen to or to look at."""

from __future__ import annotations

import io
import wave
from typing import Any

import numpy as np

from smidgen.blob import Blob
from smidgen.datasets.picture.files import pillow
from smidgen.report.charts import confusion_matrix, missed_against_alarms, motions, roc, training_curves
from smidgen.report.figures import to_svg
from smidgen.report.page import Page
from smidgen.train.result import TrainedModel, read_worst

_REPORTED = {"keyword": "keywords", "gesture": "gestures", "vision": "visits"}


def training_report(model: TrainedModel, blob: Blob) -> str:
    """The page. blob: the model as it is deployed. Raises MissingExtra without matplotlib."""
    words = ", ".join(label for label in model.labels if not label.startswith("_"))
    page = Page(f"A model for {words}", "What the training gave, measured on what was held out from it.")
    page.tiles(_tiles(model, blob))
    _accuracy(page, model)
    _streams(page, model)
    _worst(page, model)
    _training(page, model)
    return page.html()


def _tiles(model: TrainedModel, blob: Blob) -> list[tuple[str, str]]:
    held_out, streams = model.card["held_out"], model.card["streams"]
    memory = blob.arena_size + len(blob.state)
    return [
        (f"{held_out['macro_recall']:.1%}", "macro recall on what was held out"),
        (f"{_rate(streams['false_alarms'], streams['hours']):.1f} an hour", "false accepts in streams"),
        (f"{len(blob.to_bytes()):,} B", "model.smg, the whole file"),
        (f"{memory:,} B", "memory beside it: arena and state"),
    ]


def _rate(count: int, hours: float) -> float:
    return count / hours if hours else 0.0


def _accuracy(page: Page, model: TrainedModel) -> None:
    held_out = model.card["held_out"]
    page.heading("How often it is right")
    page.text(
        f"Measured on {held_out['count']:,} windows held out from training: accuracy {held_out['accuracy']:.1%}, macro "
        f"recall (the mean over the classes) {held_out['macro_recall']:.1%}. They come from "
        f"{model.card['data']['source']}; what your microphone or sensor gives will differ. For figures on your own "
        "recordings: smidgen evaluate model.smg --data FOLDER."
    )
    rows = [(label, f"{value:.1%}") for label, value in held_out["recall"].items()]
    page.table(("class", "recall"), rows, figures=(1,))
    if "scores" in held_out:
        _roc(page, held_out)
    matrix = confusion_matrix(held_out["labels"], np.array(held_out["confusion"]))
    page.figure(to_svg(matrix), "Counts of windows. Rows: what it is. Columns: what the model says.", small=True)


def _roc(page: Page, held_out: dict[str, Any]) -> None:
    """How well the classes of a vision model are told from all else."""
    rows = [
        (label, f"{area:.3f}", f"{held_out['real_auc'][label]:.3f}" if label in held_out["real_auc"] else "-")
        for label, area in held_out["auc"].items()
    ]
    page.table(("class", "area under the ROC curve", "on real pictures"), rows, figures=(1, 2))
    page.figure(
        to_svg(roc({label: (own["not shown"], own["shown"]) for label, own in held_out["scores"].items()})),
        "Share of the pictures of a class that are found against share of the others taken for it, at every level.",
        small=True,
    )


def _streams(page: Page, model: TrainedModel) -> None:
    """How detection does along a stream, at the thresholds chosen and at others."""
    streams = model.card["streams"]
    what = _REPORTED.get(model.card["task"], "events")
    alarms_an_hour = _rate(streams["false_alarms"], streams["hours"])
    page.heading("In a stream")
    page.text(
        f"In {streams['hours']:.2f} hours of streams of what was held out, {streams['hits']} of {streams['said']} "
        f"{what} were detected, and {streams['false_alarms']} times something else was taken for one: "
        f"{alarms_an_hour:.1f} false accepts an hour. These streams are dense, an event every few seconds; where "
        "little happens there are fewer."
    )
    if not streams.get("curve") or not streams["said"] or not streams["hours"]:
        return
    missed = [1 - hits / streams["said"] for _, hits, _ in streams["curve"]]
    alarms = [count / streams["hours"] for _, _, count in streams["curve"]]
    chosen = (alarms_an_hour, 1 - streams["hits"] / streams["said"])
    page.figure(
        to_svg(missed_against_alarms(alarms, missed, chosen)),
        f"Share of {what} missed against false accepts an hour, for one threshold for all classes from low (right) to "
        "high (left). The cross is what was chosen, for each class apart.",
        small=True,
    )


def _worst(page: Page, model: TrainedModel) -> None:
    worst = read_worst(model.folder)
    if worst is None:
        return
    page.heading("What it gets most wrong")
    if not len(worst.examples):
        page.text("Nothing: its answers for what was held out are all right.")
        return
    page.text("Held-out windows whose right answer is furthest behind the one that the model gives, worst first.")
    told = [
        f"“{model.labels[truth]}”, taken for “{model.labels[answer]}”, by {lead / 256:.0%}"
        for truth, answer, lead in zip(worst.truth, worst.answer, worst.lead, strict=True)
    ]
    if model.card["task"] == "vision":
        page.pictures(zip(told, map(_png, worst.examples), strict=True))
        return
    if model.card["task"] == "gesture":
        full_scale = f"Acceleration; full scale is {model.card['imu']['full_scale_mg'] / 1000:g} g."
        page.figure(to_svg(motions(worst.examples, told, model.card["imu"]["rate_hz"])), full_scale)
        return
    rate_hz = model.card["audio"]["rate_hz"]
    page.sounds((text, _wav(sound, rate_hz)) for text, sound in zip(told, worst.examples, strict=True))


def _png(features: np.ndarray) -> bytes:
    """int8 [h, w] or [h, w, 3], a picture as a model sees it, as a PNG file."""
    content = io.BytesIO()
    pillow().fromarray((features.astype(np.int16) + 128).astype(np.uint8)).save(content, "PNG")
    return content.getvalue()


def _wav(sound: np.ndarray, rate_hz: int) -> bytes:
    """int16 [samples], mono, as a WAV file."""
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes(sound.astype("<i2").tobytes())
    return content.getvalue()


def _training(page: Page, model: TrainedModel) -> None:
    history = model.history
    page.heading("Training")
    page.figure(
        to_svg(training_curves(history)),
        f"{len(history['loss'])} epochs; the weights of epoch {history['best_epoch'] + 1} were kept (dotted line). "
        "Training windows are disturbed anew each time, so they are harder than the held-out ones.",
    )
