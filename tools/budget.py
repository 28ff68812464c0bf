"""Where the cycles of the usual networks go, by what happens in the kernels: the budget in docs/performance.md.

python tools/budget.py           print it
python tools/budget.py --write   write the docs' table

What a tap, a chunk or an output takes is read off the kernels (firmware/engine/kernels/armv6m); how many of them there
are is read from the packed weights. What is left of the counted cycles of a layer is "the rest".
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, fields
from pathlib import Path

import marked
import numpy as np

from smidgen.bench import measure
from smidgen.bench.networks import NETWORKS
from smidgen.blob import Blob, OperatorRecord
from smidgen.convert import convert
from smidgen.convert.pack import pack
from smidgen.convert.pack.chunks import chunks
from smidgen.convert.pack.factors import FACTOR
from smidgen.convert.pack.lanes import CHUNK, batches
from smidgen.convert.pack.quads import CHUNK as QUAD_CHUNK_TAPS

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
MARK = "budget"
AIMS = dict(zip(NETWORKS, (9, 25, 34, 0.65, 24, 0.9), strict=True))  # millions of cycles

POSITIONS = 12  # of a tile
TAP, PUT_AWAY = 23, 48  # cycles of twelve products, and of what ends a chunk
TWO_PRODUCTS, LONG_PRODUCT = 18, 36  # an output's requantisation
QUAD_TAP, QUAD_CHUNK, QUAD_CHANNELS = 18, 55, 8  # the same of eight products in a dense layer
DEPTHWISE = {1: 64, 2: 73}  # stride: an output, with its nine products


@dataclass
class Budget:
    """Cycles. products: with loads of weights and inputs. idle: positions of a layer's last tile that are not there.
    other: operators that are not packed."""

    products: float = 0
    put_away: float = 0
    requantise: float = 0
    depthwise: float = 0
    other: float = 0
    idle: float = 0
    rest: float = 0

    @property
    def total(self) -> float:
        return sum(getattr(self, field.name) for field in fields(self))

    @property
    def least(self) -> float:
        """What is left where gathering inputs, last tiles, and what surrounds rows and channels cost nothing."""
        return self.products + self.put_away + self.requantise + self.depthwise + self.other


def budget(content: bytes, name: str) -> Budget:
    """Of a `.smg` file in the portable layout."""
    plain, found = Blob.from_bytes(content, name), Budget()
    packed, report = pack(plain, "ARMV6M"), measure(content, name)
    for op, fast, counted in zip(plain.operators, packed.operators, report.operators, strict=True):
        layout = packed.tensors[fast.inputs[1]].layout if len(fast.inputs) > 1 else ""
        before = found.total
        if layout == "LANES":
            _lanes(found, plain, op, packed, fast)
        elif layout == "QUADS":
            _quads(found, plain, op)
        elif layout == "FILTERS":
            outputs = plain.tensors[op.outputs[0]].elements
            found.depthwise += outputs * DEPTHWISE[op.params["stride_w"]]
        else:
            found.other += counted.cycles
        found.rest += counted.cycles - (found.total - before)
    return found


def _filters(blob: Blob, op: OperatorRecord) -> np.ndarray:
    """int32 [channels, taps]."""
    weights = blob.tensors[op.inputs[1]]
    values = np.frombuffer(blob.data, np.int8, weights.elements, weights.offset)
    return values.reshape(weights.dims[0], -1).astype(np.int32)


def _lanes(found: Budget, plain: Blob, op: OperatorRecord, packed: Blob, fast: OperatorRecord) -> None:
    filters, at = _filters(plain, op), packed.tensors[fast.inputs[1]].offset + 4
    channels, taps = filters.shape
    positions = plain.tensors[op.outputs[0]].elements // channels
    tiles, missing = positions / POSITIONS, -positions % POSITIONS / POSITIONS
    chunk_count = sum(len(chunks(filter_[np.newaxis], CHUNK)) for filter_ in filters)
    for filter_ in filters:
        at += len(batches(filter_))
        at += -at % 4 + FACTOR
        found.requantise += positions * (TWO_PRODUCTS if packed.data[at - 1] else LONG_PRODUCT)
    found.products += TAP * taps * channels * tiles
    found.put_away += PUT_AWAY * chunk_count * tiles
    found.idle += missing * (TAP * taps * channels + PUT_AWAY * chunk_count)


def _quads(found: Budget, plain: Blob, op: OperatorRecord) -> None:
    filters = _filters(plain, op)
    groups = [filters[i : i + QUAD_CHANNELS] for i in range(0, len(filters), QUAD_CHANNELS)]
    found.products += QUAD_TAP * filters.shape[1] * len(groups)
    found.put_away += QUAD_CHUNK * sum(len(chunks(group, QUAD_CHUNK_TAPS)) for group in groups)
    found.requantise += TWO_PRODUCTS * len(filters)


def table(budgets: dict[str, Budget]) -> str:
    heads = ["network", "products", "sums put away", "requantising", "depthwise", "not packed", "these at least", "aim"]
    heads += ["last tiles", "the rest", "counted"]
    lines = [f"| {' | '.join(heads)} |", "|" + " --- |" * len(heads)]
    for name, b in budgets.items():
        cells = [b.products, b.put_away, b.requantise, b.depthwise, b.other, b.least]
        numbers = [*(f"{n / 1e6:.2f}" for n in cells), f"{AIMS[name]:g}"]
        numbers += [f"{n / 1e6:.2f}" for n in (b.idle, b.rest, b.total)]
        lines.append(f"| {name} | {' | '.join(numbers)} |")
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    text = table({name: budget(convert(make(), name).to_bytes(), name) for name, make in NETWORKS.items()})
    print(text)
    if "--write" in arguments:
        marked.write(DOCUMENT, MARK, text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
