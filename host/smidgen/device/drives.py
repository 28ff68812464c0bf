"""Boards that show themselves as a USB drive: a boot loader that waits for firmware, or CircuitPython's files."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import string
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from smidgen import boards
from smidgen.errors import DeviceError, PortError

_BLOCK = 4096


@dataclass(frozen=True)
class BootDrive:
    """A UF2 boot loader's drive. board_id: its INFO_UF2.TXT's Board-ID, such as "RPI-RP2"."""

    path: Path
    board_id: str


def mounts() -> list[Path]:
    """Where this machine has drives."""
    if sys.platform == "win32":
        return [Path(f"{letter}:/") for letter in string.ascii_uppercase if Path(f"{letter}:/").exists()]
    if sys.platform == "darwin":
        return sorted(Path("/Volumes").glob("*"))
    table = Path("/proc/mounts")
    lines = table.read_text(encoding="utf-8").splitlines() if table.exists() else []
    places = [line.split()[1].replace("\\040", " ") for line in lines]
    return [Path(place) for place in places if place.startswith(("/media/", "/run/media/", "/mnt/"))]


def boot_drives() -> list[BootDrive]:
    """The boot loaders that wait for firmware."""
    return [found for place in mounts() if (found := boot_drive(place))]


def boot_drive(path: Path) -> BootDrive | None:
    """The boot loader whose drive is mounted at `path`; None when it is another kind of drive."""
    try:
        text = (path / "INFO_UF2.TXT").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    found = re.search(r"^Board-ID: *(\S+)", text, re.MULTILINE)
    return BootDrive(path, found[1]) if found else None


def circuitpython_drives() -> list[Path]:
    """The drives of boards that run CircuitPython."""
    return [place for place in mounts() if circuitpython_version(place)]


def circuitpython_version(path: Path) -> tuple[int, ...] | None:
    """What boot_out.txt says: (9, 2, 1); None when this is no such drive."""
    try:
        text = (path / "boot_out.txt").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    found = re.match(r"Adafruit CircuitPython (\d+)\.(\d+)\.(\d+)", text)
    return tuple(map(int, found.groups())) if found else None


def circuitpython_board(path: Path) -> boards.Board | None:
    """The board that boot_out.txt names; None when we know none of that name."""
    text = (path / "boot_out.txt").read_text(encoding="utf-8", errors="replace")
    found = re.search(r"^Board ID: *(\S+)", text, re.MULTILINE)
    return boards.identify("", circuitpython=found[1]) if found else None


def check_circuitpython(version: tuple[int, ...], where: str) -> None:
    """Raise DeviceError for a CircuitPython that is too old."""
    if version < (9, 0, 0):
        raise DeviceError(
            f"{where}: the board runs CircuitPython {'.'.join(map(str, version))}; Smidgen needs 9.0 or newer"
        )


class Drive:
    """A CircuitPython board's files as a target of `install`: the computer writes them, the board may only read.

    board: what we know of this kind, None when we know nothing."""

    root = ""
    main = "/code.py"  # CircuitPython takes it before main.py

    def __init__(self, path: Path):
        """Raises PortError when there is no such drive, DeviceError for CircuitPython before 9."""
        self.port = str(path)
        self._path = path
        version = circuitpython_version(path)
        if version is None:
            raise PortError(f"{path}: not a CircuitPython board's drive (no boot_out.txt); plug the board in")
        check_circuitpython(version, str(path))
        self.board = circuitpython_board(path)

    def holds(self, files: Mapping[str, bytes]) -> set[str]:
        return {path for path, content in files.items() if self.read(path) == content}

    def read(self, path: str) -> bytes | None:
        try:
            return self._on_host(path).read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None
        except OSError as error:
            raise self._gone(error) from error

    def listdir(self, path: str) -> list[str]:
        try:
            return sorted(entry.name + "/" * entry.is_dir() for entry in self._on_host(path).iterdir())
        except OSError as error:
            raise DeviceError(f"{path}: {error.strerror}") from error

    def room(self) -> tuple[int, int]:
        return shutil.disk_usage(self._path).free, _BLOCK

    def put(self, path: str, content: bytes, progress: Callable[[int], None] | None = None) -> None:
        target = self._on_host(path)
        fresh = target.with_name(target.name + ".new")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with fresh.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(target)
        except OSError as error:
            with contextlib.suppress(OSError):
                fresh.unlink()
            raise self._gone(error) from error
        if progress:
            progress(len(content))

    def copy(self, source: str, target: str) -> None:
        self.put(target, self.read(source) or b"")

    def remove(self, path: str) -> None:
        place = self._on_host(path)
        try:
            if place.is_dir():
                shutil.rmtree(place)
            else:
                place.unlink(missing_ok=True)
        except OSError as error:
            raise self._gone(error) from error

    def _on_host(self, path: str) -> Path:
        return self._path / path.lstrip("/")

    def _gone(self, error: OSError) -> DeviceError:
        if not self._path.exists():
            return PortError(f"{self.port}: the drive has gone; plug the board in again")
        return DeviceError(f"{self.port}: {error.strerror}")
