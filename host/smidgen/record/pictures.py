"""Labelled pictures from a board's own camera: one every so often, each a file of its own."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path

import numpy as np

from smidgen import resources
from smidgen.device import Board, identify, install, package_for
from smidgen.errors import DeviceError
from smidgen.features.image import from_rgb565
from smidgen.record.session import KEPT, Files

SUFFIX = ".png"
_PROGRAM = "firmware/agent/record_camera.py"
_BYTES = {"GS8": 1, "RGB565": 2, "RGB565BE": 2, "RGB888": 3}


def record_pictures(
    board: Board,
    files: Files,
    count: int,
    every: int,
    tell: Callable[[float, bool], None],
    saved: Callable[[Path], None],
) -> int:
    """Keep every so manieth picture until there are `count` more, or the camera's pictures end. Returns how many.

    tell: called with each picture's brightness, 0 to 1, and whether it is kept. saved: with each file. Raises
    DeviceError (the camera fails), PortError (the board vanishes); what was saved stays. Ctrl-C stops it too.
    """
    install(board, [package_for(identify(board))], keep=KEPT)
    reader, seen, done = PictureReader(), 0, 0

    def heard(line: str) -> None:
        nonlocal seen, done
        picture = reader.feed(line)
        if picture is None:
            return
        keeps = seen % every == 0
        tell(float(picture.mean()) / 255, keeps)
        seen += 1
        if keeps:
            saved(files.save(picture))
            done += 1
        if done >= count:
            raise KeyboardInterrupt  # what stops a program on a board

    try:
        board.run(resources.find(_PROGRAM).read_text(encoding="utf-8"), heard)
    except KeyboardInterrupt:
        if done < count:
            raise
    return done


class PictureReader:
    """Lines of record_camera.py in, pictures out."""

    def __init__(self) -> None:
        self._rows: list[bytes] = []
        self._size = (0, 0)
        self._format = ""

    def feed(self, line: str) -> np.ndarray | None:
        """The picture that a line completes, uint8 [h, w] or [h, w, 3]. Raises DeviceError for another line."""
        try:
            if not self._format:
                width, height, self._format = line.split()
                self._size = (int(width), int(height))
                self._rows = []
                return None
            self._rows.append(base64.b64decode(line, validate=True))
            return self._picture() if len(self._rows) == self._size[1] else None
        except (ValueError, KeyError) as error:
            raise DeviceError(
                f"the board says {line[:60]!r} in the middle of a picture; reset it and try again"
            ) from error

    def _picture(self) -> np.ndarray:
        (width, height), kind, frame = self._size, self._format, b"".join(self._rows)
        self._format = ""
        if len(frame) != width * height * _BYTES[kind]:
            raise ValueError("rows of another length")
        if kind.startswith("RGB565"):
            return from_rgb565(frame, width, height, ">" if kind == "RGB565BE" else "<")
        shape = (height, width) if kind == "GS8" else (height, width, 3)
        return np.frombuffer(frame, np.uint8).reshape(shape)
