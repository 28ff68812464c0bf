"""What a test takes from Debian: without it the test is skipped, naming the line that gets it; in CI it fails."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import NoReturn

import pytest

ROOT = Path(__file__).resolve().parents[2]


def tool(name: str) -> ModuleType:
    """The module tools/NAME.py, which may import others there."""
    if (folder := str(ROOT / "tools")) not in sys.path:
        sys.path.append(folder)
    return importlib.import_module(name)


def need(group: str) -> None:
    """Ends the test when packages of this group of tools/debian.py are not installed."""
    if tool("debian").missing(group):
        without(f"as root on Debian: python tools/debian.py {group}")


def micropython() -> Path:
    """The folder of MicroPython's source; ends the test when it cannot be had."""
    try:
        return tool("debian").micropython()
    except SystemExit as reason:
        without(str(reason))


def without(reason: str) -> NoReturn:
    """Skip, or fail in CI."""
    raise (pytest.fail if os.environ.get("CI") == "true" else pytest.skip).Exception(reason)
