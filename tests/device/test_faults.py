"""Deployments over bad cables: to simulated boards, and to one in memory where only a bad byte has to be imagined."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from mpremote.transport_serial import SerialTransport

from smidgen.device import board as board_module
from smidgen.device import connect, install
from smidgen.errors import DeviceError
from smidgen.sim import SimBoard
from tests.device.memory_board import replica
from tests.device.proxy import cut, delay, drop, duplicate, garble, proxy, reset, through
from tests.device.test_install import LITTLEFS, a_set, connected, deployed
from tests.device.words import current, deploy

PULLS = 24  # test_power.py has the places where it matters, hundreds of them


@pytest.fixture
def sim(tmp_path: Path) -> Iterator[SimBoard]:
    with SimBoard(state=tmp_path, pty=False) as board:
        yield board


@pytest.fixture
def no_reset(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connecting stops the board's program and goes on; a soft reset, which no file survives better or worse, takes a
    simulated board most of a deployment's time."""

    def enter(name: str, transport: SerialTransport) -> None:
        board_module._quieten(name, transport.serial)
        transport.serial.write(b"\r\x01")
        board_module._await(name, transport.serial, board_module._RAW_PROMPT + b"\r\n")
        transport.in_raw_repl = True

    monkeypatch.setattr(board_module, "_enter_raw_mode", enter)


@pytest.mark.usefixtures("hasty", "no_reset")
def test_a_cable_that_is_pulled_leaves_old_or_new_and_the_board_takes_the_next_deployment(tmp_path: Path):
    files, left, length = tmp_path / "files", [], {}
    with SimBoard(state=tmp_path, pty=False) as sim:
        deploy(sim.url, "left")
        for word in ("right", "left"):
            pieces: list[int] = []
            with proxy(sim.url, count=pieces.append) as url:
                deploy(url, word)
            length[word] = sum(pieces)
        old, new = "left", "right"
        for point in range(PULLS):
            with proxy(sim.url, cut(length[new] * (2 * point + 1) // (2 * PULLS))) as url, pytest.raises(DeviceError):
                deploy(url, new)
            left.append("old" if current(files) == old else "new")
            assert current(files) in (old, new), point
            deploy(sim.url, new)
            assert current(files) == new and not list(files.rglob("*.new")), point
            old, new = new, old
    assert set(left) == {"old", "new"}


@pytest.mark.usefixtures("hasty")
def test_a_board_that_loses_its_power_in_the_middle_starts_with_old_or_new(tmp_path: Path):
    pieces: list[int] = []
    with SimBoard(state=tmp_path) as sim:
        deploy(sim.url, "right")
        with proxy(sim.url, count=pieces.append) as url:
            deploy(url, "left")
        deploy(sim.url, "right")

        def unplug() -> None:
            assert sim._process is not None
            sim._process._process.kill()

        with proxy(sim.url, reset(int(0.8 * sum(pieces)), unplug)) as url, pytest.raises(DeviceError):
            deploy(url, "left")
    assert current(tmp_path / "files") in ("left", "right")
    with SimBoard(state=tmp_path) as sim:
        with connect(sim.url) as board:
            assert board.exec("import smidgen\nsmidgen.start()").strip() == current(tmp_path / "files")
        deploy(sim.url, "left")
    assert current(tmp_path / "files") == "left"


@pytest.mark.usefixtures("hasty")
def test_a_slow_cable_is_no_failure(sim: SimBoard, tmp_path: Path):
    with proxy(sim.url, delay(3000, 0.2)) as url:
        deploy(url, "left")
    assert current(tmp_path / "files") == "left"


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("fault", [drop, duplicate, garble])
def test_a_bad_byte_anywhere_leaves_old_or_new(fault, monkeypatch):
    monkeypatch.setattr(board_module, "_QUIET_SECONDS", 0.0)
    monkeypatch.setattr(board_module, "_ANSWER_SECONDS", 0.05)
    before = deployed(LITTLEFS, "old")
    state, sent = before.files.snapshot(), before.received
    with connected(before) as board:
        install(board, a_set("new"), starts=True)
    for byte in range(200, before.received - sent, 977):
        bad = replica(state, LITTLEFS)
        bad.receive = through(bad.receive, fault(byte))  # type: ignore[method-assign]
        try:
            with connected(bad) as board:
                install(board, a_set("new"), starts=True)
        except DeviceError as error:
            assert "\n" not in str(error)
        again = replica(bad.files.snapshot(), LITTLEFS)
        assert again.boot() in (["old"] * 3, ["new"] * 3), byte
        with connected(again) as board:
            install(board, a_set("new"), starts=True)
        assert again.boot() == ["new"] * 3
