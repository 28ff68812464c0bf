"""Copy files to a board: only what changed, each file whole or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from smidgen.device.board import Board
from smidgen.device.install import beside
from smidgen.errors import DeployError, DeviceError, PortError


@dataclass(frozen=True)
class Deployment:
    """What a deployment did: paths that were copied, paths that were already right, bytes sent."""

    copied: tuple[str, ...]
    unchanged: tuple[str, ...]
    bytes_sent: int


def deploy(
    board: Board, files: Mapping[str, bytes], progress: Callable[[str, int, int], None] | None = None
) -> Deployment:
    """Bring files onto a board, in the given order. files: absolute path on the board -> content.

    progress(path, sent, size) is called as bytes go out. Each file is written beside its place and renamed, so a
    deployment that is cut at any point leaves of every file the old one or the new one (on a FAT filesystem, which
    cannot replace a file at once, there is a moment between the two; the new one then lies beside, as NAME.new).
    Raises DeployError: no room (nothing is touched then), or the copy failed or came out different.
    """
    for path in files:
        if not path.startswith("/"):
            raise DeployError(f"{path}: a path on the board has to begin with /")
    sizes = dict(zip(files, board.call("agent_sizes", list(files)), strict=True))
    changed = [path for path, content in files.items() if sizes[path] != len(content) or _differs(board, path, content)]
    _check_room(board, {path: files[path] for path in changed}, sizes)
    for path in changed:
        _copy(board, path, files[path], progress)
    return Deployment(
        copied=tuple(changed),
        unchanged=tuple(path for path in files if path not in changed),
        bytes_sent=sum(len(files[path]) for path in changed),
    )


def _differs(board: Board, path: str, content: bytes) -> bool:
    return board.hash(path) != hashlib.sha256(content).hexdigest()


def _copy(board: Board, path: str, content: bytes, progress: Callable[[str, int, int], None] | None) -> None:
    try:
        board.put(path, content, (lambda sent: progress(path, sent, len(content))) if progress else None)
    except PortError as error:
        raise DeployError(f"{path}: the copy was cut ({error}); deploy again") from error
    except DeviceError as error:
        raise DeployError(f"{path}: could not be copied; what was there is intact ({error})") from error


def _check_room(board: Board, files: Mapping[str, bytes], sizes: Mapping[str, int | None]) -> None:
    """A new file needs room before the old one's becomes free. What an earlier, cut deployment left goes first."""
    left_over = [beside(path) for path in files]
    for path, size in zip(left_over, board.call("agent_sizes", left_over), strict=True):
        if size is not None:
            board.call("agent_remove", path)
    free, block = board.call("agent_room")

    def blocks(size: int) -> int:
        return -(-size // block)

    grown = peak = 0
    for path, content in files.items():
        new = blocks(len(content))
        old = sizes[path] or 0
        peak = max(peak, grown + new)
        grown += new - blocks(max(0, old))
    if peak * block > free:
        raise DeployError(
            f"{board.port}: {peak * block:,} bytes are needed on the board and {free:,} are free; "
            "remove files from it or choose a smaller model"
        )
