"""`smidgen inspect`: what a model consists of."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from smidgen.cli.console import console, print_json, say, table
from smidgen.cli.options import Json, Model
from smidgen.inspection import Inspection, TensorView, inspect_model

Map = Annotated[
    Path | None,
    typer.Option("--map", help="Also draw the arena over time into this .svg or .png file.", show_default=False),
]


MAP_WIDTH = 36
_KEPT, _READ, _WRITTEN = 1, 2, 4
_SHADES = "·░▒▒█▓▓▓"  # by the sum of the marks above: written wins, over something that is read it is a shade lighter


def inspect(model: Model, map_: Map = None, as_json: Json = False) -> None:
    """Show what a model consists of.

    Lists its operators with shapes, scales, work (MACs, multiply-accumulates) and bytes, and shows the arena (the
    scratch memory) while each operator runs.
    """
    found = inspect_model(model)
    if map_ is not None:
        from smidgen.report.memory_map import save_memory_map

        save_memory_map(found, map_)
    if as_json:
        print_json(found.to_dict())
        return
    _summary(found)
    _layers(found)
    _arena(found)
    for problem in found.problems:
        say(f"cannot be converted: {problem}")


def _summary(found: Inspection) -> None:
    say(f"{found.source}: {found.file_bytes:,} bytes, {found.macs:,} multiply-accumulates (MACs) an inference")
    if not found.problems:
        state = f", state {found.state_bytes:,} bytes" if found.state_bytes else ""
        say(f"arena {found.arena_bytes:,} bytes{state}")
    for name, tensors in (("input", found.inputs), ("output", found.outputs)):
        for tensor in tensors:
            say(f"{name:6} {tensor}{_quantisation(tensor)}")
    if found.labels:
        say(f"labels {', '.join(found.labels)}")
    if found.stream:
        say(f"stream {found.stream}")
    if found.sections:
        say("parts  " + ", ".join(f"{name} {size:,}" for name, size in found.sections.items()) + " bytes")


def _quantisation(tensor: TensorView) -> str:
    return f", scale {tensor.scale:.6g}, zero point {tensor.zero_point}" if tensor.scale else ""


def _layers(found: Inspection) -> None:
    rows = table(
        "#", "operator", "output", "scale", "zero", "MACs", "bytes", right=("#", "scale", "zero", "MACs", "bytes")
    )
    for i, layer in enumerate(found.layers):
        out = layer.outputs[0] if layer.outputs else None
        scale, zero = (f"{out.scale:.4g}", str(out.zero_point)) if out and out.scale else ("", "")
        rows.add_row(str(i), layer.name, str(out or ""), scale, zero, f"{layer.macs:,}", f"{layer.weight_bytes:,}")
    say()
    console.print(rows)


def _arena(found: Inspection) -> None:
    if not found.steps:
        return
    rows = table("#", "operator", "in use", "arena, first byte to last", right=("#", "in use"))
    for step, name in enumerate(found.steps):
        rows.add_row(str(step), name, f"{found.live(step):,}", _memory(found, step))
    say()
    console.print(rows)
    say("█ written  ▓ read and written over  ▒ read  ░ kept for later  · free")


def _memory(found: Inspection, step: int) -> str:
    """The arena while one operator runs, a character for each MAP_WIDTH-th of it."""
    cells = [0] * MAP_WIDTH
    for life in found.lives:
        if life.first <= step <= life.last:
            mark = _WRITTEN if life.first == step else _READ if life.last == step else _KEPT
            first = life.offset * MAP_WIDTH // found.arena_bytes
            after = -(-(life.offset + life.size) * MAP_WIDTH // found.arena_bytes)
            cells[first:after] = [cell | mark for cell in cells[first:after]]
    return "".join(_SHADES[cell] for cell in cells)
