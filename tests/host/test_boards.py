"""boards/: every description is complete, consistent, and says where its facts come from."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import jsonschema
import pytest

from smidgen import boards
from smidgen.boards import Board
from smidgen.errors import UsageError

FOLDER = Path(__file__).parents[2] / "boards"
SCHEMA = json.loads((FOLDER / "board.schema.json").read_text(encoding="utf-8"))
# MicroPython's numbers for them in .mpy files (py/persistentcode.h); one for a Cortex-M3 says that it runs armv7em.
ARCHITECTURES = {"armv6m": 4, "armv7m": 6, "armv7emsp": 7, "xtensa": 9, "xtensawin": 10, "rv32imc": 11}

REAL = {
    *("pico", "pico-w", "pico2", "pico2-w", "xiao-rp2040", "nano-rp2040-connect", "feather-rp2040"),
    *("esp32-devkitc", "esp32-s3-devkitc", "xiao-esp32s3-sense", "esp32-c3-devkitm", "esp32-cam", "nano-33-ble-sense"),
}

every_board = pytest.mark.parametrize("board", boards.load_all(), ids=lambda board: board.name)


def test_the_boards_are_there():
    assert set(boards.names()) >= REAL


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", boards.names())
def test_a_description_keeps_to_the_schema(name):
    jsonschema.validate(tomllib.loads((FOLDER / name / "board.toml").read_text(encoding="utf-8")), SCHEMA)


def test_a_description_that_does_not_keep_to_it_is_refused():
    good = tomllib.loads((FOLDER / "pico" / "board.toml").read_text(encoding="utf-8"))
    for spoil in ({"heap_bytes": "many"}, {"colour": "green"}, {"sources": {}}, {"flashing": {"how": "uf2"}}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**good, **spoil}, SCHEMA)


@every_board
def test_figures_agree_with_each_other(board: Board):
    assert board.filesystem_bytes + board.romfs_bytes <= board.flash_bytes
    assert board.heap_bytes < board.ram_bytes or "PSRAM" in board.sources["heap_bytes"]
    if board.architecture in ARCHITECTURES:
        assert board.firmware.mpy >> 10 == ARCHITECTURES[board.architecture]
        assert board.firmware.mpy & 0xFF == 6, "the .mpy format since MicroPython 1.23"


@every_board
def test_what_is_told_of_sensors_has_its_source(board: Board):
    assert not board.sensors or "sensors" in board.sources
    assert (FOLDER / board.name / "README.md").read_text(encoding="utf-8").startswith(f"# {board.title}\n")


@every_board
def test_a_board_is_known_by_what_its_firmware_says(board: Board):
    assert boards.identify(board.firmware.machine, board.firmware.build) == board
    assert boards.identify(board.firmware.machine) == board


def test_an_unknown_firmware_is_no_board():
    assert boards.identify("Abacus with beads", "ABACUS") is None
    with pytest.raises(UsageError, match=r"abacus: no such board; there are .*pico"):
        boards.load("abacus")
