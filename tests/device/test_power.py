"""Power that fails during a deployment, at hundreds of places, on simulated boards with MicroPython's own filesystems:
what lies in the flash at such a moment is taken, and a board started with it.

Boards are frozen at every few bytes of the cable. The emulated one's flash also keeps a journal, so that there is a
state for every few bytes of all that it programs and erases.
"""

from __future__ import annotations

import os
import signal
from base64 import b64decode
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import pytest
from littlefs import LittleFS

from smidgen.device import Board, connect, install
from smidgen.sim import SimBoard, qemu
from tests.device.proxy import proxy, watch
from tests.device.words import Contents, deploy, folder_contents, parts, word_of
from tests.support.emulated import firmware

_PIECE = 64  # bytes from one state to the next
_JOURNAL = Path(__file__).parent / "on_board" / "journal.py"
_BLOCK = 4096


@contextmanager
def frozen(sim: SimBoard) -> Iterator[None]:
    """The board stands still, in whatever it was doing."""
    assert sim._process is not None
    pid = sim._process._process.pid
    os.kill(pid, signal.SIGSTOP)
    os.waitid(os.P_PID, pid, os.WSTOPPED)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def different(states: Sequence[Contents]) -> list[int]:
    """Where states are new, after a look at all: up to some moment the old set, from then on the new one, whole."""
    words = [word_of(state) for state in states]
    turn = words.index("right")
    assert words == ["left"] * turn + ["right"] * (len(words) - turn)
    first = {tuple(sorted(state.items())): number for number, state in reversed(list(enumerate(states)))}
    return sorted(first.values())


def check_start_and_second_deployment(sim: SimBoard, word: str | None) -> None:
    """The board starts with the set of `word`, and takes "right", whatever it has of it."""
    with connect(sim.url) as board:
        assert board.exec("import smidgen\nsmidgen.start()").strip() == word
        install(board, parts("right"), starts=True)


@pytest.mark.usefixtures("hasty")
def test_power_lost_at_two_hundred_bytes_of_the_cable_leaves_old_or_new_on_a_simulated_board(tmp_path: Path):
    files, states = tmp_path / "files", []
    with SimBoard(state=tmp_path, pty=False) as sim:
        deploy(sim.url, "left")

        def look() -> None:
            with frozen(sim):
                states.append(folder_contents(files))

        with proxy(sim.url, watch(look), piece=_PIECE) as url:
            deploy(url, "right")
    new = folder_contents(files)
    assert len(states) >= 200 and word_of(new) == "right"
    for number in different(states):
        write_folder(tmp_path / str(number) / "files", states[number])
        with SimBoard(state=tmp_path / str(number), pty=False) as sim:
            check_start_and_second_deployment(sim, word_of(states[number]))
        assert folder_contents(tmp_path / str(number) / "files") == new


def write_folder(folder: Path, contents: Contents) -> None:
    for path, content in contents.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


@pytest.mark.usefixtures("hasty")
def test_power_lost_while_the_flash_is_written_leaves_old_or_new_on_an_emulated_board(tmp_path: Path):
    image, flash = firmware("qemu-m0"), tmp_path / qemu.FLASH
    seen: set[bytes] = set()
    with SimBoard("qemu-m0", state=tmp_path, pty=False, firmware=image) as sim:
        deploy(sim.url, "left")
        before = flash.read_bytes()

        def look() -> None:
            with frozen(sim):
                seen.add(sha256(flash.read_bytes()).digest())

        with proxy(sim.url, watch(look), piece=2 * _PIECE) as url, connect(url) as board:
            entries = journal_of(board, lambda: install(board, parts("right"), starts=True))
    images = [before, *replayed(before, entries)]
    assert len(images) >= 200 and images[-1] == flash.read_bytes()  # the journal is true
    assert len(seen) > 10 and seen <= {sha256(state).digest() for state in images}
    states = [flash_contents(state) for state in images]
    for number in different(states):
        flash.write_bytes(images[number])
        with SimBoard("qemu-m0", state=tmp_path, pty=False, firmware=image) as sim:
            check_start_and_second_deployment(sim, word_of(states[number]))
        assert flash_contents(flash.read_bytes()) == states[-1]


def journal_of(board: Board, action: Callable[[], object]) -> list[tuple[int, bytes]]:
    """(address, what is there then) of all that is programmed and erased meanwhile."""
    board.exec(_JOURNAL.read_text(encoding="utf-8"))
    action()
    lines = board.exec(
        "from binascii import b2a_base64\n"
        "for place, data in journal.entries: print(place, data and b2a_base64(data).decode().strip())"
    ).splitlines()
    pairs = [line.split() for line in lines]
    return [(int(place), b"\xff" * _BLOCK if text == "None" else b64decode(text)) for place, text in pairs]


def replayed(flash: bytes, entries: list[tuple[int, bytes]]) -> Iterator[bytes]:
    """The flash after every few bytes that changed."""
    image = bytearray(flash)
    for place, data in entries:
        for at in range(0, len(data), _PIECE):
            there, then = slice(place + at, place + at + _PIECE), data[at : at + _PIECE]
            if image[there] != then:
                image[there] = then
                yield bytes(image)


def mounted(image: bytes) -> LittleFS:
    filesystem = LittleFS(
        block_size=_BLOCK, block_count=len(image) // _BLOCK, read_size=32, prog_size=256, cache_size=1024, mount=False
    )
    filesystem.context.buffer = bytearray(image)
    filesystem.mount()
    return filesystem


def flash_contents(image: bytes) -> Contents:
    filesystem, found = mounted(image), {}
    for folder, _, names in filesystem.walk("/"):
        for name in names:
            with filesystem.open(f"{folder}/{name}", "rb") as file:
                found[f"{folder}/{name}".lstrip("/")] = file.read()
    return found
