"""What a verb goes through: one recording, or all of a folder; and how it shows what was found in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from smidgen.cli.console import print_json, say
from smidgen.errors import DataError


def recordings(place: Path, *suffixes: str) -> list[Path]:
    """The file itself; of a folder all files in it and below that end so, sorted. Raises DataError when none do."""
    if not place.is_dir():
        return [place]
    found = sorted(path for path in place.rglob("*") if path.suffix.lower() in suffixes)
    if not found:
        raise DataError(f"{place}: holds no {' or '.join(suffixes)}; give a recording or a folder of some")
    return found


def show_found(
    place: Path,
    paths: Sequence[Path],
    find: Callable[[Path], tuple[list[Any], str]],
    line: Callable[[Any], str],
    name: str,
    as_json: bool,
) -> None:
    """Look for something in each recording and show it, in a folder under each one's name.

    find: the things (named tuples) found in a recording, and what to say when there are none. name: what they are
    called in JSON.
    """
    figures: dict[str, Any] = {}
    for path in paths:
        found, nothing = find(path)
        figures[str(path)] = {name: [thing._asdict() for thing in found]}
        if as_json:
            continue
        if place.is_dir():
            say(f"{path}:")
        for text in [line(thing) for thing in found] or [nothing]:
            say(text)
    if as_json:
        print_json({"recordings": figures} if place.is_dir() else figures[str(place)])
