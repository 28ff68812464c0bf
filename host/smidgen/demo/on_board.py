"""A board listens: deploy the package, the model and a program, run it, and read what it prints."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np

from smidgen import resources
from smidgen.demo.settings import Settings
from smidgen.errors import DeviceError
from smidgen.pipeline import Detection
from smidgen.sim import SimBoard

PROGRAM = "firmware/demos/keyword_spotting/main.py"
_DETECTION = re.compile(r"\s*([\d.]+) s  (.+)  (\d+) %")  # as PROGRAM prints it


def play_to_board(
    settings: Settings, smg: bytes, samples: np.ndarray, tell: Callable[[str], None]
) -> tuple[list[str], list[Detection]]:
    """Start a simulated board, deploy to it and play int16 [n] to its microphone.

    Returns the lines that its program printed, and the detections among them. Raises DeviceError, MissingExtra.
    """
    from mpremote.transport_serial import SerialTransport

    with SimBoard(board=settings.board, realtime=settings.realtime) as sim:
        tell(f"   at {sim.url}")
        t = SerialTransport(sim.url)
        t.enter_raw_repl()
        for path in sorted(resources.find("firmware/lib/smidgen").glob("*.py")):
            if not t.fs_exists("/lib"):
                t.fs_mkdir("/lib")
            if not t.fs_exists("/lib/smidgen"):
                t.fs_mkdir("/lib/smidgen")
            t.fs_writefile("/lib/smidgen/" + path.name, path.read_bytes(), 4096)
        t.fs_writefile("/model.smg", smg, 4096)
        sim.play(samples)
        lines = []

        def take(b):
            for c in b.decode():
                if c == "\n":
                    tell("   " + "".join(cur).rstrip())
                    lines.append("".join(cur).rstrip())
                    cur.clear()
                elif c != "\x04":
                    cur.append(c)

        cur = []
        t.exec_raw_no_follow(resources.find(PROGRAM).read_bytes())
        out, err = t.follow(60, take)
        if err:
            raise DeviceError(err.decode())
        t.close()
    return lines, [d for d in map(parse, lines) if d]


def parse(line: str) -> Detection | None:
    found = _DETECTION.fullmatch(line)
    return Detection(found[2], int(found[3]), round(float(found[1]) * 1000)) if found else None
