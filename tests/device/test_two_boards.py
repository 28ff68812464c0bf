"""Two boards at once, each named by its serial number."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from serial.tools import list_ports
from serial.tools.list_ports_common import ListPortInfo

from smidgen.device import connect
from smidgen.sim import SimBoard
from tests.device.words import current, deploy


def test_two_boards_are_deployed_to_at_the_same_time_by_their_serial_numbers(tmp_path, monkeypatch):
    words = {"E6614104": "left", "E6614207": "right"}
    with SimBoard(state=tmp_path / "left") as left, SimBoard(state=tmp_path / "right") as right:
        if left.pty is None:
            pytest.skip("this system has no pseudo-terminals")
        plugged_in = []
        for board, number in zip((left, right), words, strict=True):
            port = ListPortInfo(board.pty)
            port.vid, port.pid, port.serial_number, port.description = 0x2E8A, 5, number, "Board in FS mode"
            plugged_in.append(port)
        monkeypatch.setattr(list_ports, "comports", lambda: plugged_in)
        with ThreadPoolExecutor(2) as both:
            list(both.map(deploy, words, words.values()))
        for number, word in words.items():
            with connect(number) as board:
                assert board.exec("import smidgen\nsmidgen.start()").strip() == word
    assert [current(tmp_path / word / "files") for word in words.values()] == ["left", "right"]
