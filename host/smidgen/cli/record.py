"""`smidgen record`: labelled recordings from a board's own sensor."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.live import Live
from rich.text import Text

from smidgen.cli.console import console, say
from smidgen.cli.options import OptionalPort
from smidgen.device import connect
from smidgen.record.pictures import SUFFIX, record_pictures
from smidgen.record.session import SENSORS, Files
from smidgen.record.session import record as record_session

Label = Annotated[str, typer.Argument(help="What is recorded: a gesture, a word, negative.", show_default=False)]
SensorName = Annotated[
    Literal["imu", "microphone", "camera"], typer.Option("--sensor", help="Which of the board's sensors.")
]
Out = Annotated[Path, typer.Option("--out", help="Folder for LABEL/SESSION-NNN.csv, .wav or .png.")]
Count = Annotated[int, typer.Option("--count", min=1, help="How many to record.")]
Session = Annotated[
    str | None, typer.Option(help="Name of this sitting; a split never parts it.", show_default="today's date")
]
Every = Annotated[int, typer.Option("--every", min=1, help="Of a camera's pictures keep one in so many.")]
_WIDTH = 40
_SHADES = " ▁▂▃▄▅▆▇█"


def record(
    label: Label,
    sensor: SensorName = "imu",
    port: OptionalPort = None,
    out: Out = Path("recordings"),
    count: Count = 10,
    session: Session = None,
    every: Every = 5,
) -> None:
    """Record labelled data with a board's own sensor.

    Make the gesture, or say the word, again and again with a pause between: each becomes a file of its own, in the
    layout that 'smidgen train' reads. A trace shows what the sensor feels; it rises above the half while something is
    recorded. A camera's pictures are kept at a steady pace, and the trace shows how bright they are; let the session
    name what is shown, such as mug1. Run it again to go on: files are numbered behind those that are there. Ctrl-C
    stops it, and what was recorded stays.
    """
    name = session or datetime.date.today().strftime("%Y%m%d")
    files = Files(out, label, name, SUFFIX if sensor == "camera" else SENSORS[sensor].suffix)

    def saved(path: Path) -> None:
        say(str(path))

    with connect(port) as board, _Trace() as trace:
        if sensor == "camera":
            say(f"recording {label}: {count} pictures, one in {every}")
            done = record_pictures(board, files, count, every, trace.show, saved)
        else:
            say(f"recording {label}: {count} times, a pause between them")
            done = record_session(board, SENSORS[sensor], files, count, trace.show, saved)
    say(f"{done} of {count} recorded")


class _Trace:
    """The last levels on a terminal; nothing elsewhere."""

    def __init__(self) -> None:
        self._levels: list[float] = []
        self._live = Live(console=console, transient=True, refresh_per_second=12) if console.is_terminal else None

    def __enter__(self) -> _Trace:
        if self._live:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live:
            self._live.stop()

    def show(self, level: float, active: bool) -> None:
        """level: 1 where a recording begins."""
        self._levels = [*self._levels[1 - _WIDTH :], level]
        if self._live:
            trace = "".join(_SHADES[min(int(value * 4), 8)] for value in self._levels)
            self._live.update(Text(trace.rjust(_WIDTH) + ("  recording" if active else "")))
