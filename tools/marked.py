"""The part of a document that a tool writes: what lies between <!-- NAME --> and <!-- end of NAME -->."""

from __future__ import annotations

from pathlib import Path


def committed(document: Path, name: str) -> str:
    """What it holds now."""
    return _parts(document, name)[1]


def write(document: Path, name: str, text: str) -> None:
    """Put other text there."""
    before, _, after = _parts(document, name)
    document.write_text(before + text + after, encoding="utf-8")


def _parts(document: Path, name: str) -> tuple[str, str, str]:
    """The document up to behind the first mark, what is between the marks, and the rest."""
    begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->\n"
    head, _, rest = document.read_text(encoding="utf-8").partition(begin)
    inside, _, tail = rest.partition(end)
    return head + begin, inside, end + tail
