"""The composition root: opens store, queue, workers, web and Discord; closes them in reverse."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import platform
import signal
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from bot import __version__
from bot.client import Nightjar
from bot.jobs.embedded import embedded_workers
from bot.jobs.queue import Jobs, open_jobs
from bot.services import Services
from bot.services.clips import Clips
from bot.services.library import Library
from bot.services.listening import Listening
from bot.services.recommendations import Recommendations
from bot.services.tastes import Tastes
from bot.services.training import Training
from bot.settings import Settings
from bot.store.store import Store, open_store
from bot.web.health import Health
from bot.web.site import build_site, serve
from generator import GENERATOR_VERSION

log = logging.getLogger(__name__)

DRAIN_SECONDS = 0.3


async def run(settings: Settings, roles: frozenset[str]) -> None:
    """Runs the named roles ("bot", "web", "worker") until SIGTERM or Ctrl-C.

    UserError when something a person can mend keeps a role from starting.
    """
    log.info(
        "Nightjar %s, generator %s, Python %s",
        __version__,
        GENERATOR_VERSION,
        platform.python_version(),
    )
    stop = _stop_on_signals()
    alone = roles >= {"web", "worker"}
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(
            open_store(settings, role="own" if alone else "attach")
        )
        jobs = await stack.enter_async_context(open_jobs(store, settings))
        if "worker" in roles and settings.workers:
            await stack.enter_async_context(embedded_workers(settings, store.address))
        library = Library(store, jobs, settings.data_dir / "models")
        services, training = build_services(store, jobs, library)
        health = Health()
        health.add("storage", store.ping)
        health.add("model", lambda: library.ready)
        tasks = await stack.enter_async_context(_background(stop))
        tasks.create_task(training.run(), name="training")
        if "web" in roles:
            site = build_site(settings, services, health)
            await stack.enter_async_context(serve(site, settings.web_host, settings.http_port))
        if "bot" in roles:
            client = Nightjar(settings, services, store.notes)
            health.add("discord", lambda: client.ready)
            tasks.create_task(client.run_until(stop), name="discord")
        await stop.wait()
        health.close()
        await asyncio.sleep(DRAIN_SECONDS)


def build_services(store: Store, jobs: Jobs, library: Library) -> tuple[Services, Training]:
    """The use cases over an open store and queue."""
    tastes = Tastes(store)
    training = Training(jobs, library)
    services = Services(
        clips=Clips(store, jobs),
        listening=Listening(store, library, tastes, training),
        recommendations=Recommendations(store, library, tastes),
    )
    return services, training


class _Tasks:
    """Background work that must not die unseen: the first failure stops the process."""

    def __init__(self, stop: asyncio.Event) -> None:
        self._stop = stop
        self._tasks: set[asyncio.Task[None]] = set()
        self.failure: BaseException | None = None

    def create_task(self, work: Coroutine[Any, Any, None], *, name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self.failure = self.failure or error
            self._stop.set()

    async def cancel(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            if task.get_name() != "discord":  # it says goodbye to the gateway by itself on stop
                task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def _background(stop: asyncio.Event) -> AsyncIterator[_Tasks]:
    tasks = _Tasks(stop)
    try:
        yield tasks
    finally:
        stop.set()
        await tasks.cancel()
    if tasks.failure is not None:
        raise tasks.failure


def _stop_on_signals() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stop.set)
    return stop
