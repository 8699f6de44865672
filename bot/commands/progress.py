"""What shows on stderr that long work goes on: a bar in a terminal, a line at times elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.text import Text

from bot.commands.session import stderr
from bot.jobs.estimate import Estimate

LINE_SECONDS: Final = 30.0
WHOLE_WORK_SECONDS: Final = 6 * 3600.0


@contextmanager
def bar(label: str) -> Iterator[Callable[[float], None]]:
    """Progress with an estimate of the time left; yields what moves it, a share 0..1, from any
    thread."""
    if not sys.stderr.isatty():
        yield _lines(label)
        return
    columns = (TextColumn(label), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    # The estimate goes by all of the work so far: a step of a large training takes minutes.
    with Progress(
        *columns, console=stderr(), transient=True, speed_estimate_period=WHOLE_WORK_SECONDS
    ) as progress:
        task = progress.add_task(label, total=1.0)
        yield lambda share: progress.update(task, completed=share)


def _lines(label: str) -> Callable[[float], None]:
    """For a pipe or a log file: nothing of short work, of longer work a line every half minute."""
    estimate = Estimate()
    next_line = LINE_SECONDS

    def tell(share: float) -> None:
        nonlocal next_line
        if share < 1.0 and estimate.elapsed >= next_line:
            next_line = estimate.elapsed + LINE_SECONDS
            stderr().print(Text(f"{label}: {estimate.text(share)}"))

    return tell


@contextmanager
def spinner(label: str) -> Iterator[None]:
    """A sign of life for work of unknown length."""
    if not sys.stderr.isatty():
        yield
        return
    with stderr().status(Text(label)):
        yield
