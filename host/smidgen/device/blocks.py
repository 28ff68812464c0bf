"""A model in blocks of a board's own filesystem, one behind the other, read in place: with stock firmware on RP2040 and
RP2350, whose flash the processor reads as memory.

littlefs keeps a file of one block in that block, whole and never moved. So the model's blocks are owned by files, a
file each, and the filesystem stays an ordinary one: it cannot use them, and frees them when the files go. (It cannot be
shrunk instead: the firmware's frozen _boot.py mounts all of the flash, littlefs refuses a filesystem of another size,
and what cannot be mounted is formatted.)

Claimed first, then written: files with a mark of this moment, until as many blocks as needed follow each other; the
others are given back; then the model replaces what the claiming files hold. Last comes the file that programs open,
with the first block and the size (firmware/lib/smidgen/blocks.py). Nothing that another file owns is ever written.
"""

from __future__ import annotations

import base64
import contextlib
import secrets
import struct
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from smidgen.device.board import Board
from smidgen.device.install import FOLDER, Part, sha256
from smidgen.errors import DeployError, DeviceError, PortError

_AGENT = "blocks.py"
_BLOCK = 4096
_MARK = b"SMGB"  # of the file that programs open
_SPARE = 8  # blocks that stay free, for littlefs to take files away again


class BlocksPart:
    """A part of one file on its way into such blocks. Raises DeployError for a board that cannot read them in place."""

    def __init__(self, board: Board, part: Part):
        board.call("agent_root")  # files.py first
        if not board.call("blocks_there", agent=_AGENT):
            raise DeployError(
                f"{board.port}: its flash cannot be read in place (that takes an RP2040 or RP2350 with MicroPython "
                "1.25 or newer, or firmware with ROMFS); deploy without --in-flash"
            )
        ((self._name, self.image),) = part.files.items()
        # Named apart from an ordinary copy of the same model.
        self.part = Part(part.name, {self._name: _MARK + self.image})
        self._board, self._folder = board, f"{board.root}{FOLDER}/{self.part.folder}"
        self._count = -(-len(self.image) // _BLOCK)

    @property
    def path(self) -> str:
        """The file that programs open."""
        return f"{self._folder}/{self._name}"

    @property
    def files(self) -> int:
        """Files of one block that it needs on the board."""
        return self._count

    def place(self, current: Sequence[str]) -> str:
        """The pointer's line: its folder, as for any part."""
        return self.part.folder

    def is_there(self) -> bool:
        found = self._board.read(self.path)
        if found is None or found[: len(_MARK)] != _MARK or len(self._claims()) != self._count:
            return False
        first, size = struct.unpack_from("<II", found, len(_MARK))
        return bool(self._ask("blocks_hash", first, size) == sha256(self.image))

    def bring(self, progress: Callable[[str, int, int], None] | None) -> None:
        """Claim blocks, write the model into them, say where it is."""
        self._board.remove(self._folder)
        self._board.call("agent_folder", self._folder)
        try:
            first = self._claim()
        except PortError:
            raise
        except DeviceError:
            with contextlib.suppress(DeviceError):
                self._board.remove(self._folder)
            raise
        size = len(self.image)
        for number in range(self._count):
            at = number * _BLOCK
            piece = self.image[at : at + _BLOCK].ljust(_BLOCK, b"\xff")
            self._ask("blocks_write", first + number, base64.b64encode(piece))
            if progress:
                progress(self.path, min(at + _BLOCK, size), size)
        if self._ask("blocks_hash", first, size) != sha256(self.image):
            raise DeployError(f"{self.path}: arrived damaged; check the cable and try again")
        self._board.put(self.path, _MARK + struct.pack("<II", first, size))

    def _claim(self) -> int:
        """The first of as many blocks as needed, all owned by files of ours."""
        mark, claimed = secrets.token_bytes(16), 0
        more = self._count
        while True:
            free, _ = self._board.room()
            more = min(more, free // _BLOCK - _SPARE)
            if more <= 0:
                raise DeployError(
                    f"{self._board.port}: the model needs {self._count} free blocks of flash one behind the other, and "
                    "the filesystem has no such place; remove files from it, or deploy without --in-flash"
                )
            self._ask("blocks_claim", self._folder, mark, claimed, more)
            claimed += more
            owners: dict[int, int] = dict(self._ask("blocks_found", mark))
            if sorted(owners.values()) != list(range(claimed)):
                raise DeployError(f"{self._board.port}: its filesystem does not keep files in whole blocks of flash")
            run = _run(sorted(owners), self._count)
            if run:
                self._ask("blocks_give_back", self._folder, [owners[block] for block in owners if block not in run])
                return run[0]
            more = max(1, self._count // 4)

    def _claims(self) -> list[str]:
        return [name for name in self._board.listdir(self._folder) if name != self._name]

    def _ask(self, function: str, *arguments: object) -> Any:
        return self._board.call(function, *arguments, agent=_AGENT)


def _run(blocks: Sequence[int], count: int) -> range:
    """The first `count` blocks that follow each other among these, sorted; empty when there are none."""
    start = blocks[0]
    for block, following in pairwise([*blocks, -1]):
        if block - start + 1 == count:
            return range(start, block + 1)
        if following != block + 1:
            start = following
    return range(0)
