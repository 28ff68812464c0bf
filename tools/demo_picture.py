"""Draw the README's picture from what a real run printed.

make demo | tee build/demo.log
python tools/demo_picture.py build/demo.log docs/demo.svg
"""

from __future__ import annotations

import re
import sys
from html import escape
from pathlib import Path

from smidgen.files import write_whole

_LINE, _WIDTH, _LETTER, _EDGE = 19, 720, 8.05, 22
_COLOURS = {"prompt": "#8fd694", "stage": "#ffffff", "detection": "#7df9c2", "text": "#b8c2cc"}


def main(log: Path, target: Path) -> None:
    lines = ["$ make demo", *log.read_text(encoding="utf-8").splitlines()]
    write_whole(target, picture([line for line in lines if line.strip()]))


def picture(lines: list[str]) -> str:
    """A terminal with these lines, as SVG without fonts or images from elsewhere."""
    height = _LINE * len(lines) + 2 * _EDGE
    rows = "".join(_row(i, line) for i, line in enumerate(lines))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" font-size="13.4" '
        'font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, DejaVu Sans Mono, monospace">\n'
        f'<rect width="{_WIDTH}" height="{height}" rx="8" fill="#1c2530"/>\n{rows}</svg>\n'
    )


def _row(number: int, line: str) -> str:
    y = _EDGE + _LINE * (number + 0.7)
    indent = len(line) - len(line.lstrip())
    x = _EDGE + indent * _LETTER
    fill = _COLOURS[_kind(line)]
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{fill}" xml:space="preserve">{escape(line.strip())}</text>\n'


def _kind(line: str) -> str:
    if line.startswith("$"):
        return "prompt"
    if re.match(r"\d\. ", line):
        return "stage"
    return "detection" if re.fullmatch(r"\s+[\d.]+ s  .+ %", line) else "text"


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
