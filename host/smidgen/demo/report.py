"""The demo's report: one HTML page that shows what was made, how well it does, and what that rests on."""

from __future__ import annotations

import numpy as np

from smidgen.demo.result import Result
from smidgen.demo.score import Heard
from smidgen.features.audio import AudioFrontEnd, AudioSpec
from smidgen.inspection import inspect_blob
from smidgen.report.charts import confusion_matrix, features_with_detections, training_curves
from smidgen.report.figures import to_svg
from smidgen.report.memory_map import memory_map
from smidgen.report.page import Page

_EXCERPT_S = 9.0


def report(result: Result) -> str:
    """The page. Raises MissingExtra without matplotlib."""
    words = " and ".join(f"“{word}”" for word in result.model.labels[2:])
    page = Page(
        f"{words} on a simulated {result.board.title}",
        "A keyword model, trained on synthetic speech on this machine, deployed over the serial port to a board that "
        "runs MicroPython, and listening there.",
    )
    page.tiles(_tiles(result))
    _board(page, result)
    _accuracy(page, result)
    _training(page, result)
    _size(page, result)
    _equality(page, result)
    _foundations(page, result)
    _onwards(page, result)
    return page.html()


def _tiles(result: Result) -> list[tuple[str, str]]:
    score, held_out = result.score, result.model.card["held_out"]
    return [
        (f"{score.hits} of {score.said}", f"keywords detected on the board; false alarms: {score.false_alarms}"),
        (f"{held_out['macro_recall']:.1%}", "macro recall on voices held out from training"),
        (f"{len(result.smg):,} B", "model.smg: weights, plan, front end, labels"),
        (f"{result.blob.arena_size + len(result.blob.state):,} B", "memory beside it: arena and state"),
    ]


def _board(page: Page, result: Result) -> None:
    page.heading("What the board heard")
    page.text(
        f"{result.recording.seconds:.0f} seconds of speech over noise were played into the board's microphone, spoken "
        "by voices that the model never heard in training. The board's own MicroPython program did the rest: windows, "
        "features, inference, smoothing. The confidence is the mean score of the inferences that led to the detection."
    )
    rows = []
    for heard in result.score.heard:
        detection = heard.detection
        at, sure = (f"{detection.time_ms / 1000:.2f} s", f"{detection.score} %") if detection else ("", "")
        rows.append(
            (
                f"{heard.said.start_s:.2f} s",
                heard.said.word,
                _voice(heard.said.speaker),
                _outcome(heard, result),
                at,
                sure,
            )
        )
    page.table(("said at", "word", "voice", "the board", "at", "confidence"), rows, figures=(0, 4, 5))
    for alarm in result.score.unprompted:
        page.text(f"While nothing was said: “{alarm.word}” at {alarm.time_ms / 1000:.2f} s with {alarm.score} %.")
    _excerpt(page, result)


def _outcome(heard: Heard, result: Result) -> str:
    if heard.detection:
        return "detects it" if heard.is_hit else f"takes it for “{heard.detection.word}”"
    return "misses it" if heard.said.word in result.score.keywords else "ignores it"


def _voice(speaker: str) -> str:
    return speaker.replace(":", " ")


def _excerpt(page: Page, result: Result) -> None:
    """The recording's beginning as the model sees it."""
    front_end = AudioFrontEnd(result.blob.sections["AUDIO"])
    features = front_end.stream(result.recording.samples[: int(_EXCERPT_S * 16000)])
    spec = AudioSpec.from_section(result.blob.sections["AUDIO"])
    marks = [(d.time_ms / 1000, d.word, d.score / 100) for d in result.detections if d.time_ms < _EXCERPT_S * 1000]
    page.figure(
        to_svg(features_with_detections(features, spec.hop_ms, marks)),
        f"The first {_EXCERPT_S:.0f} seconds as the model sees them: {spec.channels} mel channels, a column every "
        f"{spec.hop_ms} ms. A line marks a detection; it comes when the window over the word is complete.",
    )


