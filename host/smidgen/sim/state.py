"""The folder in which a simulated board keeps its files, held by one board at a time."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import IO

from smidgen.errors import DeviceError, PortError

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]
    import msvcrt


class State:
    """A locked folder; the board's files lie in its `files/`. Without a folder, a temporary one that `close` removes.

    Raises PortError when another board has the folder, DeviceError when it cannot be used.
    """

    def __init__(self, folder: str | Path | None):
        self._temporary = tempfile.TemporaryDirectory(prefix="smidgen-board-") if folder is None else None
        self.path = Path(self._temporary.name if self._temporary else folder or "").resolve()
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self._lock = (self.path / "lock").open("ab")
        except OSError as error:
            raise DeviceError(f"{folder}: cannot keep files here ({error.strerror}); give another folder") from error
        try:
            _lock(self._lock)
        except OSError as error:
            self._lock.close()
            raise PortError(f"{folder}: in use by another simulated board; stop it or give another folder") from error

    def close(self) -> None:
        self._lock.close()
        if self._temporary:
            self._temporary.cleanup()


def _lock(file: IO[bytes]) -> None:
    if fcntl is not None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    else:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
