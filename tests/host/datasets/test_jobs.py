"""The job runner: cached, reproducible, interruptible; and the cache: whole files or none."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from smidgen.datasets import cache, jobs
from smidgen.errors import DataError, Interrupted, UsageError


def square(value: int) -> cache.Arrays:
    return {"square": np.array([value * value]), "process": np.array([os.getpid()])}


def slow(value: int, folder: str) -> cache.Arrays:
    Path(folder, f"started-{value}").touch()
    time.sleep(0.0 if value < 2 else 60.0)
    return {"value": np.array([value])}


def refuse(value: int) -> cache.Arrays:
    raise UsageError(f"not {value}")


def work(count: int) -> list[jobs.Job]:
    return [jobs.Job(f"job{i}", lambda i=i: (i,)) for i in range(count)]


def test_results_come_in_order_and_each_from_a_process_of_its_own(tmp_path: Path) -> None:
    made = list(jobs.run(square, work(5), tmp_path, "squaring"))
    assert [int(a["square"][0]) for a in made] == [0, 1, 4, 9, 16]
    processes = {int(a["process"][0]) for a in made}
    assert len(processes) == 5 and os.getpid() not in processes


def test_second_run_reads_the_cache_and_damage_is_mended(tmp_path: Path) -> None:
    first = list(jobs.run(square, work(3), tmp_path, "squaring"))
    (tmp_path / "job1.npz").write_bytes(b"PK damaged")
    second = list(jobs.run(square, work(3), tmp_path, "squaring"))
    assert [int(a["square"][0]) for a in second] == [0, 1, 4]
    same = [int(a["process"][0]) == int(b["process"][0]) for a, b in zip(first, second, strict=True)]
    assert same == [True, False, True]


def test_progress_counts_what_is_missing(tmp_path: Path) -> None:
    heard: list[tuple[str, int, int]] = []
    list(jobs.run(square, work(2), tmp_path, "squaring"))
    list(jobs.run(square, work(4), tmp_path, "squaring", lambda w, d, t, detail="": heard.append((w, d, t))))
    assert heard == [("squaring", 0, 2), ("squaring", 1, 2), ("squaring", 2, 2)]


def test_an_error_of_ours_in_a_worker_is_raised_here(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not 0"):
        list(jobs.run(refuse, work(1), tmp_path, "refusing"))
    assert not list(tmp_path.iterdir())


INTERRUPTED = """
import sys
sys.path[:0] = {path!r}
from pathlib import Path
from smidgen.datasets import jobs
from smidgen.errors import Interrupted
from tests.host.datasets.test_jobs import slow
folder = {folder!r}
work = [jobs.Job(f"job{{i}}", lambda i=i: (i, folder)) for i in range(4)]
try:
    list(jobs.run(slow, work, Path(folder) / "cache", "sleeping"))
except Interrupted as stop:
    print(stop)
    sys.exit(stop.exit_code)
"""


def test_ctrl_c_keeps_finished_jobs_whole_and_leaves_no_process_behind(tmp_path: Path) -> None:
    script = INTERRUPTED.format(path=[str(Path.cwd()), *sys.path], folder=str(tmp_path))
    child = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 30
    while not (tmp_path / "started-2").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    child.send_signal(signal.SIGINT)
    said, _ = child.communicate(timeout=20)
    assert child.returncode == Interrupted.exit_code and "run it again" in said
    kept = sorted((tmp_path / "cache").iterdir())
    assert [path.name for path in kept] == ["job0.npz", "job1.npz"]
    assert [int(cache.load_arrays(path)["value"][0]) for path in kept] == [0, 1]  # type: ignore[index]


def test_saving_where_nothing_can_be_written_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(DataError, match=r"file/a\.npz"):
        cache.save_arrays(tmp_path / "file" / "a.npz", {"x": np.zeros(1)})


def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.save_arrays(tmp_path / "a.npz", {"x": np.zeros(1)})

    def full(self: Path, content: bytes) -> None:
        self.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(DataError, match="No space left"):
        cache.save_arrays(tmp_path / "a.npz", {"x": np.ones(1)})
    assert [path.name for path in tmp_path.iterdir()] == ["a.npz"]
    assert cache.load_arrays(tmp_path / "a.npz")["x"][0] == 0  # type: ignore[index]


def test_key_depends_on_every_part_and_on_types() -> None:
    parts = [
        {"a": 1},
        [1, 2],
        b"x",
        np.zeros(2, np.int16),
        np.zeros(2, np.int8),
        np.zeros((1, 2), np.int8),
        "x",
        1,
        1.5,
    ]
    keys = {cache.key_of(part) for part in parts} | {cache.key_of(*parts), cache.key_of("a", "b"), cache.key_of("ab")}
    assert len(keys) == len(parts) + 3
    assert cache.key_of({"a": 1, "b": 2}) == cache.key_of({"b": 2, "a": 1})
