"""`smidgen repl`: a prompt on a terminal."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import time

import pytest
import serial

from smidgen.cli.repl import load_model
from smidgen.device import connect, install, model_part, package_part
from smidgen.errors import DeviceError
from smidgen.sim import SimBoard
from tests.host.cli.conftest import fails_with_one_line
from tests.support.keyword_model import keyword_model

CTRL_RIGHT_BRACKET = b"\x1d"


def read_until(terminal: int, wanted: bytes, seconds: float = 30) -> bytes:
    """What comes out of a terminal up to `wanted`."""
    said, end = b"", time.monotonic() + seconds
    while wanted not in said:
        assert time.monotonic() < end, said
        if select.select([terminal], [], [], 0.2)[0]:
            said += os.read(terminal, 4096)
    return said


def test_repl_types_to_the_board_and_leaves_with_ctrl_right_bracket(smidgen):
    with SimBoard() as board:
        terminal, inside = pty.openpty()
        line = [*smidgen.line, "repl", "--port", board.url]
        process = subprocess.Popen(line, stdin=inside, stdout=inside, stderr=inside, start_new_session=True)
        os.close(inside)
        read_until(terminal, b"Ctrl+] to leave")
        os.write(terminal, b"print(6 * 7)\r")
        read_until(terminal, b"42")
        os.write(terminal, CTRL_RIGHT_BRACKET)
        assert process.wait(30) == 0
        os.close(terminal)


def test_without_a_terminal_it_says_what_to_use_instead(smidgen):
    with SimBoard() as board:
        fails_with_one_line(smidgen("repl", "--port", board.url), "needs a terminal", "mpremote")


def test_a_port_that_is_not_there_is_named(smidgen):
    fails_with_one_line(smidgen("repl", "--port", "/dev/ttyNONE"), "/dev/ttyNONE", "no board there")


def test_the_deployed_model_is_at_the_prompt_with_a_hint():
    with SimBoard(pty=False) as sim:
        with connect(sim.url) as board:
            install(board, [package_part(None), model_part(keyword_model())])
        hint = load_model(sim.url)
        assert hint.startswith("model: 1x20x16x1 values, wasm engine.") and "[0.0] * 320" in hint
        with serial.serial_for_url(sim.url, timeout=10) as port:
            port.write(b"\rprint(model.labels[0])\r")
            assert port.read_until(b"_silence_").endswith(b"_silence_")


def test_without_a_deployment_the_prompt_has_no_model():
    with SimBoard(pty=False) as sim, pytest.raises(DeviceError, match="smidgen"):
        load_model(sim.url)
