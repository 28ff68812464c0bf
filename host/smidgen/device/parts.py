"""What `smidgen deploy` brings onto a board, part by part."""

from __future__ import annotations

import json
from pathlib import Path

from smidgen import boards, native, resources
from smidgen.device import viper
from smidgen.device.identity import Identity
from smidgen.device.install import Part

_TFLM = "tflm.py"  # the face of the user module `_tflm`, of no use without it


def package_part(architecture: str | None, tflm: bool = False) -> Part:
    """The board's package, `import smidgen`.

    architecture: what machine code the board runs, as in its `Identity`; its inner loops come compiled for it. None for
    a board that runs none: it gets those in Python alone. tflm: whether its firmware has TensorFlow Lite Micro.
    """
    folder, files = resources.find("firmware/lib/smidgen"), {}
    for path in sorted(folder.glob("*.py")):
        if path.name == _TFLM and not tflm:
            continue
        if not path.name.startswith(viper.PREFIX):
            files[f"smidgen/{path.name}"] = path.read_bytes()
        elif architecture is not None:
            files[f"smidgen/{path.stem}.mpy"] = viper.compiled(path, architecture)
    return Part("package", files)


def package_for(identity: Identity) -> Part:
    """The package as a connected board needs it."""
    return package_part(identity.architecture, identity.tflm)


def model_part(content: bytes) -> Part:
    """A `.smg` file's bytes, found by programs as `Model("model.smg")`."""
    return Part("model", {"model.smg": content})


def native_part(module: Path) -> Part:
    """The C engine as machine code, as `smidgen.native.choose` gives it."""
    return Part("native", {native.FILE: module.read_bytes()})


def wiring_parts(board: boards.Board | None) -> list[Part]:
    """Which pins the board's sensors are on, for the package's wiring.py; nothing for a board that is not known."""
    if board is None or not board.connected:
        return []
    return [Part("wiring", {"wiring.json": json.dumps(board.connected, indent=1, sort_keys=True).encode()})]


def program_part(text: bytes) -> Part:
    """A program that runs when the board starts."""
    return Part("program", {"main.py": text})
