"""`smidgen soak`: an hour through a model on a simulated board."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from smidgen.assemble import assemble
from smidgen.blob import Blob
from smidgen.cli.console import print_json, say
from smidgen.cli.options import BoardName, Json, Seed
from smidgen.cli.progress import Bars
from smidgen.demo.model import pretrained
from smidgen.errors import SmidgenError
from smidgen.train.result import read_result

if TYPE_CHECKING:
    from smidgen.bench.listening import Listening

Folder = Annotated[
    Path | None,
    typer.Option(
        "--model",
        help="A folder that 'smidgen train keyword' made; default is the model that ships.",
        show_default=False,
    ),
]
Minutes = Annotated[int, typer.Option(min=1, help="Minutes of sound.")]
Late = Annotated[
    bool,
    typer.Option(
        "--late",
        help="Charge what 'smidgen bench --micropython' counts to a clock, and tell how many hops a Pico is late with.",
    ),
]


def soak(
    model: Folder = None,
    minutes: Minutes = 60,
    board: BoardName = "pico",
    seed: Seed = 1,
    late: Late = False,
    as_json: Json = False,
) -> None:
    """Let a simulated board listen for an hour, and count.

    Voices that the model has not heard say keywords and other words over changing noise. Told at the end: how many
    keywords were missed, how often something else was taken for one, whether the board's memory grew, and whether
    the same sound gives the same detections on this machine.
    """
    from smidgen.demo.recording import long_recording
    from smidgen.demo.soak import soak as run

    found = read_result(model) if model else pretrained()
    if found is None:
        raise SmidgenError(f"{model}: holds no training result; give the folder that 'smidgen train keyword' made")
    with Bars(shown=not as_json) as progress:
        recording = long_recording(found.card, minutes, seed, progress)
    smg = assemble(found).to_bytes()
    result = run(smg, recording, tuple(found.labels[2:]), board, _cost(smg) if late else None)
    figures = result.to_dict()
    if as_json:
        print_json(figures)
    else:
        say(f"{minutes} minutes: {figures['keywords_said']} keywords said, {figures['missed']} missed")
        alarms, rate = figures["false_accepts"], figures["false_accepts_an_hour"]
        say(f"false accepts: {alarms}, {rate:.1f} an hour, a word being said every three seconds")
        say(f"memory in use on the board: {result.memory[-1]:,} bytes, grown by {result.growth:,}")
        if result.charged:
            hops = result.charged
            say(f"late hops: {hops.late:,} of {hops.hops:,}; the worst took {hops.worst / hops.period:.0%} of its time")
    if not result.same:
        raise SmidgenError("board and host did not detect the same; please report this defect")
    if not as_json:
        say(f"the same {len(result.detections)} detections on this machine")


def _cost(smg: bytes) -> Listening | None:
    from smidgen.bench import measure
    from smidgen.bench.listening import measure_listening

    blob = Blob.from_bytes(smg, "the model")
    return measure_listening(blob, measure(smg, "the model").cycles, "the model", micropython=True)
