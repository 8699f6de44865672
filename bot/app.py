"""The composition root: opens store, queue, workers, web and Discord; closes them in reverse."""

from __future__ import annotations

import asyncio
import gc
import logging
import platform
import time
from collections.abc import Callable
from contextlib import AsyncExitStack

from bot import __version__
from bot.client import Nightjar
from bot.jobs.embedded import embedded_workers
from bot.jobs.queue import Jobs, open_jobs
from bot.lifecycle import asked_to_stop, background, given_up_when
from bot.metrics import Metrics
from bot.services import Services
from bot.services.clips import Clips
from bot.services.comparisons import Comparisons
from bot.services.enrichment import Enrichment
from bot.services.erasure import Erasure
from bot.services.holders import holders
from bot.services.library import Library
from bot.services.listening import Listening
from bot.services.members import Members
from bot.services.mixes import Mixes
from bot.services.privacy import Privacy
from bot.services.recommendations import Recommendations
from bot.services.tastes import Tastes
from bot.services.training import Training
from bot.settings import Settings
from bot.store.store import Store, open_store
from bot.web.health import Health
from bot.web.site import build_site, serve
from generator import GENERATOR_VERSION

log = logging.getLogger(__name__)

UNREADY_SECONDS = 0.3


async def run(settings: Settings, roles: frozenset[str]) -> None:
    """Runs the named roles ("bot", "web", "worker") until SIGTERM or Ctrl-C.

    Then workers, web and Discord finish what they are at side by side, each for 7 s at most, since
    hosts kill what has not ended after ten. A job that is not done by then is done after the next
    start.

    UserError when something a person can mend keeps a role from starting.
    """
    log.info(
        "Nightjar %s, generator %s, Python %s",
        __version__,
        GENERATOR_VERSION,
        platform.python_version(),
    )
    asked = asked_to_stop()
    health = Health()
    async with AsyncExitStack() as stack:
        async with given_up_when(asked):
            await _open(stack, settings, roles, health, asked)
            # What is loaded now stays: the collector need not walk it while people wait.
            gc.freeze()
        await asked.wait()
        health.close()
        await asyncio.sleep(UNREADY_SECONDS)


async def _open(
    stack: AsyncExitStack,
    settings: Settings,
    roles: frozenset[str],
    health: Health,
    asked: asyncio.Event,
) -> None:
    """Opens everything the roles need on ``stack``, each part after those it stands on."""
    alone = roles >= {"web", "worker"}
    store = await stack.enter_async_context(open_store(settings, role="own" if alone else "attach"))
    jobs = await stack.enter_async_context(open_jobs(store))
    if "worker" in roles and settings.workers:
        await stack.enter_async_context(embedded_workers(settings, store.address, stop=asked))
    library = Library(store, jobs, settings.data_dir / "models")
    stack.callback(library.close)
    services, training, erasure = build_services(store, jobs, library, health.metrics)
    health.add("storage", store.ping)
    health.add("workers", lambda: _at_work(jobs))
    health.add("model", lambda: library.ready)
    beside = await stack.enter_async_context(background(asked))
    beside.start(training.run(), name="training", ends_itself=False)
    beside.start(erasure.run(), name="erasure", ends_itself=False)
    enrichment = Enrichment(store.artists, settings, health.metrics)
    beside.start(enrichment.run(), name="tags of artists", ends_itself=False)
    if "web" in roles:
        site = build_site(settings, services, health)
        await stack.enter_async_context(serve(site, settings.web_host, settings.http_port))
    if "bot" in roles:
        client = Nightjar(settings, services, store.notes)
        health.add("discord", lambda: client.ready)
        beside.start(client.run_until(asked), name="discord", ends_itself=True)


def build_services(
    store: Store,
    jobs: Jobs,
    library: Library,
    metrics: Metrics,
    clock: Callable[[], float] = time.time,
) -> tuple[Services, Training, Erasure]:
    """The use cases over an open store and queue, and what runs beside them; ``clock`` tells how
    old votes are."""
    tastes, members = Tastes(store, clock), Members()
    training = Training(store, jobs, library, metrics)
    erasure = Erasure(store, jobs, library)
    services = Services(
        clips=Clips(store, jobs, metrics, library.catalogue),
        listening=Listening(store, library, tastes, members),
        recommendations=Recommendations(store, library, tastes, metrics, members),
        privacy=Privacy(holders(store, tastes), tastes, members, erasure, clock),
        mixes=Mixes(library, tastes),
        comparisons=Comparisons(library, tastes),
    )
    return services, training, erasure


async def _at_work(jobs: Jobs) -> bool:
    return await jobs.workers() > 0
