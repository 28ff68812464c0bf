"""`smidgen run`: one inference on this machine, raw integers in, raw integers out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from smidgen.cli.console import print_json, say
from smidgen.cli.models import open_engine
from smidgen.cli.options import Json, Model
from smidgen.errors import DataError, UsageError
from smidgen.files import replacing

Inputs = Annotated[
    list[Path],
    typer.Option("--input", help="A .npy file with the values of an input; repeat it for each.", show_default=False),
]
Outputs = Annotated[
    list[Path],
    typer.Option("--output", help="The .npy file for an output; repeat it for each.", show_default=False),
]


def run(model: Model, input_: Inputs, output: Outputs, as_json: Json = False) -> None:
    """Run a model once, on this machine.

    Values are the model's own integers, not scaled: an int8 model takes and gives int8 arrays. The shape in the file
    may differ from the model's as long as the number of values is right.
    """
    engine = open_engine(model)
    if len(output) != len(engine.outputs):
        raise UsageError(
            f"{model}: gives {len(engine.outputs)} outputs, so give --output as many times, not {len(output)}"
        )
    results = engine.invoke([_load(path) for path in input_])
    written = []
    for path, values in zip(output, results, strict=True):
        with replacing(path) as beside, beside.open("wb") as file:
            np.save(file, values)
        written.append({"path": str(path), "dtype": str(values.dtype), "shape": list(values.shape)})
    if as_json:
        print_json({"outputs": written})
        return
    for one in written:
        say(f"{one['path']}: {one['dtype']} {one['shape']}")


def _load(path: Path) -> np.ndarray:
    try:
        return np.load(path, allow_pickle=False)
    except (ValueError, EOFError) as error:
        raise DataError(f"{path}: not a .npy file; write one with numpy.save") from error
