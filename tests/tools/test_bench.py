"""`make bench` sees a regression, and counts the same twice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from smidgen.bench import OperatorCycles, Report, measure
from smidgen.bench.networks import ds_cnn
from smidgen.bench.seeded import Network
from smidgen.convert import convert
from tests.support.debian import tool

bench = tool("bench")
REPORT = Report(1, 100_000, 5_000, 9_000, 5_000, 1_000, 600, 0, 500, 2_000, 70, [OperatorCycles("COPY", 9, 9, 0)])
DOCUMENT = "# Performance\n\n<!-- table -->\n<!-- end of table -->\nThe method.\n"


@pytest.fixture
def page(tmp_path, monkeypatch):
    """docs/performance.md, after `--write`, with the cycles of two networks that take nothing to count."""
    counted = {"keyword": 100_000, "vision": 200_000}
    content = convert(Network((4,), 1).dense(2).build(), "net")
    monkeypatch.setattr(bench, "NETWORKS", dict.fromkeys(counted, bytes))
    monkeypatch.setattr(bench, "convert", lambda made, name: content)
    monkeypatch.setattr(bench, "measure", lambda content, name, **_: replace(REPORT, cycles=counted[name]))
    monkeypatch.setattr(bench, "DOCUMENT", tmp_path / "performance.md")
    monkeypatch.setattr(bench, "PICTURE", tmp_path / "performance.svg")
    bench.DOCUMENT.write_text(DOCUMENT)
    assert bench.main(["--write"]) == 0
    return counted


def test_the_written_table_is_found_again(page):
    text = bench.DOCUMENT.read_text()
    assert bench.cycles_in(text) == {"keyword": 100_000, "vision": 200_000}
    assert text.startswith("# Performance\n") and text.endswith("\nThe method.\n")
    assert bench.main([]) == 0


def test_a_network_slower_by_more_than_two_per_cent_is_named_and_fails(page, capsys):
    page["vision"] = 204_200
    assert bench.main([]) == 1
    said = capsys.readouterr().out
    assert "bench: vision takes 2.1% more cycles than docs/performance.md says" in said
    assert "bench: keyword" not in said


def test_a_network_slower_by_less_passes(page):
    page["vision"] = 203_800
    assert bench.main([]) == 0


def test_two_runs_count_the_same():
    content = convert(Network((6, 6, 8), 1).conv(8, 3).build(), "net").to_bytes()
    first, second = measure(content, "net"), measure(content, "net")
    assert first == second
    assert first.cycles == sum(operator.cycles for operator in first.operators)


def test_the_operators_code_is_part_of_all_code():
    one, two = (
        measure(convert(net.build(), "net").to_bytes(), "net")
        for net in (Network((6, 6, 8), 1).conv(8, 3), Network((6, 6, 8), 1).conv(8, 3).softmax())
    )
    assert 0 < one.operator_bytes < two.operator_bytes < two.code_bytes
    assert one.code_bytes - one.operator_bytes == two.code_bytes - two.operator_bytes  # the engine


def test_the_operators_of_a_keyword_model_take_at_most_12_kilobytes_of_code():
    assert measure(convert(ds_cnn(full=True), "net").to_bytes(), "net").operator_bytes <= 12 * 1024