def _accuracy(page: Page, result: Result) -> None:
    held_out = result.model.card["held_out"]
    page.heading("How often it is right")
    page.text(
        f"Measured on {held_out['count']:,} windows of voices held out from training: accuracy "
        f"{held_out['accuracy']:.1%}, macro recall (the mean over the classes) {held_out['macro_recall']:.1%}. A model "
        f"that always says the same has {1 / len(result.model.labels):.0%}."
    )
    page.table(
        ("class", "recall"), [(label, f"{value:.1%}") for label, value in held_out["recall"].items()], figures=(1,)
    )
    matrix = confusion_matrix(held_out["labels"], np.array(held_out["confusion"]))
    page.figure(to_svg(matrix), "Counts of windows. Rows: what was said. Columns: what the model says.", small=True)


def _training(page: Page, result: Result) -> None:
    history = result.model.history
    page.heading("Training")
    epochs = len(history["loss"])
    page.figure(
        to_svg(training_curves(history)),
        f"{epochs} epochs; the weights of epoch {history['best_epoch'] + 1} were kept (dotted line). Training windows "
        "are disturbed anew each time, so they are harder than the held-out ones.",
    )


def _size(page: Page, result: Result) -> None:
    blob, heap = result.blob, result.board.heap_bytes
    need = len(result.smg) + blob.arena_size + len(blob.state)
    page.heading("Size")
    page.table(
        ("part", "bytes"),
        [
            ("model.tflite, as TensorFlow writes it", f"{result.tflite_bytes:,}"),
            ("model.smg, the whole file", f"{len(result.smg):,}"),
            ("of it weights and biases", f"{len(blob.data):,}"),
            ("of it the audio front end's parameters and tables", f"{len(blob.sections['AUDIO']):,}"),
            ("arena, the scratch memory of one inference", f"{blob.arena_size:,}"),
            ("state, kept from one inference to the next", f"{len(blob.state):,}"),
            (
                f"model.smg, arena and state together ({need / heap:.0%} of a {result.board.title}'s {heap:,})",
                f"{need:,}",
            ),
        ],
        figures=(1,),
    )
    page.text(f"One inference takes {blob.macs:,} multiply-accumulates.")
    page.figure(
        to_svg(memory_map(inspect_blob(blob, "model.smg"))),
        "The arena while the model runs: a box for each tensor, from the operator that writes it to the last one that "
        "reads it. Where two boxes overlap, an operator writes over its input as it goes.",
    )


def _equality(page: Page, result: Result) -> None:
    page.heading("The same bytes everywhere")
    same = "equal" if result.board_equals_host else "NOT equal"
    page.text(
        f"model.smg gave the same bytes as {result.verdict.reference} on model.tflite, for each of "
        f"{result.verdict.inputs} held-out windows ({result.verdict.undecided} of them with scores off the ends of "
        "their range, where an error could not hide).",
        f"The board's {len(result.detections)} detections are {same} to those of this machine's pipeline for the same "
        "recording: words, times and confidences.",
    )
    page.code("\n".join(result.board_says))


def _foundations(page: Page, result: Result) -> None:
    card = result.model.card
    page.heading("What these numbers rest on")
    page.text(
        "Every voice here is synthetic. Real speakers are harder: expect less than the figures above, try your own "
        "recordings with “smidgen evaluate”, and add ten of yours a word with “smidgen train keyword --adapt”."
    )
    rows = []
    for name, side in (("training", "train"), ("held out", "held_out")):
        data = card["data"][side]
        rows.append((name, f"{data['clips']:,}", f"{len(data['speakers']):,}"))
    page.table(("data", "clips", "synthetic voices"), rows, figures=(1, 2))
    engines = ", ".join(f"{name} {version}" for name, version in card["engines"].items())
    versions = ", ".join(f"{name} {version}" for name, version in card["versions"].items())
    page.text(
        f"Speech: {engines}, language {card['language']}. Made with {versions}. Seed {card['seed']}: the same seed "
        "gives the same data and, on the same machine, the same model."
    )


def _onwards(page: Page, result: Result) -> None:
    page.heading("Where next")
    words = ",".join(result.model.labels[2:])
    model = result.settings.out / "model.smg"
    page.code(
        f"smidgen inspect {model}\n"
        f"smidgen listen my-recording.wav --model {model}\n"
        f"smidgen deploy {model} --port /dev/ttyACM0      # a real board\n"
        f"smidgen train keyword --words {words} --adapt my-recordings/"
    )
