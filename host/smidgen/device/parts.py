"""What `smidgen deploy` brings onto a board, part by part."""

from __future__ import annotations

from smidgen import resources
from smidgen.device.install import Part


def package_part() -> Part:
    """The board's package, `import smidgen`."""
    folder = resources.find("firmware/lib/smidgen")
    return Part("package", {f"smidgen/{path.name}": path.read_bytes() for path in sorted(folder.glob("*.py"))})


def model_part(content: bytes) -> Part:
    """A `.smg` file's bytes, found by programs as `Model("model.smg")`."""
    return Part("model", {"model.smg": content})


def program_part(text: bytes) -> Part:
    """A program that runs when the board starts."""
    return Part("program", {"main.py": text})
