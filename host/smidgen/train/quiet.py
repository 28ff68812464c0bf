"""TensorFlow and its converter write to the terminal from C++; this holds them back."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Send what is written to file descriptors 1 and 2, by whomever, to nowhere, and Python's warnings with it.

    In a notebook neither Python's own output nor log records go to a descriptor; they are held back too.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    kept = os.dup(1), os.dup(2)
    enabled = logging.root.manager.disable
    with contextlib.ExitStack() as held, Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
        held.callback(_restore, kept, enabled)
        held.enter_context(contextlib.redirect_stdout(nowhere))
        held.enter_context(contextlib.redirect_stderr(nowhere))
        held.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        logging.disable()
        yield


def _restore(kept: tuple[int, int], enabled: int) -> None:
    logging.disable(enabled)
    for number, copy in enumerate(kept, 1):
        os.dup2(copy, number)
        os.close(copy)
