"""Cycles of the usual networks on an emulated RP2040: the tables and the picture of docs/performance.md.

python tools/bench.py           print the table; exit 1 when a network got slower by more than 2 % of what the docs say
python tools/bench.py --write   write the docs' table and picture
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import marked

from smidgen.bench import Report, measure
from smidgen.bench.networks import NETWORKS
from smidgen.convert import convert

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT, PICTURE = ROOT / "docs/performance.md", ROOT / "docs/performance.svg"
MARK = "table"
WORSE = 1.02


def row(name: str, content: bytes, packed: Report) -> str:
    small = measure(content, name, keep_size=True)
    cells = [f"{packed.macs:,}", f"{packed.cycles:,}", f"{packed.cycles / packed.macs:.2f}", f"{small.cycles:,}"]
    cells += [
        f"{n:,}"
        for n in (packed.code_bytes, packed.operator_bytes, packed.arena_bytes, len(content), packed.file_bytes)
    ]
    return f"| {name} | " + " | ".join(cells) + " |"


def table(models: dict[str, bytes], reports: dict[str, Report]) -> str:
    heads = ["network", "MACs", "cycles", "a MAC", "cycles, --size", "code", "operators", "arena"]
    heads += ["file, portable", "file, packed"]
    lines = [f"| {' | '.join(heads)} |", "|" + " --- |" * len(heads)]
    return "\n".join([*lines, *(row(name, models[name], report) for name, report in reports.items())]) + "\n"


def cycles_in(text: str) -> dict[str, int]:
    """The cycles of each network in a table."""
    rows = re.findall(r"^\| ([^|]+) \| [\d,]+ \| ([\d,]+) \|", text, re.MULTILINE)
    return {name: int(count.replace(",", "")) for name, count in rows}


def slower(committed: dict[str, int], counted: dict[str, int]) -> dict[str, float]:
    """The networks that take too many more cycles than they did, and by which factor."""
    factors = {name: cycles / committed[name] for name, cycles in counted.items() if name in committed}
    return {name: factor for name, factor in factors.items() if factor > WORSE}


def draw(reports: dict[str, Report]) -> None:
    """A bar for each network, made of its operators in order."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams |= {"svg.hashsalt": "smidgen", "svg.fonttype": "none", "font.size": 9}
    from matplotlib import pyplot

    kinds = sorted({o.name for report in reports.values() for o in report.operators})
    colours = dict(zip(kinds, pyplot.get_cmap("tab10").colors * 2, strict=False))
    figure, axes = pyplot.subplots(figsize=(8, 3.2), layout="constrained")
    for y, report in enumerate(reports.values()):
        left = 0.0
        for o in report.operators:
            axes.barh(y, o.cycles / 1e6, left=left, color=colours[o.name], edgecolor="white", linewidth=0.4)
            left += o.cycles / 1e6
    axes.set_yticks(range(len(reports)), list(reports))
    axes.invert_yaxis()
    axes.set_xlabel("million cycles an inference, operator by operator (RP2040, one core)")
    handles = [pyplot.Rectangle((0, 0), 1, 1, color=colours[kind]) for kind in kinds]
    axes.legend(handles, [kind.lower() for kind in kinds], frameon=False, fontsize=8)
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(PICTURE, metadata={"Date": None})
    PICTURE.write_text("\n".join(line.rstrip() for line in PICTURE.read_text().splitlines()) + "\n")


def main(arguments: list[str]) -> int:
    models = {name: convert(make(), name).to_bytes() for name, make in NETWORKS.items()}
    reports = {name: measure(content, name) for name, content in models.items()}
    text = table(models, reports)
    print(text)
    if "--write" in arguments:
        marked.write(DOCUMENT, MARK, text)
        draw(reports)
        return 0
    worse = slower(
        cycles_in(marked.committed(DOCUMENT, MARK)), {name: report.cycles for name, report in reports.items()}
    )
    for name, factor in worse.items():
        print(f"bench: {name} takes {factor - 1:.1%} more cycles than docs/performance.md says")
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
