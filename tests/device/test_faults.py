"""Deployments over bad cables: to simulated boards, and to one in memory where only a bad byte has to be imagined."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from mpremote.transport_serial import SerialTransport

from smidgen.device import Part, connect, install
from smidgen.device import board as board_module
from smidgen.device.install import sha256
from smidgen.errors import DeviceError
from smidgen.sim import SimBoard
from tests.device.memory_board import replica
from tests.device.proxy import cut, delay, drop, duplicate, garble, proxy, reset, through
from tests.device.test_install import LITTLEFS, a_set, connected, deployed

POINTS, BOARDS = 216, 3  # a few of the last come after the end, for a board is sent more when it is slow


def parts(word: str) -> list[Part]:
    """A small set of which nothing is shared with another word's."""
    package = f"def __getattr__(name):\n    return {word!r}\n"
    return [
        Part("package", {"smidgen/__init__.py": package.encode(), "smidgen/more.py": word.encode() * 100}),
        Part("model", {"model.smg": word.encode() * 300}),
        Part("program", {"main.py": f"print({word!r})\n".encode()}),
    ]


def current(files: Path) -> str | None:
    """The word of the set that a board's filesystem, as the host sees it, makes current; every file is compared. None
    when that is neither set, whole."""
    pointer = (files / ".smidgen" / "current").read_bytes()
    for word in ("left", "right"):
        wanted = parts(word)
        if pointer == "".join(f"{part.folder}\n" for part in wanted).encode() + b".":
            same = [
                sha256((files / ".smidgen" / part.folder / path).read_bytes()) == sha256(content)
                for part in wanted
                for path, content in part.files.items()
            ]
            return word if all(same) else None
    return None


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """No patience with a board that is known to be there."""
    monkeypatch.setattr(board_module, "_QUIET_SECONDS", 0.02)
    monkeypatch.setattr(board_module, "_ANSWER_SECONDS", 0.5)


@pytest.fixture
def sim(tmp_path: Path) -> Iterator[SimBoard]:
    with SimBoard(state=tmp_path, pty=False) as board:
        yield board


def deploy(url: str, word: str) -> None:
    with connect(url) as board:
        install(board, parts(word), starts=True)


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
def test_deploy_cut_at_two_hundred_points_leaves_old_or_new_on_a_simulated_board(tmp_path: Path):
    with ThreadPoolExecutor(BOARDS) as boards:
        found = list(boards.map(lambda number: cut_at_points(tmp_path / str(number), number), range(BOARDS)))
    points = [point for seen in found for point in seen]
    assert len(points) >= 200 and set(points) == {"old", "new"}


def cut_at_points(folder: Path, number: int) -> list[str]:
    """Deployments to one board, each cut at another byte and then completed. Returns what each cut left."""
    files, left, pieces = folder / "files", [], []
    with SimBoard(state=folder, pty=False) as sim:
        deploy(sim.url, "left")
        with proxy(sim.url, count=pieces.append) as url:
            deploy(url, "right")
        old, new = "right", "left"
        for point in range(number, POINTS, BOARDS):
            with proxy(sim.url, cut(sum(pieces) * point // POINTS)) as url:
                try:
                    deploy(url, new)
                except DeviceError:
                    left.append("old" if current(files) == old else "new")
            assert current(files) in (old, new), point
            deploy(sim.url, new)
            assert current(files) == new and not list(files.rglob("*.new")), point
            old, new = new, old
    return left


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_board_that_loses_its_power_in_the_middle_starts_with_old_or_new(tmp_path: Path, share: float):
    pieces: list[int] = []
    with SimBoard(state=tmp_path) as sim:
        deploy(sim.url, "left")
        with proxy(sim.url, count=pieces.append) as url:
            deploy(url, "right")

        def unplug() -> None:
            assert sim._process is not None
            sim._process._process.kill()

        with proxy(sim.url, reset(int(share * sum(pieces)), unplug)) as url, pytest.raises(DeviceError):
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
