"""The store: its repositories over one connection, and where its server comes from."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Final

from redis import exceptions
from redis.asyncio import Redis

from bot.errors import Unavailable, UserError
from bot.settings import Settings
from bot.store.address import Address
from bot.store.answers import AnswerStore
from bot.store.artists import ArtistStore
from bot.store.binary import OLDEST
from bot.store.client import as_text, make_client, storage
from bot.store.clips import ClipStore
from bot.store.embedded import Role, embedded_server
from bot.store.erasures import ErasureStore
from bot.store.models import ModelStore
from bot.store.notes import NoteStore
from bot.store.tastes import TasteStore
from bot.store.tickets import TicketStore
from bot.store.trainings import TrainingStore

log = logging.getLogger(__name__)

PING_SECONDS: Final = 2.0


class Store:
    """Everything that is kept, by kind. It belongs to the event loop it was opened in."""

    def __init__(self, address: Address, redis: Redis) -> None:
        self.address = address
        self.clips = ClipStore(redis)
        self.tastes = TasteStore(redis)
        self.models = ModelStore(redis)
        self.answers = AnswerStore(redis)
        self.artists = ArtistStore(redis)
        self.notes = NoteStore(redis)
        self.tickets = TicketStore(redis)
        self.erasures = ErasureStore(redis)
        self.trainings = TrainingStore(redis)
        self._redis = redis

    async def ping(self) -> bool:
        """Whether the store answers now, within 2 s."""
        try:
            async with storage(PING_SECONDS):
                await self._redis.ping()
        except Unavailable:
            return False
        return True


@asynccontextmanager
async def open_store(settings: Settings, *, role: Role = "own") -> AsyncIterator[Store]:
    """The store of ``REDIS_URL``, or of a private server on ``DATA_DIR``.

    "own" is for the bot: it starts the private server and keeps the folder to itself. "attach" is
    for what may run beside it (the command line, a second role): it uses the running server, or
    starts one for as long as it needs. UserError says which setting to mend.
    """
    if settings.redis_url:
        address = await _examined(Address.of_url(settings.redis_url))
        async with connect(address) as store:
            yield store
        return
    async with embedded_server(settings, role) as address, connect(address) as store:
        yield store


@asynccontextmanager
async def connect(address: Address) -> AsyncIterator[Store]:
    """The store at an address that is known to be good; what workers open for themselves."""
    client = make_client(address.url)
    try:
        yield Store(address, client)
    finally:
        await client.aclose()


async def _examined(address: Address) -> Address:
    """The address with a queue database that exists; UserError when nothing usable is there."""
    client = make_client(address.url, connections=1)
    try:
        async with storage():
            version = as_text((await client.info("server"))["redis_version"])
    except Unavailable as error:
        raise UserError(_diagnosis(address, error)) from error
    finally:
        await client.aclose()
    if tuple(map(int, version.split(".")[:2])) < OLDEST:
        raise UserError(
            f"The setting REDIS_URL points to Redis {version}; Nightjar needs 6.2 or newer."
        )
    log.info("Redis %s at %s", version, address)
    return address if await _has_queue_database(address) else address.sharing_database()


async def _has_queue_database(address: Address) -> bool:
    client = make_client(address.queue_url, connections=1)
    try:
        async with storage():
            await client.ping()
    except (Unavailable, exceptions.ResponseError) as error:
        log.info("The queue shares the store's database (%s)", list(_causes(error))[-1])
        return False
    finally:
        await client.aclose()
    return True


def _diagnosis(address: Address, error: Unavailable) -> str:
    if any(isinstance(cause, exceptions.AuthenticationError) for cause in _causes(error)):
        return f"The setting REDIS_URL has the wrong user or password for {address}."
    return (
        f"The setting REDIS_URL points to {address}, where no Redis answers: start it, mend the"
        " setting, or leave it empty for a private server."
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An error and what led to it: the client wraps what the server said."""
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__
