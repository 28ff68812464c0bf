"""`smidgen bench`: cycles on an emulated RP2040, operator by operator."""

from __future__ import annotations

from typing import Annotated

import typer

from smidgen.bench import Report, measure
from smidgen.cli.console import bar, console, print_json, say, table
from smidgen.cli.models import smg_bytes
from smidgen.cli.options import Json, KeepSize, Model

CLOCK_HZ = 125_000_000  # of a Raspberry Pi Pico as MicroPython starts it


Plain = Annotated[bool, typer.Option("--plain", help="By the kernels that run on every chip, not by the fastest.")]


def bench(model: Model, plain: Plain = False, keep_size: KeepSize = False, as_json: Json = False) -> None:
    """Count a model's clock cycles on an emulated Raspberry Pi Pico.

    The model is packed for that chip first, as 'smidgen convert --for armv6m' does. The same model gives the same count
    every time. One core, everything in RAM: waiting for flash is not counted.
    """
    report = measure(smg_bytes(model), str(model), plain, keep_size)
    if as_json:
        print_json(report.to_json())
        return
    per_mac = f", {report.cycles / report.macs:.1f} cycles a MAC" if report.macs else ""
    say(f"{model}: {report.cycles:,} cycles an inference{per_mac}; {report.cycles / CLOCK_HZ * 1e3:,.1f} ms at 125 MHz")
    say(f"code {report.code_bytes:,} bytes, arena {report.arena_bytes:,}, stack {report.stack_bytes:,}")
    say()
    console.print(_rows(report))


def _rows(report: Report):
    rows = table("#", "operator", "cycles", "share", "", right=("#", "cycles", "share"))
    for i, operator in enumerate(report.operators):
        share = operator.cycles / max(report.cycles, 1)
        rows.add_row(str(i), operator.name, f"{operator.cycles:,}", f"{share:.0%}", bar(share, 24))
    return rows
