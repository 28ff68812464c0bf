from __future__ import annotations

import signal
import sys
import time

import pytest

from smidgen.cli.interrupt import heard_everywhere


class Meets:
    """Its destructor is where a Ctrl-C arrives."""

    def __del__(self):
        signal.raise_signal(signal.SIGINT)


def test_ctrl_c_in_a_destructor_is_not_lost():
    with pytest.raises(KeyboardInterrupt), heard_everywhere():
        Meets()
        time.sleep(10)


def test_other_errors_in_destructors_are_reported_as_ever(monkeypatch):
    class Fails:
        def __del__(self):
            raise ValueError

    reported = []
    monkeypatch.setattr(sys, "unraisablehook", lambda dropped: reported.append(dropped.exc_type))
    with heard_everywhere():
        Fails()
    assert reported == [ValueError]
