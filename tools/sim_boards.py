"""Build the firmware of the emulated boards from MicroPython's source: `make sim-boards`.

    python tools/sim_boards.py [BOARD ...]      default is every board of boards/ that runs in QEMU

It is MicroPython's QEMU port with the board definition boards/NAME/mpconfigboard.mk and what firmware/qemu adds, copied
to where `smidgen sim --board NAME` looks.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import firmware
from firmware import Recipe, files
from smidgen import boards
from smidgen.sim import qemu

ROOT = Path(__file__).resolve().parent.parent
# What the collector needs beside each 16 bytes of heap, and what MicroPython itself has taken at the prompt.
HEAP_OVERHEAD, HEAP_TAKEN = 1 + 0.375 / 16, 2900


def emulated() -> list[str]:
    """The boards that run in QEMU."""
    return [board.name for board in boards.load_all() if board.simulator == "qemu"]


def recipe(name: str) -> Recipe:
    """How a board's firmware is built."""
    board, folder = boards.load(name), ROOT / "boards" / name
    compiler = "arm-none-eabi-gcc" if "arm" in board.emulator[0] else "riscv64-unknown-elf-gcc"
    heap = int((board.heap_bytes + HEAP_TAKEN) * HEAP_OVERHEAD) // 16 * 16
    definition = [path for path in files(folder) if path.suffix in (".mk", ".ld")]
    sources = [*definition, *files(ROOT / "firmware" / "qemu")]
    settings = {"BOARD": name, "MICROPY_HEAP_SIZE": heap}
    return Recipe(name, "qemu", "firmware.elf", compiler, settings, sources, {"BOARD_DIR": folder})


def install(name: str) -> Path:
    """Build a board's firmware and put it where the simulator looks."""
    target = qemu.firmware(boards.load(name))
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_suffix(".new")
    shutil.copy(firmware.build(recipe(name)), fresh)
    fresh.replace(target)
    return target


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
