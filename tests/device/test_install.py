"""A deployment is the old set or the new set, wherever it is cut, and the next one completes it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from smidgen.device import Board, Part, connect, install
from smidgen.device import board as board_module
from smidgen.errors import DeployError, DeviceError
from tests.device.memory_board import Files, MemoryBoard, plugged_in, replica

# A program that tells which package, model and program it finds.
_PROGRAM = """import os, sys
from smidgen import WORD
def found(name):
    for folder in sys.path:
        try:
            return open(folder + "/" + name).read().strip()
        except OSError:
            pass
print(WORD, found("model.smg"), {own!r})
"""


def a_set(word: str) -> list[Part]:
    """A set whose package, model and program say `word`; a part of the package is the same in every set."""
    package = {
        "smidgen/__init__.py": b"from .word import WORD\nfrom .same import OTHER\n"
        b"def __getattr__(name):\n    return {'WORD': WORD}[name]\n",
        "smidgen/word.py": f"WORD = {word!r}\n".encode(),
        "smidgen/same.py": b"OTHER = 1\n",
    }
    return [
        Part("package", package),
        Part("model", {"model.smg": word.encode() + b" " * 5000}),
        Part("program", {"main.py": _PROGRAM.format(own=word).encode()}),
    ]


LITTLEFS, FAT = Files("closed", True), Files("written", False)
OWN = {
    "/main.py": b"from smidgen import WORD\nprint(WORD, 'own', 'own')\n",
    "/lib/smidgen/__init__.py": b"def __getattr__(name):\n    from .own import WORD\n    return WORD\n",
    "/lib/smidgen/own.py": b"WORD = 'own'\n",
}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board_module, "_QUIET_SECONDS", 0.0)


@contextmanager
def connected(board: MemoryBoard) -> Iterator[Board]:
    with plugged_in(board) as port, connect(port) as found:
        yield found


def deployed(like: Files, *words: str) -> MemoryBoard:
    """A board to which these sets were deployed, one after the other."""
    board = MemoryBoard(Files(like.commits, like.replaces, like.blocks))
    for word in words:
        with connected(board) as found:
            install(found, a_set(word), starts=True)
    return board


def with_own_files(like: Files) -> MemoryBoard:
    board = MemoryBoard(Files(like.commits, like.replaces, like.blocks))
    board.files.files, board.files.folders = dict(OWN), {"/", "/lib", "/lib/smidgen"}
    return board


def test_a_deployed_set_runs_when_the_board_starts():
    board = deployed(LITTLEFS, "old")
    assert board.boot() == ["old", "old", "old"]
    assert deployed(LITTLEFS, "old", "new").boot() == ["new", "new", "new"]


def test_a_set_replaces_the_last_one_and_leaves_nothing_of_it():
    once, again = deployed(LITTLEFS, "new"), deployed(LITTLEFS, "old", "new")
    assert again.files.snapshot() == once.files.snapshot()


def test_only_what_changed_is_sent_and_an_unchanged_set_is_only_hashed():
    board = deployed(LITTLEFS, "old")
    changes: list[None] = []
    board.files.after_change = lambda: changes.append(None)
    with connected(board) as found:
        before = board.received
        again = install(found, a_set("old"), starts=True)
        # The files' agent, their paths, and no content.
        assert board.received - before < 6000
    assert (again.copied, again.reused, again.bytes_sent, changes) == ((), (), 0, [])
    assert len(again.unchanged) == 7
    with connected(board) as found:
        changed = install(found, [*a_set("old")[:2], a_set("new")[2]], starts=True)
    assert [path.rsplit("/", 1)[1] for path in changed.copied] == ["main.py"]
    assert board.boot() == ["old", "old", "new"]


def test_what_a_new_folder_shares_with_the_old_one_is_copied_on_the_board():
    board = deployed(LITTLEFS, "old")
    with connected(board) as found:
        done = install(found, a_set("new"), starts=True)
    assert [path.rsplit("/", 1)[1] for path in done.reused] == ["__init__.py", "same.py"]
    assert done.bytes_sent == sum(
        len(a_set("new")[part].files[path]) for part, path in ((0, "smidgen/word.py"), (1, "model.smg"), (2, "main.py"))
    )


def test_a_program_and_a_package_of_the_user_s_are_kept():
    board = with_own_files(LITTLEFS)
    assert board.boot() == ["own", "own", "own"]
    with connected(board) as found:
        done = install(found, a_set("new"), starts=True)
    assert board.boot() == ["new", "new", "new"]
    assert {old: board.files.files[new] for old, new in done.kept.items()} == {
        path: OWN[path] for path in ("/lib/smidgen/__init__.py", "/main.py")
    }


def test_without_a_program_to_start_main_py_is_not_touched():
    board = with_own_files(LITTLEFS)
    with connected(board) as found:
        install(found, a_set("new")[:2])
    assert board.boot() == ["new", "own", "own"]
    assert board.files.files["/main.py"] == OWN["/main.py"]


def cut_states(board: MemoryBoard) -> list[tuple[dict[str, bytes], frozenset[str]]]:
    """Deploy the new set. Returns every state that the board's filesystem goes through: a cut at any byte of the line,
    and a power cut at any moment, leaves one of them, since only the board's own calls change it."""
    states = [board.files.snapshot()]
    board.files.after_change = lambda: states.append(board.files.snapshot())
    with connected(board) as found:
        install(found, a_set("new"), starts=True)
    board.files.after_change = lambda: None
    return states


