"""The connection: one pooled asyncio client, patient with restarts; one error for its absence."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Final

from redis import exceptions
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialWithJitterBackoff

from bot.errors import Unavailable

AWAY: Final = "Nightjar's storage is away for a moment; please try again in a minute."
PATIENCE: Final = 5.0
BULK_PATIENCE: Final = 30.0
CONNECTIONS: Final = 16

_GONE: Final = (
    exceptions.ConnectionError,
    exceptions.TimeoutError,
    exceptions.OutOfMemoryError,
    exceptions.ReadOnlyError,
    OSError,
)


def make_client(url: str, *, connections: int = CONNECTIONS) -> Redis:
    """A client of the running event loop. Lost connections and a loading server are retried inside;
    options in the URL's query win over the ones here."""
    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=connections,
        timeout=PATIENCE,
        socket_timeout=BULK_PATIENCE,
        socket_connect_timeout=PATIENCE,
        health_check_interval=30,
        driver_info=None,  # saves two commands a connection that Redis before 7.2 does not know
        retry=Retry(ExponentialWithJitterBackoff(base=0.02, cap=0.3), 10),
        retry_on_error=[exceptions.BusyLoadingError],
    )
    return Redis.from_pool(pool)


def as_text(value: bytes | str) -> str:
    """What Redis answered, as text."""
    return value if isinstance(value, str) else value.decode()


def as_bytes(value: bytes | str) -> bytes:
    """What Redis answered, as bytes."""
    return value.encode() if isinstance(value, str) else value


@asynccontextmanager
async def storage(seconds: float = PATIENCE) -> AsyncIterator[None]:
    """Around every exchange with the store: Unavailable when it does not answer within ``seconds``,
    or answers that it cannot write."""
    try:
        with _cancellations_kept():
            async with asyncio.timeout(seconds):
                yield
    except _GONE as error:
        raise Unavailable(AWAY) from error
    except exceptions.ResponseError as error:
        if not str(error).startswith("MISCONF"):
            raise
        raise Unavailable(AWAY) from error


@contextmanager
def _cancellations_kept() -> Iterator[None]:
    """Raises a cancellation that was swallowed inside: the client sends with ``asyncio.wait_for``,
    which before Python 3.12 forgets one that arrives in the moment it is done."""
    task = asyncio.current_task()
    before = task.cancelling() if task else 0
    try:
        yield
    finally:
        if task and task.cancelling() > before:
            raise asyncio.CancelledError
