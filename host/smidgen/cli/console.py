"""What the verbs print with: plain text at any width, colours on a terminal only (rich sees to that)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

BAR_WIDTH = 30

console = Console(highlight=False, emoji=False, markup=False)
_EIGHTHS = " ▏▎▍▌▋▊▉"


def table(*columns: str, right: Sequence[str] = ()) -> Table:
    """An empty table without lines. The columns named in `right` hold figures; the others fold, they lose no letter."""
    made = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for column in columns:
        if column in right:
            made.add_column(column, justify="right", no_wrap=True)
        else:
            made.add_column(column, overflow="fold")
    return made


def bar(share: float, width: int = BAR_WIDTH) -> str:
    """A bar of `width` characters at share 1."""
    eighths = round(max(0.0, min(share, 1.0)) * width * 8)
    return ("█" * (eighths // 8) + _EIGHTHS[eighths % 8]).rstrip()


def say(text: str = "") -> None:
    """A line for the user, wrapped at words on a terminal, whole when it goes to a file or a pipe."""
    console.print(text, soft_wrap=not console.is_terminal)


def print_json(figures: dict[str, Any]) -> None:
    """Figures for a program to read."""
    print(json.dumps(figures, indent=2, ensure_ascii=False))
