"""After a deletion: what was deleted also goes from the server's log and from the models."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import Final

from bot.errors import UserError
from bot.jobs.queue import Jobs
from bot.services.library import Library
from bot.store.store import Store
from recommender.errors import DataError

log = logging.getLogger(__name__)

QUIET_SECONDS: Final = 20.0
RETRY_SECONDS: Final = 60.0
LAST_RETRY_SECONDS: Final = 3_600.0
LOOK_SECONDS: Final = 3_600.0


class Erasure:
    """Finishes what a deletion began, also after a restart in between."""

    def __init__(self, store: Store, jobs: Jobs, library: Library) -> None:
        self._store = store
        self._jobs = jobs
        self._library = library
        self._asked = asyncio.Event()

    async def prepare(self) -> None:
        """To be called before anything is deleted: from now on it will be finished."""
        await self._store.erasures.want()

    async def begin(self) -> None:
        """Finishes what has been deleted, soon."""
        # Once more: what `prepare` asked for may have been done before the last of it was deleted.
        await self._store.erasures.want()
        self._asked.set()

    async def run(self) -> None:
        """Finishes deletions for ever; cancel it to stop. What fails is tried again, ever later: a
        training whose model is refused costs half a minute each time."""
        delay = RETRY_SECONDS
        while True:
            try:
                await self._finish()
                delay = RETRY_SECONDS
                # Another process may have begun a deletion and not lived to finish it.
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_SECONDS):
                        await self._asked.wait()
                self._asked.clear()
            except (UserError, DataError, RuntimeError) as error:
                log.warning("What a deletion leaves to do has to wait: %s", error)
                await asyncio.sleep(delay)
                delay = min(2 * delay, LAST_RETRY_SECONDS)

    async def _finish(self) -> None:
        """The log at once; then a model that began to learn after the deletion takes the place of
        the one in use, which goes, and out of the log too."""
        while token := await self._store.erasures.wanted():
            await self._store.erasures.compact()
            await asyncio.sleep(QUIET_SECONDS)
            token = await self._store.erasures.wanted() or token
            version = await self._jobs.train()
            await self._library.newest()
            await self._store.models.drop_others(version)
            await self._store.erasures.compact()
            await self._store.erasures.done(token)
            log.info("What was deleted is gone from the log and from the models")
