"""`smidgen profile`: where the time goes, operator by operator."""

from __future__ import annotations

from typing import Annotated

import typer

from smidgen.cli.console import bar, console, print_json, say, table
from smidgen.cli.models import open_engine
from smidgen.cli.options import Json, Model
from smidgen.inspection import inspect_blob
from smidgen.profiling import Profile, profile_engine

Runs = Annotated[
    int, typer.Option("--runs", min=1, help="How many inferences to time; the fastest of each operator counts.")
]


def profile(model: Model, runs: Runs = 20, as_json: Json = False) -> None:
    """Time a model on this machine, operator by operator.

    It tells which operators are heavy, not how long they take on a board: there, ask model.profile().
    """
    engine = open_engine(model)
    found = profile_engine(engine, runs)
    layers = inspect_blob(engine.blob, str(model)).layers
    if as_json:
        rows = zip(layers, found.operators_us, strict=True)
        operators = [{"operator": layer.name, "us": us, "macs": layer.macs} for layer, us in rows]
        print_json({"total_us": found.total_us, "runs": runs, "operators": operators})
        return
    say(f"{model}: {found.total_us:,.1f} us an inference on this machine (fastest of {runs})")
    say()
    console.print(_rows(found, [layer.name for layer in layers], [layer.macs for layer in layers]))


def _rows(found: Profile, names: list[str], macs: list[int]):
    rows = table("#", "operator", "us", "share", "MACs", "", right=("#", "us", "share", "MACs"))
    for i, (name, work, us) in enumerate(zip(names, macs, found.operators_us, strict=True)):
        share = us / max(found.total_us, 1e-9)
        rows.add_row(str(i), name, f"{us:,.1f}", f"{share:.0%}", f"{work:,}", bar(share, 24))
    return rows
