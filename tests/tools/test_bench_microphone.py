"""The PDM filter's cycles are those of the documentation, and are counted only of what filters rightly."""

from __future__ import annotations

import pytest

from tests.support.debian import ROOT, tool

bench = tool("bench_microphone")


def test_a_sample_takes_the_cycles_of_the_documentation():
    page = (ROOT / "docs" / "keyword-spotting.md").read_text(encoding="utf-8")
    assert f" takes {bench.cycles():,.0f} cycles a sample" in page


def test_a_filter_with_another_weight_is_refused(tmp_path):
    code = bench.FILTER.read_text(encoding="utf-8")
    other = tmp_path / "viper_sound.py"
    other.write_text(code.replace("262 *", "263 *"), encoding="utf-8")
    assert other.read_text(encoding="utf-8") != code
    with pytest.raises(SystemExit, match="the emulated chip's samples are not the host's"):
        bench.cycles(other)
