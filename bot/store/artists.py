"""Artists that somebody plays and the catalogue does not know: who waits to be looked up, and what
was found. Names and tags only; who plays them is not kept here."""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Final, cast

from redis.asyncio import Redis

from bot.store.client import BULK_PATIENCE, as_text, storage
from bot.store.keys import DAY, key
from recommender.names import normalise

MOST_WAITING: Final = 20_000
KEPT_SECONDS: Final = 180 * DAY
UNKNOWN_SECONDS: Final = 21 * DAY

_QUEUE: Final = key("artist", "queue")
_TAGS: Final = key("artist", "tags")
_LEADER: Final = key("artist", "leader")
_AT_ONCE: Final = 1_000


@dataclass(frozen=True, slots=True)
class Known:
    """What was found about an artist; no ``tags``: nothing. It is looked up again ``until`` (Unix
    seconds)."""

    artist: str
    tags: Mapping[str, float]
    until: float


class ArtistStore:
    """The look-ups' memory. Every method raises Unavailable while the store is away."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        script = (files("bot.store") / "scripts" / "lead.lua").read_text()
        self._lead = redis.register_script(script)

    async def offer(self, artists: Iterable[str]) -> None:
        """Has artists looked up that are not known yet, the first ones first; no more than 20,000
        wait."""
        unique = {normalise(artist): artist for artist in artists}
        now = time.time()
        async with storage(BULK_PATIENCE):
            room = MOST_WAITING - int(await self._redis.zcard(_QUEUE))
            for names in _batches({k: v for k, v in unique.items() if k}):
                known = await self._redis.hmget(_TAGS, list(names))
                fresh = [
                    artist
                    for artist, document in zip(names.values(), known, strict=True)
                    if document is None or _read(document).until < now
                ][: max(room, 0)]
                if fresh:
                    scores = {artist: now + at / 1e6 for at, artist in enumerate(fresh)}
                    await self._redis.zadd(_QUEUE, scores, nx=True)
                    room -= len(fresh)

    async def next(self) -> str | None:
        """The artist whose turn it is; it stays in the queue until it is settled."""
        async with storage():
            found = await self._redis.zrangebyscore(_QUEUE, "-inf", time.time(), start=0, num=1)
        return as_text(cast("bytes", found[0])) if found else None

    async def settle(self, artist: str, tags: Mapping[str, float]) -> None:
        """Keeps what was found, for half a year, or that there is nothing, for three weeks. An
        artist that was taken out of the queue meanwhile, since nobody plays them any more, is not
        kept."""
        until = time.time() + (KEPT_SECONDS if tags else UNKNOWN_SECONDS)
        document = json.dumps({"artist": artist, "tags": dict(tags), "until": until})
        async with storage():
            if await self._redis.zrem(_QUEUE, artist):
                await self._redis.hset(_TAGS, normalise(artist), document)

    async def postpone(self, artist: str, seconds: float) -> None:
        """Lets others go first for a while."""
        async with storage():
            await self._redis.zadd(_QUEUE, {artist: time.time() + seconds}, xx=True)

    async def waiting(self) -> int:
        """How many artists wait to be looked up."""
        async with storage():
            return int(await self._redis.zcard(_QUEUE))

    async def tags(self) -> dict[str, dict[str, float]]:
        """Everything found: artist to tag to weight."""
        return {
            known.artist: dict(known.tags) for known in (await self._all()).values() if known.tags
        }

    async def keep_only(self, keys: Collection[str]) -> None:
        """Drops everything about artists whose keys are not among ``keys``, from the queue as from
        what was found."""
        gone = [name for name in await self._all() if name not in keys]
        async with storage(BULK_PATIENCE):
            found = cast("list[bytes]", await self._redis.zrange(_QUEUE, 0, -1))
            waiting = map(as_text, found)
            left = [artist for artist in waiting if normalise(artist) not in keys]
            for names in (gone[at : at + _AT_ONCE] for at in range(0, len(gone), _AT_ONCE)):
                await self._redis.hdel(_TAGS, *names)
            for names in (left[at : at + _AT_ONCE] for at in range(0, len(left), _AT_ONCE)):
                await self._redis.zrem(_QUEUE, *names)

    async def lead(self, process: str, milliseconds: int) -> bool:
        """Whether ``process`` is the one that looks artists up; takes or renews that."""
        async with storage():
            return bool(await self._lead(keys=[_LEADER], args=[process, milliseconds]))

    async def _all(self) -> dict[str, Known]:
        async with storage(BULK_PATIENCE):
            found = await self._redis.hgetall(_TAGS)
        return {as_text(name): _read(document) for name, document in found.items()}


def _batches(names: Mapping[str, str]) -> Iterable[dict[str, str]]:
    items = list(names.items())
    return (dict(items[at : at + _AT_ONCE]) for at in range(0, len(items), _AT_ONCE))


def _read(document: bytes | str) -> Known:
    fields = json.loads(document)
    return Known(
        str(fields["artist"]), cast("dict[str, float]", fields["tags"]), float(fields["until"])
    )
