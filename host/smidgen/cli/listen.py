"""`smidgen listen`: what a model hears in a recording, on this machine or on a board."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from smidgen.assemble import assemble
from smidgen.blob import Blob
from smidgen.cli.console import print_json, say
from smidgen.cli.options import Json
from smidgen.datasets.clips import RATE_HZ
from smidgen.demo.model import pretrained
from smidgen.monitor import Monitor
from smidgen.pipeline import Detection, Pipeline

Recording = Annotated[Path, typer.Argument(help="A WAV file of any kind.", metavar="FILE.wav", show_default=False)]
Model = Annotated[
    Path | None,
    typer.Option("--model", help="A .smg that listens; default is the one that ships.", show_default=False),
]
Board = Annotated[
    str | None,
    typer.Option("--board", help="Port of a board to do it on, such as /dev/ttyACM0.", show_default=False),
]


_SILENCE_MS = 1000  # before and after a recording, as around a word that a running microphone hears
_SILENCE = _SILENCE_MS * RATE_HZ // 1000


def listen(recording: Recording, model: Model = None, board: Board = None, as_json: Json = False) -> None:
    """Listen to a recording and print each keyword, or what a model for machines reports.

    Any rate, any number of channels, 8 to 32 bit or float. A second of silence is heard before and after it, as if a
    microphone were running; times count from the recording's start. With --board it is copied to the board, and the
    board's own program listens to it.
    """
    from smidgen.datasets.wav import load_audio

    samples = np.pad(load_audio(recording), _SILENCE)
    content, source = (model.read_bytes(), str(model)) if model else (assemble(pretrained()).to_bytes(), "model.smg")
    if "ANOMALY" in Blob.from_bytes(content, source).sections:
        _monitor(content, source, load_audio(recording), as_json)
        return
    if board is None:
        found = list(Pipeline(content, source).feed(samples))
    else:
        from smidgen.demo.on_board import listen_on_board

        found = listen_on_board(board, content, samples)
    found = [d._replace(time_ms=d.time_ms - _SILENCE_MS) for d in found]
    if as_json:
        print_json({"detections": [detection._asdict() for detection in found]})
        return
    for detection in found:
        say(line(detection))
    if not found:
        say(f"{recording}: no keyword in {len(samples) / RATE_HZ - 2 * _SILENCE_MS / 1000:.1f} s")


def _monitor(content: bytes, source: str, samples: np.ndarray, as_json: bool) -> None:
    reports = list(Monitor(content, source).feed(samples))
    if as_json:
        print_json({"reports": [report._asdict() for report in reports]})
        return
    for report in reports:
        say(f"{report.time_ms / 1000:8.2f} s  {report.percent} %{'  alarm' if report.alarm else ''}")
    if not reports:
        say(f"no report in {len(samples) / RATE_HZ:.1f} s: record longer")


def line(detection: Detection) -> str:
    """A detection as boards print it too."""
    return f"{detection.time_ms / 1000:8.2f} s  {detection.word}  {detection.score} %"
