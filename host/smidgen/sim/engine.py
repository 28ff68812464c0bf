"""The C engine as WebAssembly: found in the installed package, or compiled from the clone with zig."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from smidgen import _build
from smidgen.errors import MissingExtra, SmidgenError
from smidgen.sim.runtime import NODE_FILES, cache_folder, fingerprint

LIBRARY_NAME = "smidgen.wasm"
_PACKAGED = Path(_build.__file__).with_name("_lib") / LIBRARY_NAME
_FIRMWARE = Path(__file__).resolve().parents[3] / "firmware"
_MODULE = _FIRMWARE / "module"
_LAYOUT = NODE_FILES / "layout.mjs"


def wasm_path() -> Path:
    """Where the module lies. From a clone it is compiled on the first call after a change of its sources."""
    if _PACKAGED.exists():
        return _PACKAGED
    if not _MODULE.is_dir():
        raise SmidgenError(f"{_PACKAGED}: the engine is missing; install the smidgen package again")
    headers = [*_MODULE.glob("*.h"), *(_FIRMWARE / "engine").rglob("*.h")]
    target = cache_folder() / f"engine-{fingerprint([Path(__file__), _LAYOUT, *sorted(headers), *_sources()])}.wasm"
    if not target.exists():
        compile_module(target)
    return target


def compile_module(target: Path) -> None:
    """Compile the engine into `target`, which appears whole or not at all."""
    if importlib.util.find_spec("ziglang") is None:
        raise MissingExtra("compiling the engine for simulated boards from a clone", "build")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".building-", dir=target.parent) as folder:
        fresh = Path(folder) / target.name
        command = [sys.executable, "-m", "ziglang", "cc", *_flags(), *map(str, _sources()), "-o", str(fresh)]
        result = subprocess.run(command, capture_output=True, text=True)
        if result.returncode != 0:
            raise SmidgenError(f"{_MODULE}: the engine does not compile for WebAssembly; zig says:\n{result.stderr}")
        fresh.replace(target)


def _sources() -> list[Path]:
    return [*sorted([*_MODULE.glob("*.c"), *(_FIRMWARE / "wasm").glob("*.c")]), *_build.sources()]


def _flags() -> list[str]:
    """Linked to its place in the board's memory. zig puts its stack first, where MicroPython's was before it moved."""
    memory = _layout("PAGES") * 65536
    linker = [
        "--no-entry",
        "--import-memory",
        "--shared-memory",
        f"--initial-memory={memory}",
        f"--max-memory={memory}",
        f"--global-base={_layout('RESERVED')}",
        "--strip-all",
        "-z,stack-size=65536",
    ]
    target = ["-target", "wasm32-freestanding", "-mcpu=generic+atomics+bulk_memory+sign_ext"]
    language = ["-std=c99", "-O3", "-ffreestanding", "-nostdlib", "-Wall", "-Wextra", "-Werror"]
    exported = "-DSMG_EXPORT(name)=__attribute__((export_name(#name)))"
    return [*target, *language, exported, *(f"-Wl,{option}" for option in linker)]


def _layout(name: str) -> int:
    """A constant of the file that Node reads too."""
    found = re.search(rf"^export const {name} = (\w+);", _LAYOUT.read_text(encoding="utf-8"), re.MULTILINE)
    if found is None:
        raise SmidgenError(f"{_LAYOUT}: {name} is missing; install the smidgen package again")
    return int(found[1], 0)
