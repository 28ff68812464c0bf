"""A model in a board's ROMFS, read in place: a part of a set like any other, but for where it lies.

The image is made with mpremote's writer. It goes where no other one lies that somebody may need: the current
set's, or the user's own at the beginning. So a deployment that is cut leaves the old set whole here, too.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Sequence

from mpremote.romfs import VfsRomWriter

from smidgen.device.board import Board
from smidgen.device.install import FOLDER, Part, sha256
from smidgen.errors import DeployError

_AGENT = "rom.py"
_CHUNK = 4096
_ALIGNMENT = 8  # of a model's first byte, for the engines
_OURS = re.compile(rb"model-[0-9a-f]{12}")
_ODD_FILE = 7  # bytes of an empty file "__"
_BLANK = b"\xff"


class RomPart:
    """A part of one file on its way into a board's ROMFS. Raises DeployError when the board has none."""

    def __init__(self, board: Board, part: Part):
        about = board.call("rom_about", agent=_AGENT)
        if about is None:
            raise DeployError(
                f"{board.port}: its firmware has no ROMFS (MicroPython 1.25 or newer, built with one); "
                "deploy without --romfs"
            )
        self.part, self.image = part, rom_image(part)
        self._board = board
        self._size, self._block, self._beginning = about
        self._place = 0

    @property
    def path(self) -> str:
        """What to call its file in messages, as if it were with the others."""
        return f"{FOLDER}/{self.part.folder}/{next(iter(self.part.files))}"

    files = 0  # none on the filesystem

    def place(self, current: Sequence[str]) -> str:
        """Choose where it goes and return the pointer's line, "folder@place". current: the lines of the set in force.

        Raises DeployError when there is no room beside what is in use.
        """
        used = [int(line.partition("@")[2]) for line in current if "@" in line]
        for line in current:
            if line.startswith(f"{self.part.folder}@"):
                self._place = int(line.partition("@")[2])
                return line
        if self._has_user_s_image():
            used.append(0)
        self._place = self._gap(sorted(used))
        return f"{self.part.folder}@{self._place}"

    def is_there(self) -> bool:
        found: str = self._board.call("rom_hash", self._place, len(self.image), agent=_AGENT)
        return found == sha256(self.image)

    def bring(self, progress: Callable[[str, int, int], None] | None) -> None:
        """Write the image; its header last, so that no firmware takes a part of it for the whole."""
        size = len(self.image)
        self._board.call("rom_erase", self._place, size, agent=_AGENT)
        for number, at in enumerate([*range(_CHUNK, size, _CHUNK), 0]):
            piece = self.image[at : at + _CHUNK].ljust(_CHUNK, _BLANK)
            self._board.call("rom_write", self._place + at, base64.b64encode(piece), agent=_AGENT)
            if progress:
                progress(self.path, min((number + 1) * _CHUNK, size), size)
        self._board.call("rom_complete", agent=_AGENT)
        if not self.is_there():
            raise DeployError(f"{self.path}: arrived damaged in ROMFS; check the cable and try again")

    def _has_user_s_image(self) -> bool:
        return _image_length(self._beginning) > 0 and not _OURS.search(self._beginning)

    def _gap(self, used: list[int]) -> int:
        """The first place, at the beginning of a block, with room up to the next image or the end."""
        start, need = 0, -(-len(self.image) // _CHUNK) * _CHUNK
        for place in used:
            if start + need <= place:
                return start
            end = place + _image_length(self._board.call("rom_head", place, agent=_AGENT))
            start = max(start, -(-end // self._block) * self._block)
        if start + need > self._size:
            taken = f", {start:,} of them in use" if start else ""
            raise DeployError(
                f"{self._board.port}: the board's ROMFS has {self._size:,} bytes{taken}; the model needs {need:,}. "
                "Deploy without --romfs; after that its old place there is free"
            )
        return start


def rom_image(part: Part) -> bytes:
    """A ROMFS with a part's folder, its one file at an address that engines can use: empty files beside it see to that
    (a writer pads an image to an even length, so an odd file needs one behind it, too)."""
    ((name, content),) = part.files.items()
    behind = _ODD_FILE if len(content) % 2 else 0
    for padding in range(_ALIGNMENT):
        writer = VfsRomWriter()
        writer.opendir(part.folder)
        writer.mkfile("-" * (padding + 1), b"")
        writer.mkfile(name, content)
        if behind:
            writer.mkfile("__", b"")
        writer.closedir()
        image: bytes = writer.finalise()
        if (len(image) - behind - len(content)) % _ALIGNMENT == 0:
            return image
    raise AssertionError("one of so many paddings has to fit")


def _image_length(head: bytes) -> int:
    """Bytes of the image that begins so; 0 when it is none."""
    if not head.startswith(VfsRomWriter.ROMFS_HEADER):
        return 0
    length = 0
    for at in range(len(VfsRomWriter.ROMFS_HEADER), len(head)):
        length = length << 7 | head[at] & 0x7F
        if head[at] < 0x80:
            return at + 1 + length
    return 0
