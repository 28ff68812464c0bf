"""What `Model.predict` adds to the engine's own call on a Cortex-M0, in instructions: the table in docs/performance.md.

python tools/bench_predict.py           print the table; exit 1 when it adds more than the docs say
python tools/bench_predict.py --write   write the docs' table

`smidgen bench MODEL --micropython` counts the same of any model.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import debian
import marked
import native
import sim_boards

import firmware
from smidgen.bench.around import ARCHITECTURE, BOARD, Predict, around_predict
from smidgen.bench.networks import NETWORKS
from smidgen.blob import Blob
from smidgen.convert import convert

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "performance.md"
MARK = "predict"
KEYWORD = "keyword (DS-CNN)"
DEMOS = ("gesture", "anomaly")
WORSE = 1.02


def models() -> dict[str, Blob]:
    found = {KEYWORD: convert(NETWORKS[KEYWORD](), KEYWORD)}
    for name in DEMOS:
        content = (ROOT / "firmware" / "demos" / name / "model.smg").read_bytes()
        found[f"{name} (demo)"] = Blob.from_bytes(content, name)
    return found


def table(found: dict[str, Predict]) -> str:
    lines = ["| model | `predict` | the engine's call in it | around it |", "| --- | --- | --- | --- |"]
    lines += [f"| {name} | {p.predict:,} | {p.engine:,} | {p.around:,} |" for name, p in found.items()]
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    if debian.missing("boards") and not debian.can_install():
        print("What Python adds is not measured; as root on Debian: python tools/debian.py boards native")
        return 0
    native.build(ARCHITECTURE, debian.micropython())
    image = firmware.build(sim_boards.recipe(BOARD))
    found = {name: around_predict(blob, image) for name, blob in models().items()}
    text = table(found)
    print(text)
    if "--write" in arguments:
        marked.write(DOCUMENT, MARK, text)
        return 0
    rows = re.finditer(r"^\| (.+?) \|.*\| ([\d,]+) \|$", marked.committed(DOCUMENT, MARK), re.MULTILINE)
    was = {m[1]: int(m[2].replace(",", "")) for m in rows}
    slower = [name for name, p in found.items() if p.around > was.get(name, p.around) * WORSE]
    for name in slower:
        print(f"bench: {name}: predict adds more to the engine's call than docs/performance.md says")
    return 1 if slower else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
