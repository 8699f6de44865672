"""A worker's side of a ticket: begin it, do the work, write down how it ended; never twice."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from dramatiq.middleware import TimeLimitExceeded

from bot.errors import Unavailable, UserError
from bot.store.address import Address
from bot.store.store import Store, connect
from bot.store.tickets import Result, Ticket
from generator.errors import SpecError
from recommender.errors import DataError

log = logging.getLogger(__name__)

MOST_STARTS: Final = 3
PATIENCE_SECONDS: Final = 600.0
RETRY_SECONDS: Final = 0.5

T = TypeVar("T")
Work = Callable[[Store, Ticket], Awaitable[str]]


class JobFailed(Exception):
    """The job ended in a defect that is in the log; its message goes to the dead letters."""


def perform(address: Address, ticket: Ticket, work: Work) -> None:
    """Does ``work`` for a ticket in an event loop of its own. The text it returns is the result.

    A refusal (SpecError, DataError, UserError) settles the ticket with its sentence. Anything else
    is logged under an id, settled with that id and raised as JobFailed. A ticket that was settled
    before, or is begun for the fourth time because it keeps killing its worker, is not worked on.
    """
    result = asyncio.run(_perform(address, ticket, work))
    if result.state == "failed":
        raise JobFailed(result.text)


async def patiently(call: Callable[[], Awaitable[T]]) -> T:
    """What ``call`` returns, through absences of the store: finished work is not thrown away."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return await call()
        except Unavailable:
            if time.monotonic() > deadline:
                raise
        await asyncio.sleep(RETRY_SECONDS)


async def _perform(address: Address, ticket: Ticket, work: Work) -> Result:
    async with connect(address) as store:
        standing = await patiently(lambda: store.tickets.look(ticket))
        if standing.result is not None:
            return standing.result
        if standing.made:
            result = Result("done")
        elif (starts := await patiently(lambda: store.tickets.begin(ticket))) > MOST_STARTS:
            result = _failed(ticket, f"was begun {starts - 1} times and never ended")
        else:
            result = await _attempt(store, ticket, work)
        await patiently(lambda: store.tickets.settle(ticket, result))
    return result


async def _attempt(store: Store, ticket: Ticket, work: Work) -> Result:
    try:
        return Result("done", await work(store, ticket))
    except Unavailable:
        raise
    except (SpecError, DataError, UserError) as refusal:
        return Result("refused", str(refusal))
    except TimeLimitExceeded:
        return _failed(ticket, "took longer than a job may")
    except Exception:
        failure = _failed(ticket, "failed")
        log.exception("The trace of %s", failure.text)
        return failure


def _failed(ticket: Ticket, what: str) -> Result:
    entry = secrets.token_hex(4)
    log.error("%s: the %s job %s %s", entry, ticket.kind, ticket.id, what)
    return Result("failed", entry)
