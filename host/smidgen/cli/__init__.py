"""The command `smidgen`: one file per verb, and `main`, the only place that prints errors and exits."""

from __future__ import annotations

import errno
import os
import shutil
import sys
import textwrap
from typing import NoReturn

from typer.exceptions import TyperException

from smidgen.cli.interrupt import heard_everywhere
from smidgen.errors import ConvertError, SmidgenError

INTERRUPTED = 130  # 128 + SIGINT, what a shell expects of a command that Ctrl-C ended

# What the user can mend: the file is not there, may not be touched, does not fit the disk.
_MENDABLE = (
    *(errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.EACCES, errno.EPERM, errno.EROFS),
    *(errno.ENOSPC, errno.EFBIG, errno.ENAMETOOLONG, errno.ELOOP, getattr(errno, "EDQUOT", errno.ENOSPC)),
)


def main() -> NoReturn:
    """Run the command line. What the user can mend becomes one line a problem; our own defects show a traceback."""
    try:
        status = _run()
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader (`| head`) has enough. Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    sys.exit(status)


def _run() -> int:
    try:
        with heard_everywhere():
            return _call_app()
    except ConvertError as error:
        for problem in error.problems:
            _complain(f"{error.source}: {problem}")
        return error.exit_code
    except SmidgenError as error:
        _complain(str(error))
        return error.exit_code
    except TyperException as error:
        _complain(_usage(error))
        return SmidgenError.exit_code
    except KeyboardInterrupt:
        _complain("stopped; nothing half-written stays")
        return INTERRUPTED
    except OSError as error:
        if error.errno not in _MENDABLE:
            raise
        _complain(f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror))
        return SmidgenError.exit_code


def _call_app() -> int:
    from smidgen.cli.app import app

    status = app(sys.argv[1:] or ["--help"], prog_name="smidgen", standalone_mode=False) or 0
    if status == INTERRUPTED:  # how typer reports a KeyboardInterrupt
        raise KeyboardInterrupt
    return status


def _usage(error: TyperException) -> str:
    """What is wrong with the command line, and where its help is."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "smidgen"
    return f"{error.format_message().rstrip('.')}; see '{command} --help'"


def _complain(message: str) -> None:
    """One line; on a terminal it is broken between words, not within."""
    text = f"smidgen: {message}"
    if sys.stderr.isatty():
        width = shutil.get_terminal_size().columns
        text = textwrap.fill(text, width, break_long_words=False, break_on_hyphens=False)
    print(text, file=sys.stderr)
