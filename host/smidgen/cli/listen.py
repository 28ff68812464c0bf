"""`smidgen listen`: what a model hears in recordings or with this machine's microphone, here or on a board."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from smidgen.assemble import assemble
from smidgen.blob import Blob
from smidgen.cli.console import say
from smidgen.cli.options import Json
from smidgen.cli.recordings import recordings, show_found
from smidgen.datasets.clips import RATE_HZ
from smidgen.demo.model import pretrained
from smidgen.errors import UsageError
from smidgen.monitor import Monitor, Report
from smidgen.pipeline import Detection, Pipeline

Recording = Annotated[
    Path | None,
    typer.Argument(help="A WAV file of any kind, or a folder of some.", metavar="[PATH]", show_default=False),
]
OwnMicrophone = Annotated[
    bool, typer.Option("--microphone", help="Listen with this machine's microphone, until Ctrl-C.", show_default=False)
]
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


def listen(
    recording: Recording = None,
    microphone: OwnMicrophone = False,
    model: Model = None,
    board: Board = None,
    as_json: Json = False,
) -> None:
    """Listen to recordings or the microphone; print what is heard.

    That is each keyword, or what a model for machines reports. Any rate, any number of channels, 8 to 32 bit or float.
    A second of silence is heard before and after a recording, as if a microphone were running; times count from the
    recording's start. With --board it is copied to the board, and the board's own program listens to it. With
    --microphone --json each detection is a line of JSON.
    """
    if (recording is None) != microphone:
        raise UsageError("give a recording, a folder or --microphone, one of them")
    content, source = (model.read_bytes(), str(model)) if model else (assemble(pretrained()).to_bytes(), "model.smg")
    listener = (Monitor if "ANOMALY" in Blob.from_bytes(content, source).sections else Pipeline)(content, source)
    if recording is None:
        if board is not None:
            raise UsageError(
                "--microphone is this machine's; a board listens with its own as soon as it is deployed to"
            )
        _live(listener, as_json)
        return
    paths = recordings(recording, ".wav")
    if isinstance(listener, Monitor):
        show_found(recording, paths, partial(_reports, content, source), line, "reports", as_json)
    else:
        show_found(recording, paths, partial(_detections, content, source, board), line, "detections", as_json)


def _detections(content: bytes, source: str, board: str | None, path: Path) -> tuple[list[Detection], str]:
    from smidgen.datasets.wav import load_audio

    samples = load_audio(path)
    heard = np.pad(samples, _SILENCE)
    if board is None:
        found = list(Pipeline(content, source).feed(heard))
    else:
        from smidgen.demo.on_board import listen_on_board

        found = listen_on_board(board, content, heard)
    found = [d._replace(time_ms=d.time_ms - _SILENCE_MS) for d in found]
    return found, f"{path}: no keyword in {len(samples) / RATE_HZ:.1f} s"


def _reports(content: bytes, source: str, path: Path) -> tuple[list[Report], str]:
    from smidgen.datasets.wav import load_audio

    samples = load_audio(path)
    return list(Monitor(content, source).feed(samples)), f"no report in {len(samples) / RATE_HZ:.1f} s: record longer"


def _live(listener: Pipeline | Monitor, as_json: bool) -> None:
    """What the microphone hears, line by line, until Ctrl-C."""
    from smidgen.microphone import pieces

    def lost() -> None:
        typer.echo("sound was lost: this machine is too busy", err=True)

    try:
        for samples in pieces(round(listener.rate_hz), lost):
            for found in listener.feed(samples):
                if as_json:
                    print(json.dumps(found._asdict(), ensure_ascii=False), flush=True)
                else:
                    say(line(found))
    except KeyboardInterrupt:
        return  # the usual end


def line(found: Any) -> str:
    """A detection, or a machine's report, as boards print it too."""
    if isinstance(found, Report):
        return f"{found.time_ms / 1000:8.2f} s  {found.percent} %{'  alarm' if found.alarm else ''}"
    return f"{found.time_ms / 1000:8.2f} s  {found.word}  {found.score} %"
