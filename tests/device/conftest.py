"""A simulated board for these tests: real MicroPython behind a real port."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from smidgen.sim import SimBoard


@pytest.fixture(scope="session")
def sim() -> Iterator[SimBoard]:
    with SimBoard("pico") as board:
        yield board
