"""One training at a time, wherever the workers are."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

from bot.errors import Unavailable
from bot.jobs.performance import patiently
from bot.store.tickets import Ticket, TicketStore

LEAD_MS: Final = 10_000
RENEW_SECONDS: Final = 3.0
ASK_SECONDS: Final = 0.5


@asynccontextmanager
async def leading(tickets: TicketStore, ticket: Ticket) -> AsyncIterator[None]:
    """Within it, no other ticket of the kind is worked on: waits for its turn, then keeps the lead.

    The lead of a worker that was killed lapses after 10 s; its own ticket, delivered again, takes
    it over at once. Keep the event loop free inside, or the lead is not renewed. The ticket is held
    meanwhile, however long the work takes.
    """
    await _gain(tickets, ticket)
    renewal = asyncio.create_task(_renew(tickets, ticket))
    try:
        yield
    finally:
        renewal.cancel()
        with suppress(asyncio.CancelledError):
            await renewal
        with suppress(Unavailable):
            await tickets.leave(ticket)


async def _gain(tickets: TicketStore, ticket: Ticket) -> None:
    while True:
        if await patiently(lambda: tickets.lead(ticket, LEAD_MS)):
            return
        await asyncio.sleep(ASK_SECONDS)


async def _renew(tickets: TicketStore, ticket: Ticket) -> None:
    while True:
        await asyncio.sleep(RENEW_SECONDS)
        with suppress(Unavailable):
            await tickets.lead(ticket, LEAD_MS)
            await tickets.hold(ticket)
