"""The board's package on this interpreter, under a name of its own beside the host package."""

from __future__ import annotations

import importlib
import sys
import types
from pathlib import Path

LIBRARY = Path(__file__).parents[2] / "firmware" / "lib" / "smidgen"


def board_module(name: str) -> types.ModuleType:
    """Module `name` of firmware/lib/smidgen, without running the package's __init__."""
    if "board_smidgen" not in sys.modules:
        package = types.ModuleType("board_smidgen")
        package.__path__ = [str(LIBRARY)]
        sys.modules["board_smidgen"] = package
    return importlib.import_module(f"board_smidgen.{name}")
