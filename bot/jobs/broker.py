"""dramatiq's broker on our Redis, with the figures measured for it (docs/decisions)."""

from __future__ import annotations

from typing import Final

from dramatiq import Broker, Message
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import AgeLimit, CurrentMessage, Middleware, Retries, TimeLimit
from redis import ConnectionPool, Redis

from bot.store.keys import QUEUE_NAMESPACE
from bot.store.tickets import Kind, Ticket

ACTORS: Final[dict[Kind, str]] = {"clip": "render", "train": "train"}

HEARTBEAT_TIMEOUT_MS: Final = 4_000
MAINTENANCE_PER_MILLION: Final = 100_000
SENDER_SECONDS: Final = 5.0
WORKER_SECONDS: Final = 60.0


def sending_broker(url: str) -> Broker:
    """A broker that only enqueues; it gives up on a silent server after 5 s."""
    return _broker(url, SENDER_SECONDS, [])


def working_broker(url: str) -> Broker:
    """A broker for a worker process. A job whose worker died is taken over after about 4 s."""
    middleware: list[Middleware] = [
        AgeLimit(),
        TimeLimit(),
        CurrentMessage(),
        Retries(max_retries=1, min_backoff=1_000),
    ]
    return _broker(url, WORKER_SECONDS, middleware)


def message_of(ticket: Ticket) -> Message[None]:
    """What lies in the queue for a ticket: the id, never more."""
    return Message(
        queue_name=ticket.kind,
        actor_name=ACTORS[ticket.kind],
        args=(ticket.id,),
        kwargs={},
        options={},
    )


def _broker(url: str, socket_seconds: float, middleware: list[Middleware]) -> Broker:
    pool = ConnectionPool.from_url(url, socket_timeout=socket_seconds, health_check_interval=30)
    return RedisBroker(  # type: ignore[no-untyped-call]
        client=Redis(connection_pool=pool),
        middleware=middleware,
        namespace=QUEUE_NAMESPACE,
        heartbeat_timeout=HEARTBEAT_TIMEOUT_MS,
        maintenance_chance=MAINTENANCE_PER_MILLION,
    )