@pytest.mark.parametrize(
    ("start", "old"),
    [
        (lambda: deployed(LITTLEFS, "old"), ["old"] * 3),
        (lambda: deployed(FAT, "old"), ["old"] * 3),
        (lambda: deployed(LITTLEFS), []),
        (lambda: deployed(FAT), []),
        (lambda: with_own_files(LITTLEFS), ["own"] * 3),
    ],
    ids=["littlefs", "fat", "first on littlefs", "first on fat", "over own files"],
)
def test_deploy_cut_at_any_byte_leaves_old_or_new(start, old):
    board = start()
    states = cut_states(board)
    assert len(states) > 20
    booted = [replica(state, board.files).boot() for state in states]
    assert booted[0] == old and booted[-1] == ["new"] * 3
    turn = booted.index(["new"] * 3)
    assert all(lines == old for lines in booted[:turn]) and all(lines == ["new"] * 3 for lines in booted[turn:])


@pytest.mark.parametrize("like", [LITTLEFS, FAT], ids=["littlefs", "fat"])
def test_a_second_deployment_completes_one_that_was_cut_anywhere(like):
    board = deployed(like, "old")
    states = cut_states(board)
    whole = deployed(like, "new").files.snapshot()
    for state in states:
        cut = replica(state, board.files)
        with connected(cut) as found:
            install(found, a_set("new"), starts=True)
        assert cut.files.snapshot() == whole


@pytest.mark.parametrize("like", [LITTLEFS, FAT], ids=["littlefs", "fat"])
def test_another_set_after_a_cut_is_as_if_nothing_had_been(like):
    board = deployed(like, "old")
    states = cut_states(board)
    whole = deployed(like, "third").files.snapshot()
    for state in states[::3]:
        cut = replica(state, board.files)
        with connected(cut) as found:
            install(found, a_set("third"), starts=True)
        assert cut.files.snapshot() == whole


def test_a_cable_cut_at_any_byte_leaves_the_board_as_one_of_those_states(monkeypatch):
    whole = deployed(LITTLEFS, "old")
    before, state = whole.received, whole.files.snapshot()
    allowed = cut_states(whole)
    for length in range(0, whole.received - before, 61):
        board = replica(state, LITTLEFS)
        monkeypatch.setattr(board, "receive", limited(board, length))
        with pytest.raises(DeviceError), connected(board) as found:
            install(found, a_set("new"), starts=True)
            raise AssertionError("the cable was not cut")
        assert board.files.snapshot() in allowed


def limited(board: MemoryBoard, length: int):
    """A `receive` that takes so many bytes; then the cable is out."""
    left = [length]
    receive = board.receive

    def take(data: bytes) -> None:
        receive(data[: left[0]])
        if len(data) > left[0]:
            left[0] = 0
            raise OSError(5, "cable pulled")
        left[0] -= len(data)

    return take


