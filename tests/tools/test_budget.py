"""The budget of docs/performance.md explains what is counted."""

from __future__ import annotations

from smidgen.bench import measure
from smidgen.bench.seeded import Network
from smidgen.convert import convert
from tests.support.debian import tool

budget = tool("budget")


def test_taps_chunks_and_outputs_explain_most_of_the_counted_cycles_and_never_more():
    net = Network((12, 12, 16), 1, full=True).conv(32).depthwise(3).conv(32).global_average().dense(10)
    content = convert(net.build(), "net").to_bytes()
    found = budget.budget(content, "net")
    assert found.total == measure(content, "net").cycles
    assert 0 < found.rest < 0.2 * found.total
    assert found.idle == 0  # 144 positions are twelve tiles
    assert min(found.products, found.put_away, found.requantise, found.depthwise, found.other) > 0
    assert found.depthwise == 144 * 32 * 64
