"""`smidgen check`: will it run on the board, and how fast?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from smidgen import boards
from smidgen.boards import Board
from smidgen.cli.console import bar, console, print_json, say, table
from smidgen.cli.models import smg_bytes
from smidgen.cli.options import BoardName, Json, Model
from smidgen.errors import DoesNotFit, UsageError
from smidgen.fit import CYCLES_AN_INSTRUCTION, Fit, count, counts, fit

InFlash = Annotated[
    bool, typer.Option("--in-flash", help="The file stays in flash, not in RAM: deploy --in-flash, or frozen.")
]
Everywhere = Annotated[bool, typer.Option("--all", help="Ask of every board that Smidgen knows.")]
EngineName = Annotated[str, typer.Option("--engine", help="c, or python: the engine without machine code.")]


def check(
    model: Model,
    board: BoardName = "pico",
    everywhere: Everywhere = False,
    in_flash: InFlash = False,
    engine: EngineName = "c",
    as_json: Json = False,
) -> None:
    """Tell whether a model fits a board, and how fast it is there.

    A board reads the model's file into its memory and needs the arena, where tensors live, beside it. The sum is
    compared with what stock MicroPython has free in one piece. Milliseconds are from counted cycles on RP2040 boards
    (waiting for flash can double them), from counted instructions on a few others (one to three cycles each: the range
    is as wide), elsewhere from what other engines have published. --all counts for the RP2040 only. Nothing is sent to
    a board.
    """
    if engine not in ("c", "python"):
        raise UsageError(f"--engine {engine}: choose c or python")
    where = boards.load_all() if everywhere else [boards.load(board)]
    content = smg_bytes(model)
    answers = [_answer(content, str(model), place, in_flash, engine, everywhere) for place in where]
    if everywhere:
        _show_all(model, answers, as_json)
        return
    if as_json:
        print_json(answers[0].to_dict())
    if not answers[0].fits:
        raise DoesNotFit(_refusal(model, answers[0]))
    if not as_json:
        _show(model, answers[0])


def _answer(content: bytes, source: str, board: Board, in_flash: bool, engine: str, quick: bool) -> Fit:
    """The verdict, with what can be counted when it fits. quick: only where others have counted before."""
    answer = fit(content, source, board, in_flash=in_flash, engine=engine)
    if not answer.fits or engine != "c" or not counts(board) or (quick and board.chip != "RP2040"):
        return answer
    with console.status("counting"):
        counted = count(content, source, board)
    return fit(content, source, board, in_flash=in_flash, engine=engine, counted=counted)


def _show(model: Path, answer: Fit) -> None:
    where, need = answer.board, answer.need
    say(f"{model} fits a {where.title}: {need.total:,} of {where.heap_bytes:,} bytes of free memory")
    say(f"flash: {answer.flash_bytes:,} of {where.filesystem_bytes:,} bytes for files")
    say(f"time: {_time(answer)}")
    if answer.real_time_factor:
        low, high = answer.real_time_factor
        say(f"asked every {answer.hop_ms:.0f} ms: {low:.1f} to {high:.1f} times real time, without the front end")
    say()
    rows = table("part", "bytes", "", right=("bytes",))
    for name, size in [*need.parts.items(), ("left for your program", where.heap_bytes - need.total)]:
        rows.add_row(name, f"{size:,}", bar(size / where.heap_bytes))
    console.print(rows)


def _time(answer: Fit) -> str:
    if answer.milliseconds is None:
        needs = "; pip install 'smidgen[sim,build]' counts cycles" if answer.board.chip == "RP2040" else ""
        return "not known, the Python engine is slow" if answer.engine == "python" else f"not known{needs}"
    low, high = answer.milliseconds
    if answer.basis == "counted":
        return f"{low:,.1f} ms ({answer.cycles:,} cycles counted), up to {high:,.1f} if it waits for flash"
    if answer.basis == "instructions":
        from_, to = CYCLES_AN_INSTRUCTION
        return (
            f"{low:,.1f} to {high:,.1f} ms: {answer.instructions:,} instructions counted, {from_} to {to} cycles each"
        )
    return f"{low:,.0f} to {high:,.0f} ms, not counted: what published engines need on such cores"


def _refusal(model: Path, answer: Fit) -> str:
    where, need = answer.board, answer.need
    if answer.unsupported:
        text = f"{model} uses {', '.join(answer.unsupported)}, which the Python engine does not have"
    elif answer.fits_ram:
        text = f"{model} has {answer.flash_bytes:,} bytes; a {where.title} has {where.filesystem_bytes:,} for files"
    else:
        text = (
            f"{model} needs {need.total:,} bytes of RAM at once; a {where.title} with stock MicroPython has "
            f"{where.heap_bytes:,} free in one piece"
        )
    return f"{text}. What would do: {'; or '.join(answer.remedies)}"


def _show_all(model: Path, answers: list[Fit], as_json: bool) -> None:
    if as_json:
        print_json({"boards": [answer.to_dict() for answer in answers]})
        return
    say(f"{model}: {answers[0].need.total:,} bytes of RAM, {answers[0].flash_bytes:,} of flash")
    say()
    rows = table("board", "fits", "of the heap", "ms", "", right=("of the heap", "ms"))
    for answer in answers:
        share = answer.need.total / answer.board.heap_bytes
        low, high = answer.milliseconds or (0, 0)
        time = f"{low:,.0f} to {high:,.0f}" if answer.milliseconds else "?"
        rows.add_row(answer.board.name, "yes" if answer.fits else "no", f"{share:.0%}", time, answer.basis)
    console.print(rows)
    say()
    say("counted: cycles on an emulated RP2040, twice that if they wait for flash")
    say("published: what other engines need on such cores, a wide guess")