def test_without_room_nothing_is_touched():
    board = deployed(Files(blocks=40), "old")
    before = board.files.snapshot()
    large = [*a_set("new")[:1], Part("model", {"model.smg": bytes(150_000)})]
    text = r"[\d,]+ bytes are needed .* beside what it runs now, and [\d,]+ are free"
    with pytest.raises(DeployError, match=text), connected(board) as found:
        install(found, large)
    assert board.files.snapshot() == before


def test_what_a_cut_deployment_left_makes_room_for_the_next():
    board = deployed(Files(blocks=48), "old")
    left = board.files
    left.folders.add("/.smidgen/model-000000000000")
    left.files["/.smidgen/model-000000000000/model.smg"] = bytes(100_000)
    with connected(board) as found:
        install(found, a_set("new"), starts=True)
    assert board.boot() == ["new"] * 3


def test_a_read_only_filesystem_is_one_clear_line():
    board = deployed(LITTLEFS, "old")
    board.files.read_only = True
    with pytest.raises(DeployError, match="read-only") as caught, connected(board) as found:
        install(found, a_set("new"), starts=True)
    assert "\n" not in str(caught.value)
    board.files.read_only = False
    assert board.boot() == ["old"] * 3


def test_a_file_in_use_is_one_clear_line(monkeypatch):
    board = deployed(LITTLEFS, "old")

    def busy(old: str, new: str) -> None:
        raise OSError(16, "EBUSY")

    monkeypatch.setattr(board.files, "rename", busy)
    text = r"could not be copied; what was there is intact .*EBUSY"
    with pytest.raises(DeployError, match=text) as caught, connected(board) as found:
        install(found, a_set("new"), starts=True)
    assert "\n" not in str(caught.value)
    monkeypatch.undo()
    assert board.boot() == ["old"] * 3


def test_a_flash_that_fills_up_on_the_way_is_one_clear_line(monkeypatch):
    board = deployed(Files(blocks=40), "old")
    monkeypatch.setattr(board.files, "statvfs", lambda path: (4096, 4096, 400, 300, 300, 0, 0, 0, 0, 255))  # it lies
    board.reset()
    large = [*a_set("new")[:1], Part("model", {"model.smg": bytes(150_000)})]
    with pytest.raises(DeployError, match="could not be copied; what was there is intact"), connected(board) as found:
        install(found, large)
    assert board.boot() == ["old"] * 3


def test_a_file_takes_fewer_bytes_and_exchanges_than_mpremote_needs():
    content = bytes(range(256)) * 80
    ours, theirs = MemoryBoard(), MemoryBoard()
    with connected(ours) as found:
        assert found.root == ""  # asked, so the agent is there
        before, runs = ours.received, ours.runs
        found.put("/model.smg", content)
        our_bytes, our_runs = ours.received - before, ours.runs - runs
    with connected(theirs) as found:
        before, runs = theirs.received, theirs.runs
        found._transport.fs_writefile("/model.smg", content)
        their_bytes, their_runs = theirs.received - before, theirs.runs - runs
    assert ours.files.files["/model.smg"] == theirs.files.files["/model.smg"] == content
    assert our_bytes < their_bytes and our_runs < their_runs


def test_own_files_on_fat_are_never_lost_and_the_next_deployment_completes():
    """FAT has no replacing: at one moment each of the two loaders is there under its new name alone, whole."""
    board = with_own_files(FAT)
    states = cut_states(board)
    whole, gaps = board.files.snapshot(), 0
    kept_at = {"/main.py": "/.smidgen/before/main.py", "/lib/smidgen/__init__.py": "/lib/smidgen/_before.py"}
    for state in states:
        cut, files = replica(state, FAT), state[0]
        between = [path for path in kept_at if path not in files]
        assert all(files[f"{path}.new"] == whole[0][path] for path in between)
        assert all(OWN[path] in (files.get(path), files.get(kept)) for path, kept in kept_at.items())
        assert between or cut.boot() in (["own"] * 3, ["new"] * 3)
        gaps += len(between)
        with connected(cut) as found:
            install(found, a_set("new"), starts=True)
        assert cut.files.snapshot() == whole
    assert gaps == 2
