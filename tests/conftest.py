"""Settings for all tests: hypothesis draws the same examples in every run. `--port` names a real board."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("smidgen", derandomize=True, deadline=None)
settings.load_profile("smidgen")

# A job in the background of a shell ignores Ctrl-C, and so would all that the tests start.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--port", help="run tests/device/test_rungs.py on the real board at this port")


# What trains, builds firmware or emulates for long begins, so that at the end no worker is left with it.
LONG = (
    "device/test_rungs.py",
    "host/train/test_keyword.py",
    "docs/test_course.py",
    "docs/test_guides.py",
    "host/cli/test_soak.py",
    "host/cli/test_demo.py",
    "device/test_rom.py",
    "device/test_power.py",
    "native/test_modules.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    where = {Path(__file__).parent / name: at for at, name in enumerate(LONG)}
    items.sort(key=lambda item: where.get(item.path, len(LONG)))
