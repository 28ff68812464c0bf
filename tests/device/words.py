"""Two sets, "left" and "right", that a board says after it starts, and what a board's files have of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from smidgen.device import Part, connect, install

_MODEL_BYTES = {"left": 1_000, "right": 10_000}

Contents = Mapping[str, bytes]  # path below the filesystem's root -> what is in the file


def parts(word: str) -> list[Part]:
    """A set of which nothing is shared with the other word's."""
    package = f"def __getattr__(name):\n    return {word!r}\n"
    return [
        Part("package", {"smidgen/__init__.py": package.encode(), "smidgen/more.py": word.encode() * 100}),
        Part("model", {"model.smg": (word.encode() * 2000)[: _MODEL_BYTES[word]]}),
        Part("program", {"main.py": f"print({word!r})\n".encode()}),
    ]


def deploy(url: str, word: str) -> None:
    with connect(url) as board:
        install(board, parts(word), starts=True)


def word_of(contents: Contents) -> str | None:
    """The word of the set that a filesystem makes current; every file is compared. None when that is neither set,
    whole."""
    pointer = contents[".smidgen/current"]
    for word in _MODEL_BYTES:
        wanted = parts(word)
        if pointer == "".join(f"{part.folder}\n" for part in wanted).encode() + b".":
            same = [
                contents.get(f".smidgen/{part.folder}/{path}") == content
                for part in wanted
                for path, content in part.files.items()
            ]
            return word if all(same) else None
    return None


def folder_contents(folder: Path) -> Contents:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def current(files: Path) -> str | None:
    """`word_of` a simulated board's files, as the host sees them."""
    return word_of(folder_contents(files))
