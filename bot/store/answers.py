"""Answers: recommendation cards that their buttons come back to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from redis.asyncio import Redis

from bot.store.client import storage
from bot.store.keys import DAY, key

ANSWER_SECONDS: Final = 30 * DAY
MAX_ANSWER_BYTES: Final = 64 * 1024


class AnswerStore:
    """Cards by answer id, kept 30 days. Every method raises Unavailable while the store is away."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def put(self, answer_id: str, answer: Mapping[str, Any]) -> None:
        """Keeps an answer of plain JSON values; ValueError above 64 KiB."""
        document = json.dumps(answer).encode()
        if len(document) > MAX_ANSWER_BYTES:
            raise ValueError(f"an answer of {len(document)} bytes is above the limit")
        async with storage():
            await self._redis.set(key("answer", answer_id), document, ex=ANSWER_SECONDS)

    async def get(self, answer_id: str) -> dict[str, Any] | None:
        """The answer as it was put; None after 30 days."""
        async with storage():
            document = await self._redis.get(key("answer", answer_id))
        return None if document is None else dict(json.loads(document))
