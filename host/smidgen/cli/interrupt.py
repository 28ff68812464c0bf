"""Ctrl-C that is always heard."""

from __future__ import annotations

import sys
import threading
from _thread import interrupt_main
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_AGAIN_S = 0.02  # long enough for the destructor or callback to be over


@contextmanager
def heard_everywhere() -> Iterator[None]:
    """A Ctrl-C in the main thread ends the block with KeyboardInterrupt, wherever it comes.

    Python drops an exception raised in a destructor or in a weak reference's callback: a Ctrl-C that meets one
    would be lost. Here it is given again a moment later.
    """
    before = sys.unraisablehook

    def hook(dropped: Any) -> None:
        if dropped.exc_type is KeyboardInterrupt:
            threading.Timer(_AGAIN_S, interrupt_main).start()
        else:
            before(dropped)

    sys.unraisablehook = hook
    try:
        yield
    finally:
        sys.unraisablehook = before
