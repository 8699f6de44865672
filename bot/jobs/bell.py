"""The bell: one subscription for a whole process, however many wait."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing, asynccontextmanager, contextmanager, suppress
from typing import Final

from bot.errors import Unavailable
from bot.store.tickets import News, Ticket, TicketStore

log = logging.getLogger(__name__)

RECONNECT_SECONDS: Final = 0.5

Listener = Callable[[News], None]


class Bell:
    """Calls back when a worker announces something about a ticket.

    News may be lost while the store is away, so it is only ever a reason to look sooner.
    """

    def __init__(self) -> None:
        self._listeners: dict[Ticket, set[Listener]] = {}

    @contextmanager
    def listening(self, ticket: Ticket, listener: Listener) -> Iterator[None]:
        """Within it, ``listener`` is called with every piece of news about ``ticket``."""
        listeners = self._listeners.setdefault(ticket, set())
        listeners.add(listener)
        try:
            yield
        finally:
            listeners.discard(listener)
            if not listeners:
                self._listeners.pop(ticket, None)

    def ring(self, news: News) -> None:
        """Passes news on to whoever listens."""
        for listener in tuple(self._listeners.get(news.ticket, ())):
            listener(news)

    async def follow(self, tickets: TicketStore) -> None:
        """Hears what the workers announce, for ever, through losses of the store."""
        while True:
            try:
                async with aclosing(tickets.news()) as stream:
                    async for news in stream:
                        if news is not None:
                            self.ring(news)
            except Unavailable:
                log.debug("Lost the workers' announcements; listening again")
            await asyncio.sleep(RECONNECT_SECONDS)


@asynccontextmanager
async def open_bell(tickets: TicketStore) -> AsyncIterator[Bell]:
    """A bell that follows the workers while the context is open."""
    bell = Bell()
    follower = asyncio.create_task(bell.follow(tickets), name="bell")
    try:
        yield bell
    finally:
        follower.cancel()
        with suppress(asyncio.CancelledError):
            await follower
