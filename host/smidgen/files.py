"""Write files so that nobody ever sees half of one: beside, then renamed."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def write_whole(path: str | Path, content: bytes | str) -> None:
    """Put `content` at `path`, replacing what is there, all or nothing. Text is written as UTF-8.

    Raises OSError, whose `filename` is `path`, when there is no such folder, no space, or no permission.
    """
    with replacing(path) as beside:
        beside.write_bytes(content.encode() if isinstance(content, str) else content)


@contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """A fresh file's name next to `path`: write it, and it replaces `path` when the block ends without an error.

    The name keeps the suffix, for writers that choose their format by it. Errors as in `write_whole`.
    """
    target = Path(path)
    try:
        handle, name = tempfile.mkstemp(prefix=".", suffix=target.suffix, dir=target.parent)
        os.close(handle)
        beside = Path(name)
        try:
            yield beside
            beside.chmod(0o666 & ~_umask())
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        if error.errno is None:
            raise
        raise type(error)(error.errno, error.strerror, str(target)) from error


def _umask() -> int:
    """The process's umask, which can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
