"""Matplotlib figures, drawn without a display, as SVG text or into a file. Only this module imports matplotlib."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import TYPE_CHECKING

from smidgen.errors import MissingExtra, UsageError
from smidgen.files import replacing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SUFFIXES = (".svg", ".png")

# Okabe and Ito's palette: told apart by colour-blind readers too (Color Universal Design, 2008).
COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9", "#f0e442", "#444444")
_STYLE = {
    "font.size": 9,
    "font.family": "sans-serif",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "legend.frameon": False,
    "figure.facecolor": "white",
    "svg.fonttype": "none",  # text stays text: small, and it can be searched
    "svg.hashsalt": "smidgen",  # the same figure gives the same bytes
}


def new_figure(width: float, height: float) -> Figure:
    """An empty figure, in inches. Raises MissingExtra without matplotlib."""
    try:
        import matplotlib
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingExtra("drawing charts", "demo") from error
    matplotlib.rcParams.update(_STYLE)  # type: ignore[arg-type]  # the stub wants the names as literals
    return Figure(figsize=(width, height), layout="constrained")


def to_svg(figure: Figure) -> str:
    """The figure as an <svg> element that may stand in an HTML page."""
    text = io.StringIO()
    figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
    return _responsive(text.getvalue()[text.getvalue().index("<svg") :])


def save(figure: Figure, path: Path) -> None:
    """Write the figure, all or nothing; the suffix says how. Raises UsageError for one that is not .svg or .png."""
    check_suffix(path)
    with replacing(path) as beside:
        figure.savefig(
            beside, format=path.suffix[1:], dpi=150, metadata={"Date": None} if path.suffix == ".svg" else None
        )


def check_suffix(path: Path) -> None:
    """Raise UsageError unless `save` can write this kind of file."""
    if path.suffix not in SUFFIXES:
        raise UsageError(f"{path}: a picture is .svg or .png; name the file so")


def _responsive(svg: str) -> str:
    """Let the page decide the width: the view box keeps the proportions."""
    return re.sub(r' (?:width|height)="[\d.]+pt"', "", svg, count=2)
