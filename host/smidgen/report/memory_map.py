"""The arena over time: operators from left to right, bytes from bottom to top, a box for each tensor's life."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from smidgen.errors import UsageError
from smidgen.inspection import Inspection, Life
from smidgen.report.figures import COLOURS, check_suffix, new_figure, save

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MOST_NAMES = 40  # operators whose names still fit under the picture
_LEAST_NAMED = 0.25  # of the arena's height: a box in which its shape still fits


def save_memory_map(model: Inspection, path: Path) -> None:
    """Draw into a .svg or .png file. Raises UsageError for another suffix and for a model that has no plan."""
    check_suffix(path)
    if model.problems:
        raise UsageError(f"{model.source} cannot be converted, so there is no arena to draw: {model.problems[0]}")
    save(memory_map(model), path)


def memory_map(model: Inspection) -> Figure:
    """The figure. Where two boxes overlap, an operator writes over its input as it goes."""
    steps = len(model.steps)
    figure = new_figure(max(6.0, min(0.32 * steps + 2, 14)), 3.6)
    axes = figure.add_subplot()
    for i, life in enumerate(model.lives):
        _box(axes, life, COLOURS[i % 3], steps, model.arena_bytes)
    axes.set_xlim(-1, steps + 1)
    axes.set_ylim(0, model.arena_bytes * 1.02)
    axes.set_ylabel("arena, bytes")
    axes.set_title(f"Arena over time: {model.arena_bytes:,} bytes")
    axes.yaxis.set_major_formatter("{x:,.0f}")
    _name_steps(axes, model.steps)
    return figure


def _box(axes: Axes, life: Life, colour: str, steps: int, arena: int) -> None:
    left, right = life.first, min(life.last, steps) + 1
    axes.broken_barh(
        [(left, right - left)], (life.offset, life.size), facecolor=colour, alpha=0.35, edgecolor=colour, linewidth=0.8
    )
    if life.size > _LEAST_NAMED * arena and steps <= _MOST_NAMES:
        middle = life.offset + life.size / 2
        axes.text(left + 0.5, middle, life.name, ha="center", va="center", fontsize=7, rotation=90)


def _name_steps(axes: Axes, names: list[str]) -> None:
    positions = [-0.5, *(i + 0.5 for i in range(len(names))), len(names) + 0.5]
    if len(names) <= _MOST_NAMES:
        axes.set_xticks(positions, ["input", *names, "output"], rotation=60, ha="right", fontsize=7)
    else:
        axes.set_xlabel("operator")
