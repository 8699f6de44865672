"""Keeps the model fresh: trained at the start when there is none, every night, and when asked."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress

from bot.errors import Unavailable, UserError
from bot.jobs.queue import Jobs
from bot.metrics import Metrics
from bot.services.library import Library
from bot.store.store import Store
from bot.store.trainings import Due
from recommender.errors import DataError

log = logging.getLogger(__name__)

ENOUGH_PLAYS = 5_000
"""New plays that are worth a training before the night: a person's year, not a day's."""
NIGHT_HOUR = 4  # UTC
DAY_SECONDS = 86_400
QUIET_SECONDS = 20.0
LOOK_SECONDS = 60.0
RETRY_SECONDS = 30.0
LAST_RETRY_SECONDS = 3_600.0


class Training:
    """Decides when a new model is trained, and has it trained."""

    def __init__(self, store: Store, jobs: Jobs, library: Library, metrics: Metrics) -> None:
        self._store = store
        self._jobs = jobs
        self._library = library
        self._metrics = metrics
        self._wanted = asyncio.Event()

    def request(self) -> None:
        """Asks for a training soon, whatever has come in. Wishes that come close together share
        one."""
        self._wanted.set()

    async def run(self) -> None:
        """Trains for ever when it is time; cancel it to stop.

        A training that fails is tried again later. One whose model is not fit to serve is not: the
        same listening would give the same model.
        """
        delay = RETRY_SECONDS
        while True:
            try:
                await self._library.newest()
                await self._until_due()
                await self._train()
                delay = RETRY_SECONDS
            except (UserError, DataError, RuntimeError) as error:
                log.warning("Training has to wait: %s", error)
                await asyncio.sleep(delay)
                delay = min(2 * delay, LAST_RETRY_SECONDS)

    async def _until_due(self) -> None:
        """Returns once a training is due and nothing more has come in for a moment; brings what
        others have trained into use meanwhile."""
        while True:
            await self._pass_on()
            if is_due(await self._store.trainings.due(), time.time()):
                await asyncio.sleep(QUIET_SECONDS)
                # Another process may have begun it.
                await self._pass_on()
                if is_due(await self._store.trainings.due(), time.time()):
                    return
            await self._library.newest()
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS):
                    await self._wanted.wait()

    async def _pass_on(self) -> None:
        """Puts a wish where a restart does not lose it."""
        if self._wanted.is_set():
            await self._store.trainings.want()
            self._wanted.clear()

    async def _train(self) -> None:
        try:
            with self._metrics.training():
                await self._jobs.train()
        except (Unavailable, RuntimeError):
            self._wanted.set()
            raise
        await self._library.newest()


def is_due(due: Due, now: float) -> bool:
    """Whether it is time to train: asked for, enough has come in, or the night's is to be done."""
    if due.wanted or due.plays >= ENOUGH_PLAYS:
        return True
    night = now - (now - NIGHT_HOUR * 3_600) % DAY_SECONDS
    return due.began is None or due.began < night
