"""The engine as a shared library of this machine: found in the installed package, or compiled from the clone.

Compiling needs no system tool chain: `ziglang` brings clang. Without it the system's `cc` will do.
"""

from __future__ import annotations

import ctypes
import functools
import hashlib
import importlib.util
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from smidgen.errors import MissingExtra, SmidgenError

_PACKAGE = Path(__file__).resolve().parent
_REPOSITORY = _PACKAGE.parents[1]
_ENGINE = _REPOSITORY / "firmware" / "engine"
_SUFFIX = {"darwin": ".dylib", "win32": ".dll"}.get(sys.platform, ".so")
_FLAGS = ["-std=c99", "-O2", "-Wall", "-Wextra", "-Werror", "-shared"] + (["-fPIC"] if sys.platform != "win32" else [])

LIBRARY_NAME = f"smidgen{_SUFFIX}"


def sources() -> list[Path]:
    """The portable C files of the engine; kernels written for one architecture lie one folder deeper."""
    return sorted(p for p in _ENGINE.rglob("*.c") if p.parent.parent != _ENGINE / "kernels")


def twins() -> list[Path]:
    """Kernels written for one architecture, whose inner loops have a twin in C: this machine's library has them too, so
    that files packed for that architecture can be tried here."""
    return sorted((_ENGINE / "kernels").glob("*/*.c"))


def compiler() -> list[str]:
    """The command of a C compiler. Raises MissingExtra when there is none."""
    if importlib.util.find_spec("ziglang") is not None:
        return [sys.executable, "-m", "ziglang", "cc"]
    for name in ("cc", "gcc", "clang"):
        if path := shutil.which(name):
            return [path]
    raise MissingExtra("compiling the engine from a clone", "build")


def compile_library(target: Path) -> None:
    """Compile the engine into `target`, which appears whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".building-", dir=target.parent) as folder:
        fresh = Path(folder) / target.name
        command = [*compiler(), *_FLAGS, *map(str, [*sources(), *twins()]), "-o", str(fresh)]
        result = subprocess.run(command, capture_output=True, text=True)
        if result.returncode != 0:
            raise SmidgenError(f"{_ENGINE}: the engine does not compile; the compiler says:\n{result.stderr}")
        fresh.replace(target)


def _fingerprint() -> str:
    digest = hashlib.sha256(" ".join([*compiler(), *_FLAGS]).encode())
    for path in sorted([*_ENGINE.rglob("*.h"), *sources(), *twins()]):
        digest.update(str(path.relative_to(_ENGINE)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def library_path() -> Path:
    """Where the library lies. From a clone it is compiled on the first call after a change of its sources."""
    packaged = _PACKAGE / "_lib" / LIBRARY_NAME
    if packaged.exists():
        return packaged
    if not _ENGINE.is_dir():
        raise SmidgenError(f"{packaged}: the engine is missing; install the smidgen package again")
    built = _REPOSITORY / "build" / "engine" / _fingerprint() / LIBRARY_NAME
    if not built.exists():
        compile_library(built)
    return built


@functools.cache
def load_library() -> ctypes.CDLL:
    """The engine, loaded once for this process. Callers declare the argument types of the functions that they use."""
    return ctypes.CDLL(str(library_path()))
