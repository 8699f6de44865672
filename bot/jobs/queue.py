"""What a service calls: have a clip rendered or a model trained, and await the end of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing, suppress
from typing import Final

from dramatiq import Broker
from redis.exceptions import RedisError

from bot.errors import Unavailable, UserError
from bot.jobs.bell import Bell, open_bell
from bot.jobs.broker import message_of, sending_broker
from bot.store.client import AWAY
from bot.store.store import Store
from bot.store.tickets import Kind, News, Result, Standing, Ticket, TicketStore

MOST_PENDING: Final = 500
WAIT_SECONDS: Final = 12 * 60.0
TRAIN_SECONDS: Final = 6 * 3600.0
LOOK_SECONDS: Final = 1.0
AWAY_SECONDS: Final = 20.0
WORKERLESS_SECONDS: Final = 60.0

FULL: Final = "Very many clips are being made just now; please try again in a few minutes."
SLOW: Final = "This has taken longer than twelve minutes; please try again later."
NOBODY: Final = (
    "Nobody is at work in Nightjar's studio just now; please try again in a few minutes."
)


class Jobs:
    """The queue as its users see it. ``wait_seconds`` bounds the wait for a clip."""

    def __init__(
        self,
        tickets: TicketStore,
        bell: Bell,
        broker: Broker,
        *,
        wait_seconds: float = WAIT_SECONDS,
    ) -> None:
        self._tickets = tickets
        self._bell = bell
        self._broker = broker
        self._wait_seconds = wait_seconds
        self._senders = ThreadPoolExecutor(max_workers=2, thread_name_prefix="enqueue")

    async def render(self, spec_id: str) -> None:
        """Has the clip of a stored spec made; returns once its files are in the store.

        However many ask for one spec, it is rendered once. UserError when the spec is refused,
        Unavailable when 500 jobs wait already, nobody works or the store is away, RuntimeError
        naming the worker's log entry for anything else.
        """
        ticket = Ticket("clip", spec_id)
        if await self._claim(ticket):
            await self._finish(ticket, self._wait_seconds)

    async def train(
        self,
        progress: Callable[[float], None] | None = None,
        *,
        wait_seconds: float = TRAIN_SECONDS,
    ) -> str:
        """Has a model trained on everything stored by now and published; its content hash.

        It gives up waiting, not the training, after ``wait_seconds``: six hours for who can wait.
        Asking while a training waits to begin joins that one. ``progress`` hears shares of the
        work, 0..1. Errors as in `render`: UserError when the new model was not fit to serve.
        """
        ticket, mine = await self._tickets.join("train")
        if mine:
            await self._send(ticket)
        return (await self._finish(ticket, wait_seconds, progress)).text

    async def pending(self, kind: Kind = "clip") -> int:
        """How many jobs of a kind are queued or running."""
        return await self._tickets.pending(kind)

    async def workers(self, kind: Kind = "clip") -> int:
        """How many workers for a kind of job are alive."""
        return (await self._tickets.look(Ticket(kind, "-"))).workers

    def close(self) -> None:
        """Lets the sending threads end."""
        self._senders.shutdown(wait=False, cancel_futures=True)

    async def _claim(self, ticket: Ticket) -> bool:
        """Queues the ticket's job unless it is pending; False when it was already made."""
        claim = await self._tickets.claim(ticket, MOST_PENDING)
        if claim == "full":
            raise Unavailable(FULL)
        if claim == "claimed":
            await self._send(ticket)
        return claim != "made"

    async def _send(self, ticket: Ticket) -> None:
        loop = asyncio.get_running_loop()
        message = message_of(ticket)
        try:
            await loop.run_in_executor(self._senders, self._broker.enqueue, message)
        except (RedisError, OSError) as error:
            with suppress(Unavailable):
                await self._tickets.drop(ticket)
            raise Unavailable(AWAY) from error
        await self._tickets.hold(ticket)

    async def _finish(
        self,
        ticket: Ticket,
        seconds: float,
        progress: Callable[[float], None] | None = None,
    ) -> Result:
        """Waits for the ticket's end: on news, and by looking each second in case news was lost."""
        changed = asyncio.Event()

        def hear(news: News) -> None:
            if news.progress is None:
                changed.set()
            elif progress is not None:
                progress(news.progress)

        try:
            with self._bell.listening(ticket, hear):
                async with asyncio.timeout(seconds):
                    return await self._watch(ticket, changed)
        except TimeoutError as error:
            raise Unavailable(SLOW) from error

    async def _watch(self, ticket: Ticket, changed: asyncio.Event) -> Result:
        patience = _Patience()
        while (result := await self._end(ticket, patience)) is None:
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS):
                    await changed.wait()
            changed.clear()
        return result

    async def _end(self, ticket: Ticket, patience: _Patience) -> Result | None:
        """The ticket's end if it has come; a job that was lost is queued again."""
        try:
            standing = await self._tickets.look(ticket)
            patience.found(standing)
            if standing.made:
                return Result("done")
            if standing.result is not None:
                return _shown(standing.result)
            if not standing.pending:
                await self._claim(ticket)
        except Unavailable as error:
            patience.away(error)
        return None


class _Patience:
    """How long one wait has been without store or workers; gives up by raising Unavailable."""

    def __init__(self) -> None:
        self._away_since: float | None = None
        self._workerless_since: float | None = None

    def found(self, standing: Standing) -> None:
        self._away_since = None
        if standing.workers:
            self._workerless_since = None
            return
        self._workerless_since = self._workerless_since or time.monotonic()
        if time.monotonic() - self._workerless_since > WORKERLESS_SECONDS:
            raise Unavailable(NOBODY)

    def away(self, error: Unavailable) -> None:
        if str(error) != AWAY:
            raise error
        self._away_since = self._away_since or time.monotonic()
        if time.monotonic() - self._away_since > AWAY_SECONDS:
            raise error


def _shown(result: Result) -> Result:
    if result.state == "refused":
        raise UserError(result.text)
    if result.state == "failed":
        raise RuntimeError(f"a worker failed; its log has the trace under {result.text}")
    return result


@asynccontextmanager
async def open_jobs(store: Store) -> AsyncIterator[Jobs]:
    """The queue beside an open store."""
    with sending_broker(store.address.queue_url) as broker:
        async with open_bell(store.tickets) as bell:
            with closing(Jobs(store.tickets, bell, broker)) as jobs:
                yield jobs
