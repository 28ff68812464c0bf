"""`smidgen convert`: a .tflite becomes a .smg."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from smidgen.assemble import read_card, sections_of
from smidgen.blob import Blob
from smidgen.cli.console import print_json, say
from smidgen.cli.options import Json
from smidgen.convert import convert as convert_model
from smidgen.errors import SmidgenError
from smidgen.files import write_whole
from smidgen.verdict import INPUTS, Verdict, compare, has_tflm

Source = Annotated[Path, typer.Argument(help="An int8 .tflite model.", metavar="MODEL", show_default=False)]
Output = Annotated[
    Path | None, typer.Option("-o", "--output", help="The .smg file to write.", show_default="MODEL.smg")
]
Card = Annotated[
    Path | None,
    typer.Option("--card", help="The card.json of its training: adds labels and front end.", show_default=False),
]
Inputs = Annotated[int, typer.Option("--inputs", min=1, help="How many inputs to compare on.")]


def convert(
    model: Source, output: Output = None, card: Card = None, inputs: Inputs = INPUTS, as_json: Json = False
) -> None:
    """Convert a .tflite model to a .smg file and prove it right.

    The new model is run on random inputs, and on inputs sought between them where the model is in doubt, and every byte
    of its answers is compared with TensorFlow Lite Micro. Nothing is written when the model cannot run on a board; all
    the reasons are listed.
    """
    content = model.read_bytes()
    target = output or model.with_suffix(".smg")
    sections = sections_of(read_card(card)) if card else {}
    blob = convert_model(content, str(model), sections)
    made = blob.to_bytes()
    verdict = compare(content, made, str(model), count=inputs)
    if not verdict.equal:
        raise SmidgenError(
            f"{model}: not equal to {verdict.reference} once converted ({verdict.difference}). This is a defect of "
            f"Smidgen: please report it with the model; {target} was not written"
        )
    write_whole(target, made)
    figures = _figures(blob, len(content), len(made), verdict)
    if as_json:
        print_json(figures)
    else:
        _show(target, figures)


def _figures(blob: Blob, before: int, after: int, verdict: Verdict) -> dict:
    return {
        "tflite_bytes": before,
        "smg_bytes": after,
        "arena_bytes": blob.arena_size,
        "state_bytes": len(blob.state),
        "macs": blob.macs,
        "reference": verdict.reference,
        "inputs": verdict.inputs,
        "undecided": verdict.undecided,
        "equal": verdict.equal,
    }


def _show(target: Path, figures: dict) -> None:
    say(f"converted: {target}")
    say(f"size:      {figures['tflite_bytes']:,} bytes before, {figures['smg_bytes']:,} after")
    state = f", state {figures['state_bytes']:,} bytes" if figures["state_bytes"] else ""
    say(f"memory:    arena {figures['arena_bytes']:,} bytes{state}")
    say(f"work:      {figures['macs']:,} multiply-accumulates an inference")
    say(f"equal to:  {figures['reference']}, every byte, on {figures['inputs']} inputs")
    say(f"           ({figures['undecided']} of them with outputs off the ends of their range)")
    if not has_tflm():
        say("TensorFlow Lite Micro itself is not installed here: pip install 'smidgen[verify]' compares with it.")
