"""What shows on a terminal's stderr that long work goes on; a pipe or a log file gets nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.text import Text

from bot.commands.session import stderr


@contextmanager
def bar(label: str) -> Iterator[Callable[[float], None]]:
    """A progress bar with an estimate; yields what moves it, a share 0..1."""
    columns = (TextColumn(label), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(
        *columns, console=stderr(), transient=True, disable=not sys.stderr.isatty()
    ) as progress:
        task = progress.add_task(label, total=1.0)
        yield lambda share: progress.update(task, completed=share)


@contextmanager
def spinner(label: str) -> Iterator[None]:
    """A sign of life for work of unknown length."""
    if not sys.stderr.isatty():
        yield
        return
    with stderr().status(Text(label)):
        yield
