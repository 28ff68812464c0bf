"""Settings for all tests: hypothesis draws the same examples in every run. `--port` names a real board."""

from __future__ import annotations

import signal

import pytest
from hypothesis import settings

settings.register_profile("smidgen", derandomize=True, deadline=None)
settings.load_profile("smidgen")

# A job in the background of a shell ignores Ctrl-C, and so would all that the tests start.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--port", help="run tests/device/test_rungs.py on the real board at this port")
