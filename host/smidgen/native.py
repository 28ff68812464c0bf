"""The native modules: the C engine as machine code that stock MicroPython loads, a file for each architecture and set.

    architecture = architecture_of(board.eval("sys.implementation._mpy"))
    path = choose(Blob.load("model.smg"), architecture)         goes to the board as _smidgen.mpy

They come with the installed package; from a clone `make native` builds them (firmware/native/README.md).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from smidgen import resources
from smidgen.blob import Blob
from smidgen.errors import EngineError, SmidgenError

FILE = "_smidgen.mpy"
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


def choose(blob: Blob, architecture: str, cores: int = 1) -> Path:
    """The module to put onto a board: the smallest that has the model's kernels, and the front end if it listens.

    blob: the model as it goes to the board, packed or not. architecture: as `architecture_of` gives it. cores: 2 for
    one that shares its work with a second core. Raises EngineError when there is no module for it here.
    """
    name = _LESSER.get(architecture, architecture)
    try:
        listing = resources.find(f"build/native/{name}/modules.json")
    except SmidgenError:
        raise EngineError(
            f"there is no native module for {architecture} here; in a clone of Smidgen, "
            f"`make native` builds it (firmware/native/README.md)"
        ) from None
    modules: dict[str, Any] = json.loads(listing.read_text(encoding="utf-8"))
    found = next((module for module, has in modules.items() if _covers(has, blob, cores)), None)
    if found is None:
        raise EngineError(f"no native module for {architecture} runs this model; `make native` builds new ones")
    return listing.with_name(f"{found}.mpy")


def _covers(module: dict[str, Any], blob: Blob, cores: int) -> bool:
    """module: what tools/native.py says that it has."""
    kernels = {tuple(pair) for pair in module["kernels"]}
    wanted = {(op.name, blob.tensors[op.inputs[1]].layout if len(op.inputs) > 1 else "PLAIN") for op in blob.operators}
    hears = module["audio"] or "AUDIO" not in blob.sections
    return wanted <= kernels and hears and (module["second_core"] or cores == 1)
