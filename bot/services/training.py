"""Keeps the model fresh: one training at the start when there is none, one after new listening."""

from __future__ import annotations

import asyncio
import logging

from bot.errors import UserError
from bot.jobs.queue import Jobs
from bot.services.library import Library
from recommender.errors import DataError

log = logging.getLogger(__name__)

QUIET_SECONDS = 20.0
RETRY_SECONDS = 30.0


class Training:
    """Collects wishes for a new model and has it trained once they pause."""

    def __init__(self, jobs: Jobs, library: Library) -> None:
        self._jobs = jobs
        self._library = library
        self._wanted = asyncio.Event()

    def request(self) -> None:
        """Asks for a training soon; wishes that come close together share one."""
        self._wanted.set()

    async def run(self) -> None:
        """Serves wishes for ever; cancel it to stop. A training that fails is tried again later."""
        while True:
            try:
                await self._library.model()
                await self._wanted.wait()
                await asyncio.sleep(QUIET_SECONDS)
                await self._train()
            except (UserError, DataError, RuntimeError) as error:
                log.warning("Training has to wait: %s", error)
                await asyncio.sleep(RETRY_SECONDS)

    async def _train(self) -> None:
        self._wanted.clear()
        try:
            await self._jobs.train()
        except BaseException:
            self._wanted.set()
            raise
