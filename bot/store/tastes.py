"""Tastes: what a member listened to, added and voted on."""

from __future__ import annotations

from typing import Final

from redis.asyncio import Redis

from bot.errors import UserError
from bot.store.client import as_bytes, as_text, storage
from bot.store.keys import key

MAX_HISTORY_BYTES: Final = 16 * 1024 * 1024
MAX_LIKES: Final = 5_000

_MEMBERS: Final = key("taste", "members")


class TasteStore:
    """Listening and likes by member id ("discord:123", "local"). Every method raises Unavailable
    while the store is away."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def history(self, member: str) -> bytes | None:
        """The member's imported listening as it was put; None before any import."""
        async with storage():
            blob = await self._redis.get(_history(member))
        return None if blob is None else as_bytes(blob)

    async def put_history(self, member: str, blob: bytes) -> None:
        """Replaces the member's listening; UserError above 16 MiB, the old one stays."""
        if len(blob) > MAX_HISTORY_BYTES:
            raise UserError("This listening history is too long to keep; import fewer years of it.")
        async with storage(), self._redis.pipeline(transaction=True) as pipe:
            pipe.set(_history(member), blob)
            pipe.sadd(_MEMBERS, member)
            await pipe.execute()

    async def likes(self, member: str) -> dict[str, float]:
        """Artist name to weight: +1 for an add or a thumb up, -1 for a thumb down."""
        async with storage():
            found = await self._redis.hgetall(_likes(member))
        return {as_text(artist): float(value) for artist, value in found.items()}

    async def set_like(self, member: str, artist: str, value: float) -> None:
        """Keeps the weight of one artist; 0 forgets it. UserError beyond 5,000 artists."""
        name = _likes(member)
        async with storage():
            if not value:
                await self._redis.hdel(name, artist)
                return
            async with self._redis.pipeline(transaction=True) as pipe:
                pipe.hlen(name)
                pipe.hexists(name, artist)
                count, known = await pipe.execute()
            if count >= MAX_LIKES and not known:
                raise UserError(f"You have named {MAX_LIKES:,} artists; no more will fit.")
            async with self._redis.pipeline(transaction=True) as pipe:
                pipe.hset(name, artist, str(value))
                pipe.sadd(_MEMBERS, member)
                await pipe.execute()

    async def members(self) -> list[str]:
        """Everybody with a history or likes, in order."""
        async with storage():
            found = await self._redis.smembers(_MEMBERS)
        return sorted(map(as_text, found))

    async def forget(self, member: str) -> None:
        """Nothing of the member's taste is left."""
        async with storage(), self._redis.pipeline(transaction=True) as pipe:
            pipe.delete(_history(member), _likes(member))
            pipe.srem(_MEMBERS, member)
            await pipe.execute()


def _history(member: str) -> str:
    return key("taste", "history", member)


def _likes(member: str) -> str:
    return key("taste", "likes", member)
