"""`smidgen check`: the sum that decides, and what it says when it is too large."""

from __future__ import annotations

import json

from smidgen import boards
from smidgen.blob import Blob
from smidgen.convert import convert
from tests.host.cli.conftest import fails_with_one_line
from tests.support.keyword_model import keyword_model
from tests.support.networks import mobilenet


def test_a_model_that_fits_is_shown_part_by_part(smidgen):
    content = keyword_model()
    (smidgen.folder / "model.smg").write_bytes(content)
    figures = json.loads(smidgen("check", "model.smg", "--json").stdout)
    assert figures["parts"]["model file"] == len(content)
    assert figures["parts"]["arena"] == Blob.from_bytes(content).arena_size
    assert figures["total_bytes"] == sum(figures["parts"].values()) < figures["heap_bytes"]
    assert figures["fits"] is True
    said = smidgen("check", "model.smg").stdout
    assert f"fits a Raspberry Pi Pico: {figures['total_bytes']:,} of {figures['heap_bytes']:,} bytes" in said


def test_a_model_that_does_not_fit_says_by_how_much_and_what_to_do(smidgen):
    content = convert(mobilenet(3), "vww").to_bytes()
    (smidgen.folder / "vww.smg").write_bytes(content)
    need = len(content) + Blob.from_bytes(content).arena_size
    heap = boards.load("pico").heap_bytes
    assert need > heap
    fails_with_one_line(smidgen("check", "vww.smg"), f"{need:,} bytes", f"{heap:,} free", "--in-flash")
    in_flash = smidgen("check", "vww.smg", "--in-flash")
    assert in_flash.returncode == 0 and "model file" not in in_flash.stdout
    figures = smidgen("check", "vww.smg", "--json")
    assert figures.returncode == 1 and json.loads(figures.stdout)["fits"] is False


def test_a_board_that_nobody_knows_is_refused_with_those_that_are(smidgen):
    (smidgen.folder / "model.smg").write_bytes(keyword_model())
    fails_with_one_line(smidgen("check", "model.smg", "--board", "abacus"), "abacus", "pico")
