"""One sitting at a board: its sensor's stream, cut at pauses, each piece a file of its own."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from smidgen import resources
from smidgen.datasets.picture.files import pillow
from smidgen.datasets.wav import write_wav
from smidgen.device import Board, identify, install, package_for, wiring_parts
from smidgen.errors import DeviceError, UsageError
from smidgen.files import replacing, write_whole
from smidgen.record.split import MotionActivity, Pauses, SoundActivity, Splitter

_MOTION_HZ = 25
KEPT = ("model", "native", "program", "wiring")  # of what was deployed before
_NAME = re.compile(r"[^/\\\s.-][^/\\\s-]*")


@dataclass(frozen=True)
class Sensor:
    """program: on the board, prints the stream. suffix: of its files."""

    program: str
    suffix: str
    pauses: Pauses
    activity: type[MotionActivity] | type[SoundActivity]


SENSORS = {
    "imu": Sensor("firmware/agent/record_imu.py", ".csv", Pauses(4, 12, 6, 100), MotionActivity),
    "microphone": Sensor("firmware/agent/record_microphone.py", ".wav", Pauses(10, 15, 5, 150), SoundActivity),
}


class Files:
    """FOLDER/LABEL/SESSION-NNN.csv, .wav or .png; goes on behind the last number that is there."""

    def __init__(self, folder: Path, label: str, session: str, suffix: str):
        """Raises UsageError for names that no file can have, or that would not tell session from number."""
        for what, name in (("label", label), ("session", session)):
            if not _NAME.fullmatch(name):
                raise UsageError(f"{what} {name!r}: use letters, digits and underscores")
        self._folder, self._session, self._suffix = folder / label, session, suffix

    def save(self, samples: np.ndarray) -> Path:
        """Write int16 [n, 3] or [n], or a picture uint8 [h, w, ...], whole or not at all. Returns the file."""
        self._folder.mkdir(parents=True, exist_ok=True)
        taken = [int(p.stem.rpartition("-")[2]) for p in self._folder.glob(f"{self._session}-*{self._suffix}")
                 if p.stem.rpartition("-")[2].isdigit()]  # fmt: skip
        path = self._folder / f"{self._session}-{max(taken, default=0) + 1:03d}{self._suffix}"
        if self._suffix == ".wav":
            with replacing(path) as beside:
                write_wav(beside, samples)
        elif self._suffix == ".png":
            with replacing(path) as beside:
                pillow().fromarray(samples).save(beside, "PNG")
        else:
            rows = [f"{1000 * i // _MOTION_HZ},{x},{y},{z}\n" for i, (x, y, z) in enumerate(samples.tolist())]
            write_whole(path, "time_ms,x_mg,y_mg,z_mg\n" + "".join(rows))
        return path


def record(
    board: Board,
    sensor: Sensor,
    files: Files,
    count: int,
    tell: Callable[[float, bool], None],
    saved: Callable[[Path], None],
) -> int:
    """Record until there are `count` files more, or the stream ends. Returns how many there are.

    tell: called with each frame's level over the threshold, and whether a recording is under way. saved: with each
    file. Raises DeviceError (the sensor fails), PortError (the board vanishes); what was saved stays. Ctrl-C stops it
    too.
    """
    identity = identify(board)
    install(board, [package_for(identity), *wiring_parts(identity.board)], keep=KEPT)
    splitter, activity, done = Splitter(sensor.pauses), sensor.activity(), 0

    def keep(recording: np.ndarray | None) -> None:
        nonlocal done
        if recording is not None:
            saved(files.save(recording))
            done += 1

    def heard(line: str) -> None:
        frame = _frame(line, sensor)
        level = activity.level(frame) / activity.threshold
        keep(splitter.feed(frame, level >= 1.0))
        tell(level, splitter.active)
        if done >= count:
            raise KeyboardInterrupt  # what stops a program on a board

    try:
        board.run(resources.find(sensor.program).read_text(encoding="utf-8"), heard)
        keep(splitter.end())
    except KeyboardInterrupt:
        if done < count:
            raise
    return done


def _frame(line: str, sensor: Sensor) -> np.ndarray:
    try:
        if sensor.suffix == ".wav":
            return np.frombuffer(base64.b64decode(line, validate=True), "<i2").astype(np.int16)
        return np.array([line.split()], np.int16).reshape(1, 3)
    except ValueError as error:
        raise DeviceError(
            f"the board says {line[:60]!r} in the middle of a recording; reset it and try again"
        ) from error
