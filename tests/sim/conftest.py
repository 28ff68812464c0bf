"""A simulated board for each file of these tests, so that none fills another's flash.

A test that asks for `board` starts on a freshly reset one with an empty filesystem.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from smidgen.device import Board, connect
from smidgen.sim import SimBoard


@pytest.fixture(scope="module")
def sim() -> Iterator[SimBoard]:
    with SimBoard("pico") as board:
        yield board


@pytest.fixture
def board(sim: SimBoard) -> Iterator[Board]:
    with connect(sim.url) as board:
        wipe(board)
        yield board


def wipe(board: Board, folder: str = "/") -> None:
    """Remove everything in a folder of the board."""
    for name in board.listdir(folder):
        path = folder + name
        if name.endswith("/"):
            wipe(board, path)
        board.exec(f"import os; os.{'rmdir' if name.endswith('/') else 'remove'}({path.rstrip('/')!r})")
