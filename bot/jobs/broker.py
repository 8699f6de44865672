"""dramatiq's broker on our Redis, with the figures measured for it (docs/decisions)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from dramatiq import Broker, Message
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import Middleware, Retries, TimeLimit
from redis import ConnectionPool, Redis

from bot.store.keys import QUEUE_NAMESPACE
from bot.store.tickets import Kind, Ticket

ACTORS: Final[dict[Kind, str]] = {"clip": "render", "train": "train"}

HEARTBEAT_TIMEOUT_MS: Final = 4_000
MAINTENANCE_PER_MILLION: Final = 100_000
DELAY_POLL_MS: Final = 1_000
SENDER_SECONDS: Final = 5.0
WORKER_SECONDS: Final = 60.0


class _CalmDelayQueue(Middleware):
    """Looks for delayed jobs once a second only: each look is a write to the append-only file. It
    is also what says that a worker lives while it is at a job."""

    def after_consumer_thread_boot(self, _broker: Broker, thread: Any) -> None:
        if thread.queue_name.endswith(".DQ"):
            thread.worker_timeout = DELAY_POLL_MS


@contextmanager
def sending_broker(url: str) -> Iterator[Broker]:
    """A broker that only enqueues; it gives up on a silent server after 5 s."""
    with _pool(url, SENDER_SECONDS) as pool:
        yield _broker(pool, [])


@contextmanager
def working_broker(url: str) -> Iterator[Broker]:
    """A broker for a worker process. A job whose worker died is taken over after about 4 s."""
    with _pool(url, WORKER_SECONDS) as pool:
        retries = Retries(max_retries=1, min_backoff=1_000)
        yield _broker(pool, [TimeLimit(), retries, _CalmDelayQueue()])


def message_of(ticket: Ticket) -> Message[None]:
    """What lies in the queue for a ticket: the id, never more."""
    return Message(
        queue_name=ticket.kind,
        actor_name=ACTORS[ticket.kind],
        args=(ticket.id,),
        kwargs={},
        options={},
    )


@contextmanager
def _pool(url: str, socket_seconds: float) -> Iterator[ConnectionPool]:
    pool = ConnectionPool.from_url(url, socket_timeout=socket_seconds, health_check_interval=30)
    try:
        yield pool
    finally:
        pool.disconnect()


def _broker(pool: ConnectionPool, middleware: list[Middleware]) -> Broker:
    return RedisBroker(  # type: ignore[no-untyped-call]
        client=Redis(connection_pool=pool),
        middleware=middleware,
        namespace=QUEUE_NAMESPACE,
        heartbeat_timeout=HEARTBEAT_TIMEOUT_MS,
        maintenance_chance=MAINTENANCE_PER_MILLION,
    )
