"""`smidgen boards`: the list, one board with its sources, and both as JSON."""

from __future__ import annotations

import json

from smidgen import boards
from tests.host.cli.conftest import fails_with_one_line


def test_the_list_fits_a_terminal_and_names_every_board(smidgen):
    said = smidgen("boards").stdout
    assert max(map(len, said.splitlines())) <= 80
    for name in boards.names():
        assert f"\n{name} " in said
    listed = json.loads(smidgen("boards", "--json").stdout)["boards"]
    assert [board["name"] for board in listed] == boards.names()


def test_one_board_tells_its_sources(smidgen):
    told = smidgen("boards", "xiao-esp32s3-sense").stdout
    assert max(map(len, told.splitlines())) <= 80
    assert "OV2640" in told and "8,257,536" in told
    assert json.loads(smidgen("boards", "pico", "--json").stdout)["sources"]["heap_bytes"].startswith("measured")
    fails_with_one_line(smidgen("boards", "abacus"), "abacus", "no such board")
