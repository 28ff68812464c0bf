"""`smidgen sim`: a simulated board on a port."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from smidgen.cli.console import console, say
from smidgen.cli.options import BoardName, RealTime

PortNumber = Annotated[int, typer.Option("--port", min=0, max=65535, help="TCP port on localhost; 0 takes a free one.")]
State = Annotated[
    Path | None,
    typer.Option(help="Folder that keeps the board's files between starts.", show_default=False),
]
Play = Annotated[
    list[Path] | None,
    typer.Option(help="A WAV for the board's microphone; repeat it for more.", show_default=False),
]
Move = Annotated[
    list[Path] | None,
    typer.Option(
        help="A CSV of motion for the board's accelerometer, at 25 Hz; repeat it for more.", show_default=False
    ),
]
Look = Annotated[
    list[Path] | None,
    typer.Option(
        help="Pictures for the board's camera, a folder, five a second; repeat it for more.", show_default=False
    ),
]
Firmware = Annotated[
    Path | None, typer.Option(help="The .uf2 that the board rp2040 runs; yours.", metavar="FILE", show_default=False)
]
BootRom = Annotated[
    Path | None, typer.Option(help="The boot ROM of the board rp2040.", metavar="FILE", show_default=False)
]
_MOTION_HZ = 25.0


def sim(
    board: BoardName = "pico",
    port: PortNumber = 0,
    state: State = None,
    play: Play = None,
    move: Move = None,
    look: Look = None,
    realtime: RealTime = False,
    firmware: Firmware = None,
    bootrom: BootRom = None,
) -> None:
    """Start a simulated board and leave it running.

    It prints the ports at which mpremote, ampy, Thonny and the other verbs find the board. It runs MicroPython, with as
    much memory as the real one; the board rp2040 runs the firmware that you give it. Ctrl-C stops it.
    """
    from smidgen.datasets.motion.files import load_file
    from smidgen.datasets.picture.camera import frame_of
    from smidgen.datasets.picture.files import files_in
    from smidgen.datasets.picture.files import load_file as load_picture
    from smidgen.datasets.wav import load_audio
    from smidgen.sim import SimBoard

    recordings = [load_audio(path) for path in play or []]
    motions = [load_file(path, _MOTION_HZ) for path in move or []]
    views = [b"".join(frame_of(load_picture(path)) for path in files_in(folder)) for folder in look or []]
    running = SimBoard(board, port, state, realtime, firmware=firmware, bootrom=bootrom)
    try:
        with console.status("starting"):
            running.start()
        say(f"a simulated {running.board.title} at {running.url}")
        if running.pty:
            say(f"and at {running.pty}")
        say(f"try: mpremote connect {running.url} exec 'print(1 + 1)'")
        say("Ctrl-C stops it")
        for samples in recordings:
            running.play(samples)
        for samples in motions:
            running.move(samples, _MOTION_HZ)
        for frames in views:
            running.look(frames)
        running.wait()
    finally:
        running.stop()
