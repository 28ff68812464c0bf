"""Talking to a board, and what is said when that does not work: one line, the port's name in it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from serial.tools import list_ports
from serial.tools.list_ports_common import ListPortInfo

from smidgen.device import board as board_module
from smidgen.device import connect, ports
from smidgen.errors import DeviceError, PortError
from smidgen.sim import SimBoard
from tests.device.lines import chattering, foreign, line, silent


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board_module, "_PATIENCE_SECONDS", 1.0)


def refused(port: str | None) -> str:
    with pytest.raises(PortError) as caught:
        connect(port).close()
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_code_runs_and_values_come_back(sim: SimBoard) -> None:
    with connect(sim.url) as board:
        assert board.exec("print('a')\nprint('b')") == "a\nb\n"
        assert board.eval("[1, 'two', b'\\x03', None]") == [1, "two", b"\x03", None]


def test_a_failing_program_is_named_and_its_report_kept(sim: SimBoard) -> None:
    with connect(sim.url) as board:
        with pytest.raises(DeviceError, match="ZeroDivisionError") as caught:
            board.exec("def f():\n    1 / 0\nf()")
        assert "in f" in caught.value.__notes__[0]
        assert board.exec("print(1)") == "1\n"


def test_a_program_s_lines_come_while_it_runs(sim: SimBoard) -> None:
    seen: list[str] = []

    def stop_at_two(text: str) -> None:
        seen.append(text)
        if text == "2":
            raise KeyboardInterrupt

    with connect(sim.url) as board:
        with pytest.raises(KeyboardInterrupt):
            board.run("n = 0\nwhile True:\n    print(n)\n    n += 1", stop_at_two)
        assert seen[:3] == ["0", "1", "2"]
        assert board.exec("print('alive')") == "alive\n"


def test_a_program_that_fails_later_has_said_what_it_said(sim: SimBoard) -> None:
    seen: list[str] = []
    with connect(sim.url) as board, pytest.raises(DeviceError, match="ValueError: bad"):
        board.run("print('one')\nprint('last', end='')\nraise ValueError('bad')", seen.append)
    assert seen == ["one", "last"]


def test_connecting_stops_a_program_and_frees_its_memory(sim: SimBoard) -> None:
    with connect(sim.url) as board:
        board.exec("hog = bytearray(100000)")
        board._transport.exec_raw_no_follow("while True: print('x')")
    with connect(sim.url) as board:
        assert len(board.exec("print(len(bytearray(150000)))")) > 0


def test_a_program_has_the_memory_that_a_deployment_took(sim: SimBoard) -> None:
    free: list[str] = []
    ask = "import gc\ngc.collect()\nprint(gc.mem_free())"
    with connect(sim.url) as board:
        board.run(ask, free.append)
        board.call("agent_sizes", ["/"])
        board.run(ask, free.append)
    assert free[0] == free[1]


def test_reset_starts_main(sim: SimBoard) -> None:
    with connect(sim.url) as board:
        board.put("/main.py", b"f = open('/ran', 'w')\nf.close()\n")
        board.reset()
    with connect(sim.url) as board:
        assert "ran" in board.listdir()
        for path in ("/ran", "/main.py"):
            board.call("agent_remove", path)


def test_a_board_that_ignores_ctrl_c_and_prints_on_is_named() -> None:
    stubborn = "while True:\n    try:\n        while True: print('x' * 50)\n    except KeyboardInterrupt: pass"
    with SimBoard() as sim:
        board = connect(sim.url)
        board._transport.exec_raw_no_follow(stubborn)
        board.close()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(board_module, "_PATIENCE_SECONDS", 1.0)
            assert "prints on and on and ignores Ctrl-C" in refused(sim.url)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    ("behaviour", "text"),
    [
        (silent, "the board does not answer as MicroPython does"),
        (foreign, "the board does not answer as MicroPython does"),
        (chattering, "prints on and on and ignores Ctrl-C"),
    ],
)
def test_what_is_not_a_board_at_its_prompt_is_named(behaviour: Callable[..., None], text: str) -> None:
    with line(behaviour) as url:
        assert text in refused(url)


@pytest.mark.parametrize(
    ("port", "text"),
    [
        ("/dev/there-is-none", "/dev/there-is-none: no board there"),
        ("socket://localhost:1", "socket://localhost:1: no board there"),
        ("nonsense://x", "nonsense://x: not a port"),
        ("socket://localhost", "socket://localhost: not a port"),
    ],
)
def test_a_port_that_is_none_is_named(port: str, text: str) -> None:
    assert text in refused(port)


@pytest.mark.parametrize("way", ["url", "pty"])
def test_a_port_in_use_is_named(sim: SimBoard, way: str) -> None:
    port = getattr(sim, way)
    if port is None:
        pytest.skip("this system has no pseudo-terminals")
    with connect(port) as board:
        assert "another program" in refused(port)
        assert board.exec("print(1)") == "1\n"


def test_a_board_that_vanishes_is_named() -> None:
    with SimBoard() as sim:
        board = connect(sim.url)
        sim.stop()
        with pytest.raises(PortError, match="the board has gone"):
            board.exec("print(1)")
        board.close()


def plugged_in(*names: str) -> list[ListPortInfo]:
    found = []
    for name in (*names, "/dev/ttyS0"):
        port = ListPortInfo(name)
        port.vid = None if name == "/dev/ttyS0" else 0x2E8A
        port.description = "Board in FS mode"
        found.append(port)
    return found


def test_no_name_means_the_only_board(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(list_ports, "comports", lambda: plugged_in())
    assert "no board is plugged in" in refused(None)
    monkeypatch.setattr(list_ports, "comports", lambda: plugged_in("/dev/none-1", "/dev/none-2"))
    assert "several boards are plugged in; choose a port: /dev/none-1, /dev/none-2" in refused(None)
    monkeypatch.setattr(list_ports, "comports", lambda: plugged_in("/dev/none-1"))
    assert [port.name for port in ports()] == ["/dev/none-1"]
    assert refused(None).startswith("/dev/none-1: no board there")
