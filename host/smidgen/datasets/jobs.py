"""Spread pure functions over processes, cache what they give, survive Ctrl-C.

Each job runs in a fresh interpreter (`worker.py`): espeak-ng's output depends on what it said before, so only a new
process makes a job reproducible. It also spares a user's script the `if __name__ == "__main__"` that spawning needs.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from smidgen.datasets.cache import Arrays, load_arrays, save_arrays
from smidgen.errors import Interrupted


class Progress(Protocol):
    """Told about long work: what is being done, how much of it is done, and perhaps a figure worth showing."""

    def __call__(self, what: str, done: int, total: int, detail: str = "") -> None: ...


def silent(what: str, done: int, total: int, detail: str = "") -> None:
    """A Progress that shows nothing."""


@dataclass(frozen=True)
class Job:
    """key: the cache file's name. arguments: called in this process just before the job starts, so that only the
    running jobs' data is in memory; gives the function's positional arguments, which must pickle."""

    key: str
    arguments: Callable[[], tuple[Any, ...]]


def run(
    function: Callable[..., Arrays],
    jobs: Sequence[Job],
    folder: Path,
    what: str,
    progress: Progress = silent,
) -> Iterator[Arrays]:
    """Each job's arrays, in order, from the cache folder where they are, else made by function(*job.arguments()).

    function: importable by name, pure. Raises Interrupted on Ctrl-C; finished jobs stay in the cache, so a re-run
    goes on from there. An exception in a job is raised here.
    """
    paths = [folder / f"{job.key}.npz" for job in jobs]
    missing = [i for i, path in enumerate(paths) if not path.is_file()]
    _make(function, jobs, paths, missing, what, progress)
    for i, path in enumerate(paths):
        arrays = load_arrays(path)
        if arrays is None:
            _make(function, jobs, paths, [i], what, silent)
            arrays = load_arrays(path) or {}
        yield arrays


def processors() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _make(
    function: Callable[..., Arrays],
    jobs: Sequence[Job],
    paths: Sequence[Path],
    missing: Sequence[int],
    what: str,
    progress: Progress,
) -> None:
    if not missing:
        return
    running: set[subprocess.Popen[bytes]] = set()
    pending: dict[Future[Arrays], int] = {}
    done = 0
    progress(what, done, len(missing))
    queue = iter(missing)
    with ThreadPoolExecutor(processors()) as threads:
        try:
            while True:
                while len(pending) < processors() and (i := next(queue, None)) is not None:
                    pending[threads.submit(_run_apart, function, jobs[i].arguments(), running)] = i
                if not pending:
                    return
                for future in wait(pending, return_when=FIRST_COMPLETED).done:
                    save_arrays(paths[pending.pop(future)], future.result())
                    done += 1
                    progress(what, done, len(missing))
        except KeyboardInterrupt as stop:
            raise Interrupted(f"stopped while {what}; run it again to go on from here") from stop
        finally:
            for process in list(running):
                process.kill()


def _run_apart(
    function: Callable[..., Arrays], arguments: tuple[Any, ...], running: set[subprocess.Popen[bytes]]
) -> Arrays:
    """Call function(*arguments) in an interpreter of its own; Ctrl-C reaches this process only."""
    process = subprocess.Popen(
        [sys.executable, "-m", "smidgen.datasets.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "OMP_NUM_THREADS": "1"},
    )
    running.add(process)
    try:
        answer, _ = process.communicate(pickle.dumps((function, arguments), pickle.HIGHEST_PROTOCOL))
    finally:
        running.discard(process)
    if process.returncode:
        raise ChildProcessError(f"a worker for {function.__module__} ended with status {process.returncode}")
    result = pickle.loads(answer)
    if isinstance(result, Exception):
        raise result
    return result
