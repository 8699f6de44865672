"""Answers: recommendation cards that their buttons come back to."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from typing import Any, Final, cast

from redis.asyncio import Redis

from bot.store.client import BULK_PATIENCE, as_text, storage
from bot.store.keys import DAY, key

ANSWER_SECONDS: Final = 30 * DAY
MAX_ANSWER_BYTES: Final = 64 * 1024

_INDEXED: Final = key("answer", "indexed")
_CARD: Final = re.compile(re.escape(key("answer", "")) + r"([0-9a-f]+)")
_BATCH: Final = 500


class AnswerStore:
    """Cards by answer id, kept 30 days. Every method raises Unavailable while the store is away."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def put(self, answer_id: str, member: str, answer: Mapping[str, Any]) -> None:
        """Keeps a member's answer of plain JSON values; ValueError above 64 KiB."""
        document = json.dumps(answer).encode()
        if len(document) > MAX_ANSWER_BYTES:
            raise ValueError(f"an answer of {len(document)} bytes is above the limit")
        now = time.time()
        async with storage(), self._redis.pipeline(transaction=True) as pipe:
            pipe.set(key("answer", answer_id), document, ex=ANSWER_SECONDS)
            pipe.zremrangebyscore(_of(member), "-inf", now - ANSWER_SECONDS)
            pipe.zadd(_of(member), {answer_id: now})
            pipe.expire(_of(member), ANSWER_SECONDS)
            await pipe.execute()

    async def get(self, answer_id: str) -> dict[str, Any] | None:
        """The answer as it was put; None after 30 days."""
        async with storage():
            document = await self._redis.get(key("answer", answer_id))
        return None if document is None else dict(json.loads(document))

    async def of(self, member: str) -> list[tuple[float, dict[str, Any]]]:
        """The member's answers, each with when it was given (seconds since 1970), the oldest
        first."""
        times = await self._ids(member)
        if not times:
            return []
        async with storage(BULK_PATIENCE):
            found = await self._redis.mget([key("answer", name) for name in times])
        return [
            (at, dict(json.loads(document)))
            for at, document in zip(times.values(), found, strict=True)
            if document is not None
        ]

    async def forget(self, member: str) -> None:
        """None of the member's answers is left."""
        names = [key("answer", name) for name in await self._ids(member)]
        async with storage(BULK_PATIENCE):
            await self._redis.delete(_of(member), *names)

    async def _ids(self, member: str) -> dict[str, float]:
        async with storage():
            indexed = await self._redis.exists(_INDEXED)
        if not indexed:
            await self._index_all()
        async with storage():
            found = await self._redis.zrange(_of(member), 0, -1, withscores=True)
        return {as_text(name): at for name, at in cast("list[tuple[bytes, float]]", found)}

    async def _index_all(self) -> None:
        """Once: a version that had no index may have left answers."""
        cursor = -1
        while cursor:
            async with storage():
                found = await self._redis.scan(
                    max(cursor, 0), match=key("answer", "*"), count=_BATCH
                )
            cursor, names = cast("tuple[int, list[bytes]]", found)
            for card in filter(None, map(_CARD.fullmatch, map(as_text, names))):
                await self._index(card[1])
        async with storage():
            await self._redis.set(_INDEXED, 1)

    async def _index(self, answer_id: str) -> None:
        async with storage(), self._redis.pipeline(transaction=True) as pipe:
            pipe.get(key("answer", answer_id))
            pipe.ttl(key("answer", answer_id))
            document, left = await pipe.execute()
        member = json.loads(document or "{}").get("member")
        if member is None:
            return
        given = time.time() - (ANSWER_SECONDS - left)
        async with storage(), self._redis.pipeline(transaction=True) as pipe:
            pipe.zadd(_of(member), {answer_id: given}, nx=True)
            pipe.expire(_of(member), ANSWER_SECONDS)
            await pipe.execute()


def _of(member: str) -> str:
    return key("answer", "of", member)
