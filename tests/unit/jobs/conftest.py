"""A stage: a queue and worker processes that do the small job of `stage_worker`."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager

import pytest

from bot.jobs.embedded import WorkerProcess, embedded_workers
from bot.jobs.queue import Jobs, open_jobs
from bot.settings import Settings
from bot.store.store import Store

STAGE = (sys.executable, "-m", "tests.unit.jobs.stage_worker")

Stage = Callable[..., AbstractAsyncContextManager[tuple[WorkerProcess, ...]]]


@pytest.fixture
async def jobs(store: Store, settings: Settings) -> AsyncIterator[Jobs]:
    """The queue, with nobody at work yet."""
    async with open_jobs(store) as opened:
        yield opened


@pytest.fixture
def stage(store: Store, settings: Settings) -> Stage:
    """``async with stage(2) as workers``: render workers and a trainer, ready for work."""

    def open_stage(count: int) -> AbstractAsyncContextManager[tuple[WorkerProcess, ...]]:
        chosen = settings.model_copy(update={"workers": count})
        return embedded_workers(chosen, store.address, program=STAGE)

    return open_stage


async def until(condition: Callable[[], Awaitable[object]], seconds: float = 15.0) -> None:
    """Waits until what ``condition`` returns is true."""
    async with asyncio.timeout(seconds):
        while True:
            if await condition():
                return
            await asyncio.sleep(0.02)
