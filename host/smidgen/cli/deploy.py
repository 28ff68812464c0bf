"""`smidgen deploy`: a model, and what runs it, onto a board."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Annotated

import typer

from smidgen.blob import Blob
from smidgen.cli.console import print_json, say
from smidgen.cli.models import smg_bytes
from smidgen.cli.options import Json, Model, OptionalPort
from smidgen.cli.progress import Bars
from smidgen.device import (
    Board,
    Identity,
    Installation,
    Part,
    check_firmware,
    connect,
    has_own_program,
    identify,
    install,
    model_part,
    native_part,
    package_part,
    program_part,
)
from smidgen.errors import EngineError
from smidgen.native import choose

Program = Annotated[
    Path | None,
    typer.Option(help="Your main.py; default is the demo for such a model, if the board has none.", show_default=False),
]
_KEPT = ("program", "native")


def deploy(model: Model, port: OptionalPort = None, program: Program = None, as_json: Json = False) -> None:
    """Copy a model to a board, with all that it needs there.

    The model, the MicroPython package and a program become the board's current set, all at once: a deployment that is
    cut leaves the last one in force, and the next one goes on from there. Only what changed is copied. Programs find
    the model as Model("model.smg"). A main.py of yours stays unless you give another one; then it is kept. A .tflite is
    converted first.
    """
    from smidgen.demo.on_board import check_memory

    smg = smg_bytes(model)
    with connect(port) as board, Bars() as progress:
        identity = identify(board)
        check_firmware(identity, board.port)
        check_memory(board, smg, str(model))
        blob = Blob.from_bytes(smg, str(model))
        starts, chosen = _program(board, program, blob)
        parts = [package_part(), *_native(identity, blob), model_part(smg), *chosen]
        done = install(board, parts, keep=_KEPT, starts=starts, progress=_shown_by(progress, parts))
        board.reset()
    if as_json:
        print_json({**vars(done), "kept": dict(done.kept)})
    else:
        _tell(done, starts)


def _native(identity: Identity, blob: Blob) -> list[Part]:
    """The C engine for this board: nothing where the firmware has one, or loads no machine code."""
    if identity.architecture is None or identity.engine not in (None, "native"):
        return []
    try:
        return [native_part(choose(blob, identity.architecture))]
    except EngineError as error:
        typer.echo(f"{error}; without it the board computes in Python", err=True)
        return []


def _tell(done: Installation, starts: bool) -> None:
    same = len(done.unchanged) + len(done.reused)
    say(f"{len(done.copied)} files copied ({done.bytes_sent:,} bytes), {same} were there already")
    for old, place in done.kept.items():
        say(f"the board's own {old} is kept as {place}")
    if not starts:
        say("the board's main.py stays as it was; --program FILE replaces it")


def _shown_by(progress: Bars, parts: Sequence[Part]) -> Callable[[str, int, int], None]:
    """One bar for all files together."""
    files = {f"{part.folder}/{path}": len(content) for part in parts for path, content in part.files.items()}
    starts = dict(zip(files, accumulate(files.values(), initial=0), strict=False))
    total = sum(files.values())

    def show(path: str, sent: int, size: int) -> None:
        inside = path.split("/.smidgen/", 1)[-1]
        if inside in starts:  # else the pointer or a loader: a moment
            progress("copying", starts[inside] + sent, total, path)

    return show


def _program(board: Board, program: Path | None, blob: Blob) -> tuple[bool, list[Part]]:
    """Whether the set's main.py runs at start, and the part that holds it: the user's choice; else the demo's for
    such a model, where the board has no program yet."""
    from smidgen.demo import on_board

    if program is not None:
        return True, [program_part(program.read_bytes())]
    if has_own_program(board):
        return False, []
    if board.read(board.root + board.main) is not None:
        return True, []  # ours: it starts the program of an earlier deployment, which stays
    name = on_board.program_for(blob)
    return (False, []) if name is None else (True, [program_part(on_board.program(name).encode())])
