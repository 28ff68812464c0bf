"""`smidgen check`: the sum that decides, and what it says when it is too large."""

from __future__ import annotations

import json
import re

from smidgen import boards
from smidgen.bench.networks import mobilenet
from smidgen.blob import Blob
from smidgen.convert import convert
from smidgen.fit import fit
from smidgen.memory import packed
from tests.engine.test_samples import converted
from tests.host.cli.conftest import fails_with_one_line
from tests.support.debian import need
from tests.support.keyword_model import keyword_model


def test_a_model_that_fits_is_shown_part_by_part(smidgen):
    content = keyword_model()
    (smidgen.folder / "model.smg").write_bytes(content)
    figures = json.loads(smidgen("check", "model.smg", "--json").stdout)
    on_a_pico = packed(content, "model.smg", "armv6m")
    assert figures["parts"]["model file"] == len(on_a_pico)
    assert figures["parts"]["arena"] == Blob.from_bytes(on_a_pico).arena_size
    assert figures["total_bytes"] == sum(figures["parts"].values()) < figures["heap_bytes"]
    assert figures["fits"] is True
    said = smidgen("check", "model.smg").stdout
    assert f"fits a Raspberry Pi Pico: {figures['total_bytes']:,} of {figures['heap_bytes']:,} bytes" in said
    assert f"({figures['cycles']:,} cycles counted)" in said and "times real time" in said
    assert max(map(len, said.splitlines())) <= 80
    python = json.loads(smidgen("check", "model.smg", "--engine", "python", "--json").stdout)
    assert python["parts"]["engine"] > figures["parts"]["engine"] and python["milliseconds"] is None


def test_check_counts_the_cycles_that_bench_does(smidgen):
    (smidgen.folder / "model.smg").write_bytes(keyword_model())
    benched = json.loads(smidgen("bench", "model.smg", "--json").stdout)["cycles"]
    figures = json.loads(smidgen("check", "model.smg", "--board", "pico-w", "--json").stdout)
    assert figures["cycles"] == benched
    ms = 1e3 / 125_000_000
    assert figures["milliseconds"] == [benched * ms, 2 * benched * ms]
    hop = figures["hop_ms"]
    assert figures["real_time_factor"] == [hop / (2 * benched * ms), hop / (benched * ms)]


def test_every_board_is_asked_at_once(smidgen):
    (smidgen.folder / "model.smg").write_bytes(keyword_model())
    said = smidgen("check", "model.smg", "--all").stdout
    assert max(map(len, said.splitlines())) <= 80
    answers = json.loads(smidgen("check", "model.smg", "--all", "--json").stdout)["boards"]
    assert [answer["board"] for answer in answers] == boards.names()
    assert {answer["basis"] for answer in answers} >= {"counted", "published"}
    assert all(answer["fits"] for answer in answers)


def test_a_model_that_does_not_fit_says_by_how_much_and_what_to_do(smidgen):
    content = convert(mobilenet(3), "vww").to_bytes()
    (smidgen.folder / "vww.smg").write_bytes(content)
    need = fit(content, "vww", boards.load("pico")).need.total
    heap = boards.load("pico").heap_bytes
    assert need > heap
    assert fit(content, "vww", boards.load("esp32-cam")).fits
    remedies = ("--in-flash", f"{need - heap:,} bytes smaller", "where it fits")
    fails_with_one_line(smidgen("check", "vww.smg"), f"{need:,} bytes", f"{heap:,} free", *remedies)
    in_flash = smidgen("check", "vww.smg", "--in-flash", "--board", "pico2")
    assert in_flash.returncode == 0 and re.search(r"^model file +0\s*$", in_flash.stdout, re.MULTILINE)
    figures = smidgen("check", "vww.smg", "--json")
    assert figures.returncode == 1 and json.loads(figures.stdout)["fits"] is False


def test_a_board_that_nobody_knows_is_refused_with_those_that_are(smidgen):
    (smidgen.folder / "model.smg").write_bytes(keyword_model())
    fails_with_one_line(smidgen("check", "model.smg", "--board", "abacus"), "abacus", "pico")


def test_instructions_are_counted_where_cycles_are_not(smidgen):
    need("boards")
    (smidgen.folder / "model.smg").write_bytes(keyword_model())
    counted = json.loads(smidgen("bench", "model.smg", "--target", "m33", "--json").stdout)["instructions"]
    figures = json.loads(smidgen("check", "model.smg", "--board", "pico2", "--json").stdout)
    assert (figures["basis"], figures["instructions"], figures["cycles"]) == ("instructions", counted, None)
    ms = 1e3 / 150_000_000
    assert figures["milliseconds"] == [counted * ms, 3 * counted * ms]
    said = smidgen("check", "model.smg", "--board", "pico2").stdout
    assert f"{counted:,} instructions counted, 1 to 3 cycles each" in said
    assert max(map(len, said.splitlines())) <= 80


def test_an_operator_that_the_python_engine_lacks_is_named(smidgen):
    (smidgen.folder / "mul.smg").write_bytes(converted("mul"))
    text = "mul.smg uses MUL, which the Python engine does not have"
    fails_with_one_line(smidgen("check", "mul.smg", "--engine", "python"), text, "--engine c")
    assert json.loads(smidgen("check", "mul.smg", "--engine", "python", "--json").stdout)["unsupported"] == ["MUL"]


def test_an_operator_that_the_python_engine_has_for_other_types_is_named_with_them(smidgen):
    (smidgen.folder / "wide.smg").write_bytes(converted("wide"))
    text = "wide.smg uses CONV_2D of INT16 and INT8, which the Python engine does not have"
    fails_with_one_line(smidgen("check", "wide.smg", "--engine", "python"), text, "--engine c")
