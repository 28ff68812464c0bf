"""Files arrive on a board whole or not at all, and only those that changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from smidgen.device import Board, connect, deploy
from smidgen.errors import DeployError, SmidgenError
from smidgen.sim import SimBoard
from tests.device.lines import cut_after, line

OLD = {"/lib/thing/a.py": b"old = 1\n", "/model.smg": b"old" * 3000}
NEW = {"/lib/thing/a.py": b"new = 2\n", "/model.smg": bytes(range(256)) * 30, "/main.py": b"print('new')\n"}


@pytest.fixture
def board(sim: SimBoard) -> Iterator[Board]:
    with connect(sim.url) as board:
        deploy(board, OLD)
        board.call("agent_remove", "/main.py")
        yield board


def content(board: Board, path: str) -> bytes | None:
    if board.call("agent_size", path) is None:
        return None
    return bytes(board.eval(f"open({path!r}, 'rb').read()"))


def assert_old_or_new(board: Board) -> None:
    for path in NEW:
        assert content(board, path) in (OLD.get(path), NEW[path]), path


def test_what_changed_is_copied_and_the_rest_is_left(board: Board) -> None:
    first = deploy(board, {**OLD, "/main.py": b"1\n"})
    assert first.copied == ("/main.py",)
    assert first.bytes_sent == 2
    assert set(first.unchanged) == set(OLD)
    assert deploy(board, NEW).copied == tuple(NEW)
    for path, expected in NEW.items():
        assert content(board, path) == expected
        assert board.hash(path) == hashlib.sha256(expected).hexdigest()
    assert board.listdir("/lib/thing") == ["a.py"]


def test_any_bytes_arrive_as_they_are(board: Board) -> None:
    tricky = bytes(range(256)) * 20 + b"\x04\x03\x02\x01\r\n'\"\\"
    deploy(board, {"/main.py": tricky})
    assert content(board, "/main.py") == tricky
    deploy(board, {"/main.py": b""})
    assert content(board, "/main.py") == b""


def test_progress_counts_up_to_the_size(board: Board) -> None:
    seen: list[tuple[str, int, int]] = []
    deploy(board, {"/model.smg": NEW["/model.smg"]}, lambda *step: seen.append(step))
    sent = [step[1] for step in seen]
    assert sent == sorted(sent)
    assert seen[-1] == ("/model.smg", 7680, 7680)


@pytest.fixture(scope="module")
def whole_deployment(sim: SimBoard) -> int:
    """Bytes that go towards the board when the old files are replaced by the new ones."""
    pieces: list[int] = []
    with connect(sim.url) as board:
        deploy(board, OLD)
    with line(cut_after(sim.url, 1 << 30, pieces.append)) as whole, connect(whole) as board:
        deploy(board, NEW)
    return sum(pieces)


@pytest.mark.parametrize("share", [0.1, 0.4, 0.6, 0.8, 0.9, 0.97])
def test_deploy_cut_at_any_byte_leaves_old_or_new(
    sim: SimBoard, whole_deployment: int, board: Board, share: float
) -> None:
    board.close()
    with line(cut_after(sim.url, int(share * whole_deployment))) as cut, pytest.raises(SmidgenError):
        with connect(cut) as far:
            deploy(far, NEW)
        raise AssertionError("the cable did not break")
    with connect(sim.url) as again:
        assert_old_or_new(again)
        deploy(again, NEW)
        assert [content(again, path) for path in NEW] == list(NEW.values())
        assert not [name for name in again.listdir("/") if name.endswith(".new")]


@pytest.mark.parametrize("after", [1, 7680])
def test_power_cut_during_a_copy_leaves_old_or_new(tmp_path: Path, after: int) -> None:
    def pull_the_plug(path: str, sent: int, size: int) -> None:
        if path == "/model.smg" and sent >= after:
            assert sim._process is not None
            sim._process._process.kill()

    with SimBoard(state=tmp_path) as sim, connect(sim.url) as board:
        deploy(board, OLD)
        with pytest.raises(DeployError, match=r"/model.smg: the copy was cut"):
            deploy(board, NEW, pull_the_plug)
    with SimBoard(state=tmp_path) as sim, connect(sim.url) as board:
        assert_old_or_new(board)
        assert content(board, "/model.smg") == OLD["/model.smg"]


def test_without_room_nothing_is_touched(board: Board) -> None:
    with pytest.raises(DeployError, match=r"2,00\d,\d{3} bytes are needed on the board and [\d,]+ are free"):
        deploy(board, {"/lib/thing/a.py": b"new", "/model.smg": bytes(2_000_000)})
    for path, expected in OLD.items():
        assert content(board, path) == expected


def test_a_file_where_a_folder_is_wanted_is_one_clear_line(board: Board) -> None:
    with pytest.raises(DeployError, match=r"/model.smg/x: could not be copied; what was there is intact") as caught:
        deploy(board, {"/model.smg/x": b"1"})
    assert "\n" not in str(caught.value)
    assert content(board, "/model.smg") == OLD["/model.smg"]


def test_a_relative_path_is_refused(board: Board) -> None:
    with pytest.raises(DeployError, match="has to begin with /"):
        deploy(board, {"main.py": b""})
