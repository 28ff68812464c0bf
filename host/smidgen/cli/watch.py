"""`smidgen watch`: the gestures that a model sees in a recording of motion, or what it sees in pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from smidgen.blob import Blob
from smidgen.cli.console import print_json, say
from smidgen.cli.listen import line
from smidgen.cli.options import Json
from smidgen.cli.recordings import recordings, show_found
from smidgen.datasets.motion.files import load_file
from smidgen.datasets.motion.windows import at_rest
from smidgen.datasets.picture.camera import frame_of, picture_of
from smidgen.datasets.picture.files import files_in
from smidgen.datasets.picture.files import load_file as load_picture
from smidgen.errors import DataError, UsageError
from smidgen.pipeline import Detection, Pipeline
from smidgen.viewer import Sight, Viewer

Recording = Annotated[
    Path,
    typer.Argument(
        help="Acceleration as .csv or .npy, or a folder of some; or pictures, a folder or one.",
        metavar="PATH",
        show_default=False,
    ),
]
Model = Annotated[Path, typer.Option("--model", help="A .smg of gestures, or one that sees.", show_default=False)]

_REST_S = 2.0  # before and after a recording, so that windows around its ends are whole


def watch(recording: Recording, model: Model, as_json: Json = False) -> None:
    """Watch recordings of motion, or pictures; print what is seen.

    That is each gesture, or what comes into view. A CSV names its columns: time_ms, x_mg, y_mg, z_mg (also _us and _s;
    _g and _ms2). Two seconds of rest are seen before and after it; times count from the recording's start.

    Pictures of a folder are seen one after the other, by their names' order, five a second, as a board's camera would
    see them. Of a single picture the score of each class is told.
    """
    content = model.read_bytes()
    if "IMAGE" in Blob.from_bytes(content, str(model)).sections:
        _pictures(recording, Viewer(content, str(model)), as_json)
        return
    if Pipeline(content, str(model)).kind != "IMU":
        raise UsageError(f"{model}: is a model for sound; use 'smidgen listen'")
    _motions(recording, content, str(model), as_json)


def _motions(place: Path, content: bytes, source: str, as_json: bool) -> None:
    def find(path: Path) -> tuple[list[Detection], str]:
        pipeline = Pipeline(content, source)
        samples = load_file(path, pipeline.rate_hz)
        rest = round(_REST_S * pipeline.rate_hz)
        found = [d._replace(time_ms=d.time_ms - round(_REST_S * 1000)) for d in pipeline.feed(at_rest(samples, rest))]
        return found, f"{path}: no gesture in {len(samples) / pipeline.rate_hz:.1f} s"

    show_found(place, recordings(place, ".csv", ".npy"), find, line, "detections", as_json)


def _pictures(place: Path, viewer: Viewer, as_json: bool) -> None:
    if not place.is_dir():
        scores = dict(zip(viewer.labels, viewer.scores(_as_seen(place)), strict=True))
        _show({"scores": scores}, [f"{label}  {score * 100 // 255} %" for label, score in scores.items()], as_json)
        return
    paths = files_in(place)
    if not paths:
        raise DataError(f"{place}: holds no pictures; give a folder of .png or .jpg")
    found = list(viewer.feed(map(_as_seen, paths)))
    lines = [sight_line(sight) for sight in found] or [f"{place}: nothing seen in {len(paths)} pictures"]
    _show({"sights": [sight._asdict() for sight in found]}, lines, as_json)


def _as_seen(path: Path) -> np.ndarray:
    """A picture as a board's camera sees it."""
    return picture_of(frame_of(load_picture(path)))


def _show(figures: dict[str, Any], lines: list[str], as_json: bool) -> None:
    if as_json:
        print_json(figures)
        return
    for text in lines:
        say(text)


def sight_line(sight: Sight) -> str:
    """A sight as boards print it too."""
    what = "gone" if sight.seen is None else f"{sight.seen}  {sight.score} %"
    return f"{sight.time_ms / 1000:8.2f} s  {what}"
