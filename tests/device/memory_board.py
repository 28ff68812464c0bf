"""A board in this process: a raw REPL over a filesystem in memory, so that a test can look after every byte.

The port is `memory://NAME`, opened as any other. The board runs what it is sent with Python's own compiler; `os` and
`open` are those of its filesystem.
"""

from __future__ import annotations

import builtins
import contextlib
import errno
import io
import sys
import traceback
import types
from collections.abc import Callable, Iterator

import serial

_FOLDER, _FILE = 0x4000, 0x8000
_BANNER = b"raw REPL; CTRL-B to exit\r\n>"
_BLOCK = 4096
_WINDOW = 8192


class Files:
    """A filesystem. commits: "closed", a file's new content counts when it is closed, as on littlefs; or "written",
    every write counts at once. replaces: rename takes the place of an existing file, as on littlefs but not on FAT."""

    def __init__(self, commits: str = "closed", replaces: bool = True, blocks: int = 352):
        self.commits, self.replaces, self.blocks = commits, replaces, blocks
        self.files: dict[str, bytes] = {}
        self.folders = {"/"}
        self.read_only = False
        self.after_change: Callable[[], None] = lambda: None

    def snapshot(self) -> tuple[dict[str, bytes], frozenset[str]]:
        return dict(self.files), frozenset(self.folders)

    def used(self) -> int:
        return sum(-(-len(content) // _BLOCK) for content in self.files.values()) + 2 * len(self.folders)

    def check_writable(self) -> None:
        if self.read_only:
            raise OSError(errno.EROFS, "read-only")

    def stat(self, path: str) -> tuple[int, ...]:
        path = _absolute(path)
        if path in self.folders:
            return (_FOLDER, *[0] * 9)
        if path in self.files:
            return (_FILE, 0, 0, 0, 0, 0, len(self.files[path]), 0, 0, 0)
        raise OSError(errno.ENOENT)

    def statvfs(self, path: str) -> tuple[int, ...]:
        free = max(0, self.blocks - self.used())
        return (_BLOCK, _BLOCK, self.blocks, free, free, 0, 0, 0, 0, 255)

    def listdir(self, path: str = "/") -> list[str]:
        if _absolute(path) not in self.folders:
            raise OSError(errno.ENOENT)
        under = _absolute(path).rstrip("/") + "/"
        names = [p[len(under) :] for p in [*self.files, *self.folders] if p.startswith(under) and p != under]
        return sorted({name for name in names if name and "/" not in name})

    def mkdir(self, path: str) -> None:
        self.check_writable()
        if self.exists(path) or _parent(path) not in self.folders:
            raise OSError(errno.EEXIST if self.exists(path) else errno.ENOENT)
        self.folders.add(_absolute(path))
        self.after_change()

    def rmdir(self, path: str) -> None:
        self.check_writable()
        if self.listdir(path):
            raise OSError(errno.ENOTEMPTY)
        self.folders.remove(_absolute(path))
        self.after_change()

    def remove(self, path: str) -> None:
        self.check_writable()
        self.stat(path)
        del self.files[_absolute(path)]
        self.after_change()

    def rename(self, old: str, new: str) -> None:
        self.check_writable()
        self.stat(old)
        if self.exists(new) and not self.replaces:
            raise OSError(errno.EEXIST)
        self.files[_absolute(new)] = self.files.pop(_absolute(old))
        self.after_change()

    def exists(self, path: str) -> bool:
        return _absolute(path) in self.files or _absolute(path) in self.folders

    def open(self, path: str, mode: str = "r") -> io.IOBase:
        if "w" not in mode:
            self.stat(path)
            raw = io.BytesIO(self.files[_absolute(path)])
            return raw if "b" in mode else io.TextIOWrapper(raw, encoding="utf-8", newline="")
        self.check_writable()
        if _parent(path) not in self.folders:
            raise OSError(errno.ENOENT)
        return _Written(self, _absolute(path))


class _Written(io.RawIOBase):
    """A file open for writing."""

    def __init__(self, files: Files, path: str):
        self._files, self._path, self._content = files, path, bytearray()
        if files.commits == "written" or path not in files.files:
            self._commit()

    def write(self, data: bytes) -> int:
        self._content += data
        if self._files.commits == "written":
            self._commit()
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._commit()
        super().close()

    def _commit(self) -> None:
        before = self._files.files.get(self._path)
        self._files.files[self._path] = bytes(self._content)
        if self._files.used() > self._files.blocks:
            if before is None:
                del self._files.files[self._path]
            else:
                self._files.files[self._path] = before
            raise OSError(errno.ENOSPC)
        self._files.after_change()


class MemoryBoard:
    """The board behind the port. `received` counts the bytes that it was sent, `runs` the pieces of code."""

    def __init__(self, files: Files | None = None):
        self.files = files or Files()
        self.received = self.runs = 0
        self.output = bytearray()
        self.reset()

    def reset(self) -> None:
        """Power off and on: what lies in RAM is gone, the files stay."""
        self.raw, self.pasting, self.line = False, False, bytearray()
        self.globals = self._fresh_globals()

    def receive(self, data: bytes) -> None:
        for byte in data:
            self.received += 1
            if self.pasting:
                self._paste(byte)
            else:
                self._take(byte)

    def _take(self, byte: int) -> None:
        if byte == 1 and bytes(self.line) == b"\x05A":
            self.line.clear()
            self.pasting = True
            self.output += b"R\x01" + _WINDOW.to_bytes(2, "little")
        elif byte == 1:
            self.raw, self.line = True, bytearray()
            self.output += _BANNER
        elif byte == 2:
            self.raw = False
            self.output += b"\r\n>>> "
        elif byte == 3:
            self.line.clear()
        elif byte == 4:
            self.globals = self._fresh_globals()
            self.output += b"OK\r\nMPY: soft reboot\r\n" + (_BANNER if self.raw else b">>> ")
        elif byte != 13:
            self.line.append(byte)

    def _paste(self, byte: int) -> None:
        """Raw paste: code up to 04, a window more being granted by each 01."""
        if byte == 4:
            code = bytes(self.line)
            self.line.clear()
            self.pasting = False
            self.output += b"\x04"
            said, failed = self._run(code)
            self.output += said + b"\x04" + failed + b"\x04>"
        else:
            self.line.append(byte)
            if len(self.line) % _WINDOW == 0:
                self.output += b"\x01"

    def _run(self, code: bytes) -> tuple[bytes, bytes]:
        self.runs += 1
        said, failed = io.StringIO(), ""
        try:
            with contextlib.redirect_stdout(said):
                exec(compile(code, "<stdin>", "exec"), self.globals)
        except Exception:
            failed = traceback.format_exc()
        return said.getvalue().replace("\n", "\r\n").encode(), failed.replace("\n", "\r\n").encode()

    def boot(self) -> list[str]:
        """Start it: what its main.py prints, line by line; a failure is a line that begins with "Traceback"."""
        self.reset()
        if not self.files.exists("/main.py"):
            return []
        said, failed = self._run(self.files.files["/main.py"])
        return [*said.decode().split(), *failed.decode().splitlines()[:1]]

    def _fresh_globals(self) -> dict[str, object]:
        modules = _Modules(self.files)
        scope = {name: getattr(builtins, name) for name in dir(builtins)}
        scope["open"], scope["__import__"] = self.files.open, modules.load
        return {"__builtins__": scope, "__name__": "__main__"}


class _Modules:
    """`import` as MicroPython does it, as far as the loader needs it: modules and packages of one level along sys.path,
    `__path__` a string, `from .name import x`."""

    def __init__(self, files: Files):
        self.files = files
        self.os = types.ModuleType("os")
        for name in ("stat", "statvfs", "listdir", "mkdir", "rmdir", "remove", "rename"):
            setattr(self.os, name, getattr(files, name))
        self.os.getcwd = lambda: "/"  # type: ignore[attr-defined]
        self.sys = types.ModuleType("sys")
        self.sys.path = ["", "/lib"]  # type: ignore[attr-defined]
        self.loaded: dict[str, types.ModuleType] = {"os": self.os, "sys": self.sys}

    def load(self, name, globals=None, locals=None, fromlist=(), level=0):
        if level:
            package = self.loaded[str((globals or {})["__name__"]).split(".")[0]]
            return self._module(f"{package.__name__}.{name}", f"{package.__path__}/{name}.py")
        if name in self.loaded:
            return self.loaded[name]
        for folder in self.sys.path:  # type: ignore[attr-defined]
            path = f"{folder}/{name}"
            if self.files.exists(f"{path}/__init__.py"):
                return self._module(name, f"{path}/__init__.py", path)
            if self.files.exists(f"{path}.py"):
                return self._module(name, f"{path}.py")
        return builtins.__import__(name, {}, {}, fromlist, 0)

    def _module(self, name: str, path: str, folder: str | None = None) -> types.ModuleType:
        if name in self.loaded:
            return self.loaded[name]
        if not self.files.exists(path):
            raise ImportError(f"no module named '{name}'")
        module = self.loaded[name] = types.ModuleType(name)
        module.__file__ = path
        if folder:
            module.__path__ = folder  # type: ignore[assignment]
        scope = {key: getattr(builtins, key) for key in dir(builtins)}
        scope["open"], scope["__import__"] = self.files.open, self.load
        module.__dict__["__builtins__"] = scope
        try:
            exec(compile(self.files.files[path], path, "exec"), module.__dict__)
        except BaseException:
            del self.loaded[name]
            raise
        return module


def _absolute(path: str) -> str:
    return "/" + path.strip("/")


def _parent(path: str) -> str:
    return _absolute(path).rsplit("/", 1)[0] or "/"


BOARDS: dict[str, MemoryBoard] = {}


class Serial(serial.SerialBase):
    """pyserial's face of a board, found by its name in BOARDS."""

    def open(self) -> None:
        self._board = BOARDS[self.portstr.removeprefix("memory://")]
        self._board.output.clear()
        self.is_open = True

    def close(self) -> None:
        self.is_open = False

    def _reconfigure_port(self) -> None:
        pass

    @property
    def in_waiting(self) -> int:
        return len(self._board.output)

    def read(self, size: int = 1) -> bytes:
        data = bytes(self._board.output[:size])
        del self._board.output[:size]
        return data

    def write(self, data: bytes) -> int:
        self._board.receive(bytes(data))
        return len(data)

    def _update_dtr_state(self) -> None:
        pass

    _update_rts_state = _update_dtr_state


@contextlib.contextmanager
def plugged_in(board: MemoryBoard, name: str = "board") -> Iterator[str]:
    """The port of a board."""
    module = types.ModuleType("memory_protocols.protocol_memory")
    module.Serial = Serial  # type: ignore[attr-defined]
    sys.modules["memory_protocols"] = types.ModuleType("memory_protocols")
    sys.modules[module.__name__] = module
    serial.protocol_handler_packages.append("memory_protocols")
    BOARDS[name] = board
    try:
        yield f"memory://{name}"
    finally:
        serial.protocol_handler_packages.remove("memory_protocols")
        del BOARDS[name]


def replica(state: tuple[dict[str, bytes], frozenset[str]], like: Files) -> MemoryBoard:
    """A board with such files (a snapshot), freshly plugged in."""
    fresh = Files(like.commits, like.replaces, like.blocks)
    fresh.files, fresh.folders = dict(state[0]), set(state[1])
    return MemoryBoard(fresh)
