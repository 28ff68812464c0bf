"""`smidgen bench`: cycles on an emulated RP2040, or instructions on other processors, operator by operator."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from smidgen.bench import Report, measure
from smidgen.bench.around import CYCLES, Predict, around_predict
from smidgen.bench.listening import Listening, measure_listening
from smidgen.bench.qemu import Count, count
from smidgen.bench.targets import Target, target_of
from smidgen.blob import Blob
from smidgen.cli.console import bar, console, print_json, say, table
from smidgen.cli.models import smg_bytes
from smidgen.cli.options import Json, KeepSize, Model
from smidgen.errors import UsageError

CLOCK_HZ = 125_000_000  # of a Raspberry Pi Pico as MicroPython starts it


Plain = Annotated[bool, typer.Option("--plain", help="By the kernels that run on every chip, not by the fastest.")]
Cores = Annotated[
    int, typer.Option(min=1, max=2, help="2: predict both cores of an RP2040, each half counted by itself.")
]
On = Annotated[str, typer.Option("--target", help="rp2040 (clock cycles); m4, m33 or rv32 (instructions, by QEMU).")]

Around = Annotated[
    bool,
    typer.Option(
        "--micropython",
        help="MicroPython's instructions around it too, on the emulated board qemu-m0.",
    ),
]


def bench(
    model: Model,
    target: On = "rp2040",
    plain: Plain = False,
    keep_size: KeepSize = False,
    cores: Cores = 1,
    micropython: Around = False,
    as_json: Json = False,
) -> None:
    """Count a model's clock cycles on an emulated Raspberry Pi Pico.

    The model is packed for that chip first, as 'smidgen convert --for armv6m' does. The same model gives the same count
    every time. One core, everything in RAM: waiting for flash is not counted. For a model of sound the front end is
    counted too. On other processors instructions are counted, which compare kernels but tell no time.
    """
    on = target_of(target)
    if on.machine:
        if cores > 1:
            raise UsageError(f"--cores {cores}: only for --target rp2040")
        _instructions(model, count(smg_bytes(model), str(model), on, plain), on, as_json)
    else:
        content = smg_bytes(model)
        report = measure(content, str(model), plain, keep_size, cores)
        blob = Blob.from_bytes(content, str(model))
        listening = measure_listening(blob, report.cycles, str(model), micropython)
        predict = around_predict(blob) if micropython and listening is None else None
        _cycles(model, report, listening, predict, as_json)


def _cycles(model: Path, report: Report, listening: Listening | None, predict: Predict | None, as_json: bool) -> None:
    if as_json:
        of_listening = listening.to_dict(CLOCK_HZ) if listening else None
        print_json(report.to_json() | {"listening": of_listening, "predict": asdict(predict) if predict else None})
        return
    milliseconds = report.cycles / CLOCK_HZ * 1e3
    each = _each(report.cycles, report.macs, "cycles")
    say(f"{model}: {report.cycles:,} cycles an inference{each}; {milliseconds:,.1f} ms at 125 MHz")
    if report.cores > 1:
        work, shared = sum(o.work for o in report.operators), sum(o.shared for o in report.operators)
        say(f"on two cores, a prediction: of {work:,} cycles of both together the longer half counts each of the")
        say(f"{shared:,} times that one core hands half of the work to the other; handing over is not counted")
    say(f"code {report.code_bytes:,} bytes, {report.operator_bytes:,} of them its operators'")
    say(f"arena {report.arena_bytes:,} bytes, stack {report.stack_bytes:,}")
    if listening:
        step_ms = listening.hops * listening.hop_ms
        say(f"in a stream, an inference every {step_ms:g} ms: {listening.load(CLOCK_HZ):.1%} of one core; a frame of")
        say(f"the front end takes {_frame(listening)}, the worst hop {listening.worst_hop(CLOCK_HZ):.1%} of")
        say(f"its {listening.hop_ms:g} ms, {_around(listening)}")
    if predict:
        say(f"a predict in MicroPython takes {predict.around:,} instructions besides, taken for {CYCLES} cycles each")
    say()
    operators = [(_shared_name(o.name, o.cycles, o.work), o.cycles) for o in report.operators]
    console.print(_rows("cycles", operators))


def _frame(listening: Listening) -> str:
    return f"{listening.frame_cycles:,} cycles" if listening.frame_cycles else "nothing but MicroPython"


def _around(listening: Listening) -> str:
    if listening.around is None:
        return "MicroPython around it not counted (--micropython does)"
    hop, inference = listening.around.hop, listening.around.inference
    return (
        f"MicroPython's {hop:,} instructions around it, {inference:,} in the worst hop, taken for {CYCLES} cycles each"
    )


def _instructions(model: Path, found: Count, target: Target, as_json: bool) -> None:
    if as_json:
        print_json(found.to_json())
        return
    each = _each(found.instructions, found.macs, "instructions")
    say(f"{model} on {target.title}: {found.instructions:,} instructions an inference{each}")
    say()
    console.print(_rows("instructions", [(operator.name, operator.instructions) for operator in found.operators]))


def _shared_name(name: str, cycles: int, work: int) -> str:
    return name if cycles == work else f"{name} ({cycles / work:.0%} of one core's)"


def _each(counted: int, macs: int, unit: str) -> str:
    return f", {counted / macs:.1f} {unit} a MAC" if macs else ""


def _rows(unit: str, operators: list[tuple[str, int]]):
    rows = table("#", "operator", unit, "share", "", right=("#", unit, "share"))
    total = max(sum(counted for _, counted in operators), 1)
    for i, (name, counted) in enumerate(operators):
        rows.add_row(str(i), name, f"{counted:,}", f"{counted / total:.0%}", bar(counted / total, 24))
    return rows
