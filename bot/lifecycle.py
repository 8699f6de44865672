"""How a process begins and ends: signals, a start that can be given up, background work."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any


def asked_to_stop() -> asyncio.Event:
    """An event that SIGTERM and Ctrl-C set, from now on instead of their usual effect."""
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, asked.set)
    return asked


@asynccontextmanager
async def given_up_when(asked: asyncio.Event) -> AsyncIterator[None]:
    """Ends what is inside, quietly, when ``asked`` is set before it is done."""
    task = asyncio.current_task()
    inside = True

    def give_up(watch: asyncio.Task[bool]) -> None:
        if inside and task is not None and not watch.cancelled():
            task.cancel()

    watch = asyncio.create_task(asked.wait())
    watch.add_done_callback(give_up)
    try:
        yield
    except asyncio.CancelledError:
        if task is None or not asked.is_set() or task.uncancel() > 0:
            raise
    finally:
        inside = False
        watch.cancel()


class Background:
    """Work that must not die unseen: its first failure sets ``asked``, and so ends the process."""

    def __init__(self, asked: asyncio.Event) -> None:
        self._asked = asked
        self._tasks: set[asyncio.Task[None]] = set()
        self._patient: set[asyncio.Task[None]] = set()
        self.failure: BaseException | None = None

    def start(self, work: Coroutine[Any, Any, None], *, name: str, ends_itself: bool) -> None:
        """Runs ``work`` beside; at the end it is cancelled unless it ``ends_itself``."""
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        if ends_itself:
            self._patient.add(task)
        task.add_done_callback(self._ended)

    async def finish(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            if task not in self._patient:
                task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._patient.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self.failure = self.failure or error
            self._asked.set()


@asynccontextmanager
async def background(asked: asyncio.Event) -> AsyncIterator[Background]:
    """Background work for as long as the context is open; raises its first failure at the end.

    ``asked`` is set on the way out at the latest, for the work that ends itself.
    """
    work = Background(asked)
    try:
        yield work
    finally:
        asked.set()
        await work.finish()
    if work.failure is not None:
        raise work.failure
