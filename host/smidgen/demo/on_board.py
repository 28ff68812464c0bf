"""A board listens: bring the package and a model onto it, run a program there, read what it prints."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np

from smidgen import resources
from smidgen.assemble import assemble
from smidgen.blob import Blob
from smidgen.demo.model import pretrained
from smidgen.demo.settings import Settings
from smidgen.device import Board, Part, connect, identify, install, model_part, package_for, program_part
from smidgen.errors import DoesNotFit, UsageError
from smidgen.memory import memory_need
from smidgen.pipeline import Detection
from smidgen.sim import SimBoard

PROGRAM = "firmware/demos/keyword_spotting/main.py"
_PROGRAMS = {
    "ANOMALY": "firmware/demos/anomaly/main.py",
    "IMU": "firmware/demos/gesture/main.py",
    "IMAGE": "firmware/demos/vision/main.py",
    "AUDIO": PROGRAM,
}
RECORDED_PROGRAM = "firmware/demos/keyword_spotting/recorded.py"
_KEPT = ("model", "native", "program", "wiring")
_DETECTION = re.compile(r"\s*([\d.]+) s  (.+)  (\d+) %")  # as both programs print it


def program(name: str) -> str:
    """The text of one of the demos' programs."""
    return resources.find(name).read_text(encoding="utf-8")


def program_for(blob: Blob) -> str | None:
    """The demo that uses such a model; None when none does."""
    return next((name for section, name in _PROGRAMS.items() if section in blob.sections), None)


def demos() -> list[str]:
    """Names of the demos."""
    return sorted(path.parent.name for path in resources.find("firmware/demos").glob("*/main.py"))


def demo_files(name: str) -> tuple[bytes, bytes | None]:
    """A demo's program, and its ready model; None where it comes without. Raises UsageError for no such demo."""
    if name not in demos():
        raise UsageError(f"--demo {name}: no such demo; there are {', '.join(demos())}")
    folder = resources.find(f"firmware/demos/{name}")
    return (folder / "main.py").read_bytes(), _ready_model(folder)


def _ready_model(folder: Path) -> bytes | None:
    if (folder / "model.smg").exists():
        return (folder / "model.smg").read_bytes()
    if folder.name == "keyword_spotting":  # the package carries it as a .tflite, for `smidgen demo` to convert
        return assemble(pretrained()).to_bytes()
    return None


def check_memory(board: Board, smg: bytes, source: str, architecture: str = "", in_flash: bool = False) -> None:
    """Raise DoesNotFit when a model, packed for `architecture`, needs more than the board's heap has free.

    in_flash: its file stays in flash."""
    board.exec("import gc; gc.collect()")
    free, need = board.eval("gc.mem_free()"), memory_need(smg, source, in_flash, architecture=architecture)
    if need.total > free:
        there = need.total - need.parts["model file"] <= free
        remedy = "keep it in flash (--in-flash, if the board can) or " if there and not in_flash else ""
        raise DoesNotFit(
            f"{source} needs {need.total:,} bytes of RAM; the board at {board.port} has {free:,} free; "
            f"{remedy}train a smaller model"
        )


def _package(board: Board) -> Part:
    return package_for(identify(board))


def play_to_board(
    settings: Settings, smg: bytes, samples: np.ndarray, tell: Callable[[str], None]
) -> tuple[list[str], list[Detection]]:
    """Start a simulated board, deploy to it and play int16 [n] to its microphone.

    Returns the lines that its program printed, and the detections among them. Raises DeviceError, MissingExtra.
    """
    said: list[str] = []

    def heard(line: str) -> None:
        said.append(line)
        tell(f"   {line}")

    with SimBoard(board=settings.board, realtime=settings.realtime) as sim, connect(sim.url) as board:
        main = program(PROGRAM)
        check_memory(board, smg, "model.smg")
        done = install(board, [_package(board), model_part(smg), program_part(main.encode())], starts=True)
        tell(f"   deployed {len(done.copied)} files, {done.bytes_sent:,} bytes, to {sim.url}")
        sim.play(samples)
        board.run(main, heard)
    return said, detections_in(said)


def listen_on_board(port: str, smg: bytes, samples: np.ndarray) -> list[Detection]:
    """Copy a model and int16 [n] samples to a board and let it listen to them. Its own files stay as they are.

    Raises DoesNotFit, PortError, DeployError (no room for the recording) or DeviceError.
    """
    said: list[str] = []
    with connect(port) as board:
        check_memory(board, smg, "the model")
        recording = Part("recording", {"recorded.smg": smg, "recorded.raw": samples.astype("<i2").tobytes()})
        try:
            install(board, [_package(board), recording], keep=_KEPT)
            board.run(program(RECORDED_PROGRAM), said.append)
        finally:
            install(board, [_package(board)], keep=_KEPT)
    return detections_in(said)


def detections_in(lines: list[str]) -> list[Detection]:
    """The detections among the lines that a program printed."""
    found = [_DETECTION.fullmatch(line) for line in lines]
    return [Detection(m[2], int(m[3]), round(float(m[1]) * 1000)) for m in found if m]
