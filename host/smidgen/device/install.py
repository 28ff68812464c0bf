"""Make a set of files current on a board: all of it at once, or, whenever it is cut, nothing of it.

On the board (firmware/deployed/ reads it):

    /.smidgen/package-3f2a91c40d52/smidgen/model.py     a folder for each part, named by what is in it, never changed
    /.smidgen/model-99b01e77a3c4/model.smg
    /.smidgen/program-0c1d5a2f6b7e/main.py
    /.smidgen/current                                   the pointer: the current set's folders, a line each, then "."
                                                        (a part in ROMFS: its folder's name, "@", its place there)
    /lib/smidgen/__init__.py, /main.py                  loaders: lead to the current set; the same whatever is deployed

New folders are filled beside the old ones. Then the pointer is written beside its place and renamed over the old one:
that is the moment when the new set begins. Folders that no set needs go last. A deployment that was cut leaves its
folders; the next one finishes them, or removes them when it does not want them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from smidgen import resources
from smidgen.errors import DeployError, DeviceError, PortError

FOLDER = "/.smidgen"
PACKAGE = "/lib/smidgen/__init__.py"
_POINTER, _BEFORE = "current", "before"
_ENTRIES = 16  # files whose names a pair of blocks holds, with room to change
_MARK = b"# Placed by `smidgen deploy`"

Progress = Callable[[str, int, int], None]


class Target(Protocol):
    """Where files go: a board behind a port, a CircuitPython drive. Paths are absolute on it.

    port: what to call it in messages. root: where its files begin, "" or "/flash". main: what runs when it starts.
    Every method may raise PortError (it has gone) or DeviceError (it refuses).
    """

    port: str

    @property
    def root(self) -> str: ...

    @property
    def main(self) -> str: ...

    def holds(self, files: Mapping[str, bytes]) -> set[str]:
        """Those of the paths where a file of just this content is."""

    def read(self, path: str) -> bytes | None:
        """A small file; None when there is none."""

    def listdir(self, path: str) -> list[str]:
        """Names in a folder, those of folders with a slash at the end. Raises DeviceError when there is none."""

    def room(self) -> tuple[int, int]:
        """Bytes free, bytes of a block."""

    def put(self, path: str, content: bytes, progress: Callable[[int], None] | None = None) -> None:
        """Write a file and its folders; the old file goes only when the new one is whole."""

    def copy(self, source: str, target: str) -> None:
        """The same from a file that the board has already."""

    def remove(self, path: str) -> None:
        """Remove a file or a folder, if it is there."""


@dataclass(frozen=True)
class Part:
    """A folder of a set. files: path inside the folder -> content."""

    name: str
    files: Mapping[str, bytes]

    @property
    def folder(self) -> str:
        """Its name on the board: the part's, and twelve digits of what is in it."""
        digest = hashlib.sha256()
        for path, content in sorted(self.files.items()):
            digest.update(f"{path}\0{sha256(content)}\n".encode())
        return f"{self.name}-{digest.hexdigest()[:12]}"


class Rom(Protocol):
    """A part that lies in flash in one piece: in ROMFS (rom.py), or in blocks of the filesystem (blocks.py).

    path: what to call it. image: its bytes there. files: how many of one block it needs on the filesystem.
    """

    part: Part
    image: bytes

    @property
    def path(self) -> str: ...

    @property
    def files(self) -> int: ...

    def place(self, current: Sequence[str]) -> str:
        """The pointer's line for it, beside what the lines of the current set have there. May raise DeployError."""

    def is_there(self) -> bool: ...

    def bring(self, progress: Progress | None) -> None: ...


@dataclass(frozen=True)
class Installation:
    """What happened. copied: files sent; reused: files that the board copied from its older ones; unchanged: files
    that were right already; bytes_sent: of content. kept: where a file of the user's own is now, by its old path."""

    copied: tuple[str, ...] = ()
    reused: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    bytes_sent: int = 0
    kept: Mapping[str, str] = field(default_factory=dict)


def install(
    target: Target,
    parts: Sequence[Part],
    *,
    keep: Sequence[str] = (),
    starts: bool = False,
    progress: Progress | None = None,
    rom: Rom | None = None,
) -> Installation:
    """Make `parts` the current set of a board.

    parts: in the order in which programs look for files. keep: names of parts that stay as they are in the set that is
    current, if it has them. starts: the set's main.py shall run when the board starts; a /main.py of the user's is then
    kept under /.smidgen/before. progress(path, sent, size) is called as bytes go out. rom: a part more, read in place.

    Cut at any point, the board has the old set or the new one, whole, and a second call completes the new one. (FAT
    cannot replace a file at once: there the pointer has for a moment only its other name, which the loader knows.)
    Raises DeployError: no room (nothing is touched then), a file that could not be copied, a board that has gone.
    """
    return _Installer(target, parts, keep, starts, progress, rom).run()


