"""What the engine in Python refuses of a model, asked of the board's own code (firmware/lib/smidgen), so that a board
says the same."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType

from smidgen import _format as fmt
from smidgen import resources

_PACKAGE = "smidgen_on_a_board"
_OPERATORS = {code: name for name, code in fmt.OPERATORS.items()}
_TYPES = {code: name for name, code in fmt.TYPES.items()}


def refused_operators(content: bytes) -> list[str]:
    """The operators of a `.smg` that the engine in Python does not run, in words and sorted: "MUL", "CONV_2D of INT16
    and INT8". content: a file that the C engine opens."""
    checks, refused = board_module("python_checks"), board_module("python_operators").Refused
    blob = checks.Blob(content)
    section, at, found = blob.section(fmt.SECTIONS["OPERATORS"]), 0, set()
    while at < len(section):
        call, at = checks.read_call(section, at)
        try:
            checks.check_call(blob, call)
        except refused as reason:
            types = sorted({_TYPES[blob.tensor(operand)[0]] for operand in call.operands})
            found.add(_in_words(_OPERATORS[call.code], types, str(reason), call.code in checks.CHECKS))
    return sorted(found)


def _in_words(name: str, types: list[str], reason: str, known: bool) -> str:
    if not known:
        return name
    if reason == "UnsupportedError":
        return f"{name} of {' and '.join(types)}"
    return f"{name} with weights packed for another engine" if reason == "LayoutError" else f"{name} in a rare form"


def board_module(name: str) -> ModuleType:
    """A module of the board's package, without running the package's __init__."""
    if _PACKAGE not in sys.modules:
        package = ModuleType(_PACKAGE)
        package.__path__ = [str(resources.find("firmware/lib/smidgen"))]
        sys.modules[_PACKAGE] = package
    return importlib.import_module(f"{_PACKAGE}.{name}")
