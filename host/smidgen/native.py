"""The native modules: the C engine as machine code that stock MicroPython loads, a file for each architecture and set.

    architecture = architecture_of(board.eval("sys.implementation._mpy"))
    path = choose(Blob.load("model.smg"), architecture)         goes to the board as _smidgen.mpy

They come with the installed package; from a clone `make native` builds them (firmware/native/README.md).
"""

from __future__ import annotations

import tomllib
from pathlib import Path

from smidgen import resources
from smidgen.blob import Blob
from smidgen.errors import EngineError, SmidgenError

FILE = "_smidgen.mpy"
FULL = "full"
# MicroPython's names, at the number that `sys.implementation._mpy >> 10 & 15` gives; 0 loads no machine code.
_BY_NUMBER = (
    "",
    "x86",
    "x64",
    "armv6",
    "armv6m",
    "armv7m",
    "armv7em",
    "armv7emsp",
    "armv7emdp",
    "xtensa",
    "xtensawin",
    "rv32imc",
)
# An architecture that has no modules of its own runs those of a lesser one.
_LESSER = {"armv7em": "armv7m", "armv7emdp": "armv7emsp"}


def architecture_of(mpy: int) -> str | None:
    """What a board's machine code is made for; None when its MicroPython loads none.

    mpy: the board's `sys.implementation._mpy`, 0 where there is no such thing.
    """
    number = mpy >> 10 & 15
    return _BY_NUMBER[number] or None if number < len(_BY_NUMBER) else None


def sets() -> dict[str, list[str]]:
    """The sets that hold only some operators, the smallest first, and the operators' names. `full` holds all."""
    found: dict[str, list[str]] = tomllib.loads(resources.find("firmware/native/sets.toml").read_text(encoding="utf-8"))
    return found


def choose(blob: Blob, architecture: str) -> Path:
    """The module to put onto a board: the smallest set that covers the model.

    architecture: as `architecture_of` gives it. Raises EngineError when there is no module for it here.
    """
    wanted = {operator.name for operator in blob.operators}
    covering = [name for name, operators in sets().items() if wanted <= set(operators)]
    return _module(_LESSER.get(architecture, architecture), covering[0] if covering else FULL)


def _module(architecture: str, name: str) -> Path:
    try:
        return resources.find(f"build/native/{architecture}/{name}.mpy")
    except SmidgenError:
        raise EngineError(
            f"there is no native module for {architecture} here; in a clone of Smidgen, "
            f"`make native` builds it (firmware/native/README.md)"
        ) from None
