"""`smidgen convert`: a .tflite becomes a .smg."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from smidgen.assemble import read_card, sections_of
from smidgen.blob import Blob
from smidgen.cli.console import print_json, say
from smidgen.cli.options import Json, KeepSize
from smidgen.convert import convert as convert_model
from smidgen.convert import read
from smidgen.convert.pack import TARGETS, pack
from smidgen.convert.stream import smallest_hop, window_of
from smidgen.errors import SmidgenError, UsageError
from smidgen.files import write_whole
from smidgen.microwakeword import is_manifest, read_manifest, sections_of_manifest
from smidgen.train.keras_file import SUFFIXES, tflite_of
from smidgen.verdict import INPUTS, Verdict, compare, compare_stream, has_tflm

Source = Annotated[
    Path, typer.Argument(help="An int8 .tflite model, or a Keras one.", metavar="MODEL", show_default=False)
]
Output = Annotated[
    Path | None, typer.Option("-o", "--output", help="The .smg file to write.", show_default="MODEL.smg")
]
Card = Annotated[
    Path | None,
    typer.Option("--card", help="The card.json of its training: adds labels and front end.", show_default=False),
]
Examples = Annotated[
    Path | None,
    typer.Option("--examples", help="For a Keras model: inputs as .npy, a few hundred.", show_default=False),
]
Mww = Annotated[
    Path | None,
    typer.Option("--mww", help="The JSON of a microWakeWord model.", show_default="MODEL.json, where it is one"),
]
Stream = Annotated[
    bool, typer.Option("--stream", help="Keep state between steps: only what is new in time is computed.")
]
Hop = Annotated[
    int | None,
    typer.Option(
        min=1, help="Frames a step takes; default is the card's, else the fewest possible.", show_default=False
    ),
]
CHIPS = [name.lower() for name in TARGETS]

Inputs = Annotated[int, typer.Option("--inputs", min=1, help="How many inputs to compare on.")]
Chip = Annotated[
    str | None, typer.Option("--for", help=f"Pack for a chip: {', '.join(CHIPS)}.", show_default="every chip")
]


def convert(
    model: Source,
    output: Output = None,
    examples: Examples = None,
    card: Card = None,
    mww: Mww = None,
    stream: Stream = False,
    hop: Hop = None,
    chip: Chip = None,
    keep_size: KeepSize = False,
    inputs: Inputs = INPUTS,
    as_json: Json = False,
) -> None:
    """Convert a .tflite model to a .smg file and prove it right.

    The new model is run on random inputs, and on inputs sought between them where the model is in doubt, and every byte
    of its answers is compared with TensorFlow Lite Micro. Nothing is written when the model cannot run on a board; all
    the reasons are listed.

    With --stream the model takes a few frames a step and remembers what it needs of those before. Once it has heard a
    whole window its answers are those of the model on a window that slides along, byte for byte.

    A microWakeWord model (version 2) runs as it is: front end, cutoff and window come from its JSON.

    A Keras model (.keras, .h5) is quantised first; for that it has to see examples of its inputs.

    Packed for a chip (armv6m: Raspberry Pi Pico) the model is the same, only faster there, and
    no other chip takes it.
    """
    if chip is not None and chip.upper() not in TARGETS:
        raise UsageError(f"--for {chip}: unknown chip; it can be {' or '.join(CHIPS)}")
    content = _tflite(model, examples)
    target = output or model.with_suffix(".smg")
    facts = read_card(card) if card else None
    step = _step(content, model, facts, stream, hop)
    blob = convert_model(content, str(model), _sections(content, model, facts, mww), step)
    made = blob.to_bytes()
    if step is None:
        verdict = compare(content, made, str(model), count=inputs)
    else:
        verdict = compare_stream(content, made, str(model), step, count=inputs)
    if not verdict.equal:
        raise SmidgenError(
            f"{model}: not equal to {verdict.reference} once converted ({verdict.difference}). This is a defect of "
            f"Smidgen: please report it with the model; {target} was not written"
        )
    if chip is not None:
        blob = pack(blob, chip.upper(), keep_size)
        made = blob.to_bytes()
    write_whole(target, made)
    window = None if step is None else window_of(read(content, str(model)))
    figures = _figures(blob, len(content), len(made), verdict, window)
    if as_json:
        print_json(figures)
    else:
        _show(target, figures)


def _tflite(model: Path, examples: Path | None) -> bytes:
    """The file's bytes, or what TensorFlow makes of a Keras model."""
    if model.suffix not in SUFFIXES:
        if examples is not None:
            raise UsageError(f"--examples: {model} is quantised already; they are for a Keras model")
        return model.read_bytes()
    if examples is None:
        raise UsageError(f"{model}: a Keras model needs --examples, a .npy of inputs, to be quantised")
    return tflite_of(model, examples)


def _sections(content: bytes, model: Path, card: dict[str, Any] | None, mww: Path | None) -> dict[str, bytes]:
    """From the card, or from the manifest of a microWakeWord model, named or beside it."""
    if card is not None:
        if mww is not None:
            raise UsageError(
                "--card is for a model of 'smidgen train', --mww for one of microWakeWord; give one of them"
            )
        return sections_of(card)
    beside = model.with_suffix(".json")
    manifest = mww or (beside if is_manifest(beside) else None)
    if manifest is None:
        return {}
    return sections_of_manifest(read_manifest(manifest), read(content, str(model)))


def _step(content: bytes, model: Path, card: dict[str, Any] | None, stream: bool, hop: int | None) -> int | None:
    """Frames of a step, None for a model of whole windows."""
    if not stream:
        if hop is not None:
            raise UsageError("--hop is for --stream; give both")
        return None
    chosen = card["detection"]["hops"] if card else hop or smallest_hop(read(content, str(model)))
    if hop not in (None, chosen):
        raise UsageError(f"--hop {hop}: the card's thresholds are for a score every {chosen} frames; leave --hop out")
    return chosen


def _figures(blob: Blob, before: int, after: int, verdict: Verdict, window: int | None) -> dict:
    stream = {} if window is None else {"hop_frames": blob.tensors[0].dims[1], "window_frames": window}
    return stream | {
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
    each = "inference" if "hop_frames" not in figures else "step"
    say(f"work:      {figures['macs']:,} multiply-accumulates {'an' if each == 'inference' else 'a'} {each}")
    if each == "step":
        say(f"steps:     of {figures['hop_frames']} frames; answers count after {figures['window_frames']}")
    say(f"equal to:  {figures['reference']}, every byte, on {figures['inputs']} inputs")
    say(f"           ({figures['undecided']} of them with outputs off the ends of their range)")
    if not has_tflm():
        say("TensorFlow Lite Micro itself is not installed here: pip install 'smidgen[verify]' compares with it.")