def has_own_program(target: Target) -> bool:
    """Whether what runs when the board starts is the user's own file, not our loader."""
    content = target.read(target.root + target.main)
    return content is not None and not content.startswith(_MARK)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class _Installer:
    def __init__(
        self,
        target: Target,
        parts: Sequence[Part],
        keep: Sequence[str],
        starts: bool,
        progress: Progress | None,
        rom: Rom | None,
    ):
        self.target, self.progress, self.rom = target, progress, rom
        self.folder = target.root + FOLDER
        self.pointer_path = f"{self.folder}/{_POINTER}"
        self.current = self._current()
        given = [part.name for part in ((*parts, rom.part) if rom else parts)]
        kept = [folder for folder in self.current if _part(folder) in keep and _part(folder) not in given]
        mapped = [rom.place(self.current)] if rom else []
        self.folders = [*(part.folder for part in parts), *mapped, *kept]
        self.pointer = "".join(f"{folder}\n" for folder in self.folders).encode() + b"."
        self.files = {
            f"{self.folder}/{part.folder}/{path}": content for part in parts for path, content in part.files.items()
        }
        self.loaders = {target.root + PACKAGE: _loader("lib/smidgen/__init__.py")}
        if starts:
            self.loaders[target.root + target.main] = _loader("main.py")
        self.contents = {**self.files, **self.loaders}
        self.at = self.folder

    def run(self) -> Installation:
        try:
            return self._run()
        except DeployError:
            raise
        except PortError as error:
            raise DeployError(f"{self.at}: the copy was cut ({error}); deploy again") from error
        except DeviceError as error:
            raise DeployError(f"{self.at}: could not be copied; what was there is intact ({error})") from error

    def _run(self) -> Installation:
        there = self.target.holds({**self.contents, self.pointer_path: self.pointer})
        missing = [path for path in self.contents if path not in there]
        rom = None if self.rom is None or self.rom.is_there() else self.rom
        if not (missing or rom) and self.pointer_path in there:
            self._tidy()
            return Installation(unchanged=tuple(self.contents))
        sources = self._sources(missing)
        self._make_room(missing, rom.files if rom else 0)
        kept = self._keep([path for path in missing if path in self.loaders])
        for path in missing:
            self._bring(path, sources.get(path))
        if rom:
            self.at = rom.path
            rom.bring(self.progress)
        self._put(self.pointer_path, self.pointer)
        self._tidy()
        copied = tuple(path for path in missing if path not in sources) + ((rom.path,) if rom else ())
        unchanged = tuple(path for path in self.contents if path not in missing)
        sent = sum(len(self.contents[path]) for path in missing if path not in sources) + (len(rom.image) if rom else 0)
        return Installation(copied, tuple(sources), unchanged, sent, kept)

    def _current(self) -> list[str]:
        """Folders of the set that is current on the board."""
        found = self.target.read(self.pointer_path) or self.target.read(beside(self.pointer_path)) or b""
        lines = found.decode(errors="replace").split("\n")
        return lines[:-1] if lines[-1] == "." else []

    def _listed(self) -> list[str]:
        try:
            return [name.rstrip("/") for name in self.target.listdir(self.folder)]
        except PortError:
            raise
        except DeviceError:
            return []  # the first deployment

    def _sources(self, missing: list[str]) -> dict[str, str]:
        """For files that are missing: where the current set has the same under another folder."""
        older = {_part(folder): folder for folder in self.current}
        candidates = {}
        for path in missing:
            folder, _, inside = path.removeprefix(f"{self.folder}/").partition("/")
            if path in self.files and _part(folder) in older:
                candidates[path] = f"{self.folder}/{older[_part(folder)]}/{inside}"
        found = self.target.holds({source: self.files[path] for path, source in candidates.items()})
        return {path: source for path, source in candidates.items() if source in found}

    def _make_room(self, missing: list[str], small: int) -> None:
        """What an earlier, cut deployment left and nobody wants goes first; then there must be room for the rest, with
        so many files of one block in a folder."""
        for name in self._listed():
            if name not in (*self.folders, *self.current, _POINTER, _BEFORE):
                self.target.remove(f"{self.folder}/{name}")
        folders = {path.rsplit("/", 1)[0] for path in missing}
        free, block = self.target.room()
        # A block more for the pointer, and two for each folder: littlefs keeps a folder in a pair of blocks.
        blocks = sum(-(-len(self.contents[path]) // block) for path in missing) + 2 * len(folders) + 1
        blocks += small + 2 * -(-small // _ENTRIES)
        if blocks * block > free:
            raise DeployError(
                f"{self.target.port}: {blocks * block:,} bytes are needed on the board beside what it runs now, and "
                f"{free:,} are free; remove files from it or choose a smaller model"
            )

    def _keep(self, replaced: list[str]) -> dict[str, str]:
        """Copies of the user's own files that our loaders are about to take the place of. Returns where they are, by
        their old path."""
        kept = {}
        for path in replaced:
            for own, place in self._places(path).items():
                content = self.target.read(own)
                if content is not None and not content.startswith(_MARK):
                    self.at = place
                    self.target.copy(own, place)
                    kept[own] = place
        return kept

    def _places(self, path: str) -> dict[str, str]:
        """Files that a loader at `path` takes the place of, and where the loader looks for them."""
        if not path.endswith(PACKAGE):
            return {path: f"{self.folder}/{_BEFORE}/main.py"}
        package = path.removesuffix("__init__.py")
        return {f"{package}__init__.{kind}": f"{package}_before.{kind}" for kind in ("py", "mpy")}

    def _bring(self, path: str, source: str | None) -> None:
        if source is None:
            self._put(path, self.contents[path])
        else:
            self.at = path
            self.target.copy(source, path)

    def _put(self, path: str, content: bytes) -> None:
        self.at = path
        progress = self.progress
        self.target.put(path, content, (lambda sent: progress(path, sent, len(content))) if progress else None)

    def _tidy(self) -> None:
        """Remove what the old set alone needed."""
        for name in self._listed():
            if name not in (*self.folders, _POINTER, _BEFORE):
                self.at = f"{self.folder}/{name}"
                self.target.remove(self.at)


def _part(folder: str) -> str:
    """The part's name in a folder's."""
    return folder.rsplit("-", 1)[0]


def _loader(name: str) -> bytes:
    return resources.find(f"firmware/deployed/{name}").read_bytes()


def beside(path: str) -> str:
    """The name under which a file grows until it is whole."""
    return path + ".new"
