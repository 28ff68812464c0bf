"""Where the files that are not Python modules of the host lie: in a clone, or inside the installed package."""

from __future__ import annotations

from pathlib import Path

from smidgen.errors import SmidgenError

_PACKAGE = Path(__file__).resolve().parent
_CLONE = _PACKAGE.parents[1]


def find(relative: str) -> Path:
    """A file or folder by its path in the repository, such as "boards" or "firmware/lib/smidgen"."""
    for base in (_PACKAGE / "_data", _CLONE):
        path = base / relative
        if path.exists():
            return path
    raise SmidgenError(f"{relative} is missing from this installation; install the smidgen package again")
