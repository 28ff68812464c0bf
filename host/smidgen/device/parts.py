"""What `smidgen deploy` brings onto a board, part by part."""

from __future__ import annotations

from pathlib import Path

from smidgen import native, resources
from smidgen.device.install import Part


def package_part() -> Part:
    """The board's package, `import smidgen`."""
    folder = resources.find("firmware/lib/smidgen")
    return Part("package", {f"smidgen/{path.name}": path.read_bytes() for path in sorted(folder.glob("*.py"))})


def model_part(content: bytes) -> Part:
    """A `.smg` file's bytes, found by programs as `Model("model.smg")`."""
    return Part("model", {"model.smg": content})


def native_part(module: Path) -> Part:
    """The C engine as machine code, as `smidgen.native.choose` gives it."""
    return Part("native", {native.FILE: module.read_bytes()})


def program_part(text: bytes) -> Part:
    """A program that runs when the board starts."""
    return Part("program", {"main.py": text})
