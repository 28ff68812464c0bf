"""`smidgen watch`: the gestures that a model sees in a recording of motion."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from smidgen.cli.console import print_json, say
from smidgen.cli.listen import line
from smidgen.cli.options import Json
from smidgen.datasets.motion.files import load_file
from smidgen.datasets.motion.windows import at_rest
from smidgen.errors import UsageError
from smidgen.pipeline import Pipeline

Recording = Annotated[
    Path, typer.Argument(help="Acceleration as .csv or .npy.", metavar="FILE.csv", show_default=False)
]
Model = Annotated[Path, typer.Option("--model", help="A .smg of gestures.", show_default=False)]

_REST_S = 2.0  # before and after a recording, so that windows around its ends are whole


def watch(recording: Recording, model: Model, as_json: Json = False) -> None:
    """Watch a recording of motion and print each gesture.

    A CSV names its columns: time_ms, x_mg, y_mg, z_mg (also _us and _s; _g and _ms2). Two seconds of rest are seen
    before and after it; times count from the recording's start.
    """
    pipeline = Pipeline(model.read_bytes(), str(model))
    if pipeline.kind != "IMU":
        raise UsageError(f"{model}: is a model for sound; use 'smidgen listen'")
    samples = load_file(recording, pipeline.rate_hz)
    rest = round(_REST_S * pipeline.rate_hz)
    found = [d._replace(time_ms=d.time_ms - round(_REST_S * 1000)) for d in pipeline.feed(at_rest(samples, rest))]
    if as_json:
        print_json({"detections": [detection._asdict() for detection in found]})
        return
    for detection in found:
        say(line(detection))
    if not found:
        say(f"{recording}: no gesture in {len(samples) / pipeline.rate_hz:.1f} s")
