"""`smidgen deploy`: a model, and what runs it, onto a board."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Annotated

import typer

from smidgen.blob import Blob
from smidgen.cli.console import console, print_json, say
from smidgen.cli.models import smg_bytes
from smidgen.cli.options import Json, OptionalPort
from smidgen.cli.progress import Bars
from smidgen.device import (
    BlocksPart,
    Board,
    Identity,
    Installation,
    Part,
    RomPart,
    Target,
    check_firmware,
    connect,
    has_own_program,
    identify,
    install,
    model_part,
    native_part,
    package_for,
    package_part,
    program_part,
    wiring_parts,
)
from smidgen.device.drives import Drive
from smidgen.device.web import Web
from smidgen.errors import DeployError, EngineError, UsageError
from smidgen.memory import packed
from smidgen.native import choose

WebOption = Annotated[
    str | None,
    typer.Option("--web", help="A CircuitPython board on the network: http://cpy-....local.", show_default=False),
]
Password = Annotated[
    str,
    typer.Option(
        help="For --web; better in the environment than here.", envvar="CIRCUITPY_WEB_API_PASSWORD", show_default=False
    ),
]
OptionalModel = Annotated[
    Path | None, typer.Argument(help="A .smg or a .tflite file.", metavar="[MODEL]", show_default=False)
]
DemoName = Annotated[
    str | None, typer.Option("--demo", help="Bring a demo, with its ready model if you name none.", show_default=False)
]
Program = Annotated[
    Path | None,
    typer.Option(help="Your main.py; default is the demo for such a model, if the board has none.", show_default=False),
]
DriveOption = Annotated[
    Path | None, typer.Option("--drive", help="A CircuitPython board's USB drive.", show_default=False)
]
Cores = Annotated[
    int, typer.Option(min=1, max=2, help="2: bring what programs need for Model(..., cores=2); for the RP2040.")
]
InFlash = Annotated[
    bool,
    typer.Option("--in-flash", help="Keep the model in flash, read in place: ROMFS, or any RP2040 and RP2350."),
]
Romfs = Annotated[bool, typer.Option("--romfs", help="The same in ROMFS alone; the firmware must have one.")]
Place = Callable[[Board, Part], RomPart | BlocksPart]
_KEPT = ("program",)


def deploy(
    model: OptionalModel = None,
    port: OptionalPort = None,
    drive: DriveOption = None,
    web: WebOption = None,
    password: Password = "",
    program: Program = None,
    demo: DemoName = None,
    cores: Cores = 1,
    in_flash: InFlash = False,
    romfs: Romfs = False,
    as_json: Json = False,
) -> None:
    """Copy a model to a board, with all that it needs there.

    The model, the MicroPython package and a program become the board's current set, all at once: a deployment that is
    cut leaves the last one in force, and the next one goes on from there. Only what changed is copied. Programs find
    the model as Model("model.smg"). A main.py of yours stays unless you give another one; then it is kept. A .tflite is
    converted first. --demo keyword_spotting, gesture or another brings that program, and a model for it. A
    CircuitPython board takes its files by its USB drive (--drive) or over the network (--web).
    """
    smg, source, main = _chosen(model, program, demo)
    if len([way for way in (port, drive, web) if way is not None]) > 1:
        raise UsageError("--port, --drive or --web, one of them: which way do the files go?")
    if drive is not None or web is not None:
        if romfs or in_flash:
            raise UsageError("--in-flash, --romfs: CircuitPython reads no model in place; leave it out")
        target = Web(web, password) if web else Drive(drive or Path())
        done, starts = _bring(
            target,
            Blob.from_bytes(smg, source),
            main,
            [package_part(None), *wiring_parts(target.board), model_part(smg)],
            bars=Bars(shown=not as_json),
        )
    else:
        place = RomPart if romfs else _flash_part if in_flash else None
        done, starts = _over_serial(port, smg, source, main, cores, place, Bars(shown=not as_json))
    if as_json:
        print_json({**vars(done), "kept": dict(done.kept)})
    else:
        _tell(done, starts)


def _chosen(model: Path | None, program: Path | None, demo: str | None) -> tuple[bytes, str, bytes | None]:
    """The model and its name in messages, and the program; None when nobody said which."""
    from smidgen.demo.on_board import demo_files, demos

    if model is None and demo is None:
        raise UsageError(f"which model? Name a .smg or .tflite file, or --demo {', '.join(demos())}")
    if program is not None and demo is not None:
        raise UsageError("--program or --demo, not both: which one is to be main.py?")
    main, ready = demo_files(demo) if demo else (program.read_bytes() if program else None, None)
    if model is not None:
        return smg_bytes(model), str(model), main
    if ready is None:
        raise UsageError(f"--demo {demo}: comes without a model; name yours: smidgen deploy MODEL --demo {demo}")
    return ready, f"the model of {demo}", main


def _flash_part(board: Board, part: Part) -> RomPart | BlocksPart:
    """The part on its way into flash, wherever this board can read it in place. Raises DeployError where it cannot."""
    try:
        return RomPart(board, part)
    except DeployError:
        return BlocksPart(board, part)


def _over_serial(
    port: str | None, smg: bytes, source: str, program: bytes | None, cores: int, place: Place | None, bars: Bars
) -> tuple[Installation, bool]:
    """place: makes the model a part that stays in flash."""
    from smidgen.demo.on_board import check_memory

    with console.status("asking the board"):
        board = connect(port)
    with board:
        with console.status("asking the board"):
            identity = identify(board)
        check_firmware(identity, board.port)
        blob = Blob.from_bytes(smg, source)
        engine = _native(identity, blob, cores)
        architecture = (identity.architecture or "") if engine else ""
        check_memory(board, smg, source, architecture, in_flash=place is not None)
        part = model_part(packed(smg, source, architecture))
        rom = place(board, part) if place else None
        parts = [*_basis(identity), *engine, *([] if rom else [part])]
        result = _bring(board, blob, program, parts, bars, rom)
        board.reset()
    return result


def _basis(identity: Identity) -> list[Part]:
    """What every program needs: the package, and where the sensors are."""
    return [package_for(identity), *wiring_parts(identity.board)]


def _native(identity: Identity, blob: Blob, cores: int) -> list[Part]:
    """The C engine for this board: nothing where the firmware has one, or loads no machine code."""
    if identity.architecture is None or identity.engine is not None:
        return []
    try:
        return [native_part(choose(blob, identity.architecture, cores))]
    except EngineError as error:
        typer.echo(f"{error}; without it the board computes in Python", err=True)
        return []


def _bring(
    target: Target,
    blob: Blob,
    program: bytes | None,
    given: Sequence[Part],
    bars: Bars,
    rom: RomPart | BlocksPart | None = None,
) -> tuple[Installation, bool]:
    """Install the parts; also whether the set's main.py runs at start."""
    starts, chosen = _program(target, program, blob)
    parts = [*given, *chosen]
    with bars as progress:
        shown = _shown_by(progress, [*parts, *([rom.part] if rom else [])])
        done = install(target, parts, keep=_KEPT, starts=starts, progress=shown, rom=rom)
    return done, starts


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
    progress("copying", 0, total, "asking what is there")

    def show(path: str, sent: int, size: int) -> None:
        inside = path.split("/.smidgen/", 1)[-1]
        if inside in starts:  # else the pointer or a loader: a moment
            progress("copying", starts[inside] + sent, total, inside.partition("/")[2])

    return show


def _program(board: Target, program: bytes | None, blob: Blob) -> tuple[bool, list[Part]]:
    """Whether the set's main.py runs at start, and the part that holds it: the user's choice; else the demo's for
    such a model, where the board has no program yet."""
    from smidgen.demo import on_board

    if program is not None:
        return True, [program_part(program)]
    if has_own_program(board):
        return False, []
    if board.read(board.root + board.main) is not None:
        return True, []  # ours: it starts the program of an earlier deployment, which stays
    name = on_board.program_for(blob)
    return (False, []) if name is None else (True, [program_part(on_board.program(name).encode())])
