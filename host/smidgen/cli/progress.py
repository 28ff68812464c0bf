"""Long work on the terminal: a bar for what is under way, a line for what is done."""

from __future__ import annotations

import time
from types import TracebackType

from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from smidgen.cli.console import console


class Bars:
    """A `smidgen.datasets.jobs.Progress` while it is entered. Off a terminal, a line for each piece of work done."""

    def __init__(self, indent: str = "", shown: bool = True) -> None:
        """indent: what each line begins with. shown: False where only figures for a program may be printed."""
        self._indent, self._quiet = indent, not shown
        self._moves = shown and console.is_terminal
        columns = (TextColumn("{task.description}"), BarColumn(24), TextColumn("{task.percentage:3.0f} %"))
        self._shown = Progress(
            *columns, TimeElapsedColumn(), TextColumn("{task.fields[detail]}"), console=console, transient=True
        )
        self._what = ""
        self._task: TaskID | None = None
        self._began = 0.0

    def __enter__(self) -> Bars:
        if self._moves:
            self._shown.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._moves:
            self._shown.stop()

    def __call__(self, what: str, done: int, total: int, detail: str = "") -> None:
        if self._quiet:
            return
        task = self._task if what == self._what else None
        if task is None:
            task = self._begin(what)
        self._shown.update(task, completed=done, total=max(total, 1), detail=detail)
        if done >= total:
            self._end(detail)

    def _begin(self, what: str) -> TaskID:
        self._what, self._began = what, time.monotonic()
        self._task = self._shown.add_task(self._indent + what, total=1, detail="")
        return self._task

    def _end(self, detail: str) -> None:
        seconds = time.monotonic() - self._began
        console.print(
            f"{self._indent}{self._what}: {seconds:.0f} s" + (f", {detail}" if detail else ""), soft_wrap=True
        )
        if self._task is not None:
            self._shown.remove_task(self._task)
        self._task, self._what = None, ""
