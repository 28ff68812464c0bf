"""A simulated board for these tests: real MicroPython behind a real port."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from smidgen.device import board as board_module
from smidgen.sim import SimBoard


@pytest.fixture(scope="session")
def sim() -> Iterator[SimBoard]:
    with SimBoard("pico") as board:
        yield board


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """No patience with a board that is known to be there."""
    monkeypatch.setattr(board_module, "_QUIET_SECONDS", 0.02)
    monkeypatch.setattr(board_module, "_ANSWER_SECONDS", 5.0)
