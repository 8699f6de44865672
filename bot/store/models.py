"""Models: packed files by content hash, and which of them is in use."""

from __future__ import annotations

from typing import Final

from redis.asyncio import Redis

from bot.store.client import BULK_PATIENCE, as_bytes, as_text, storage
from bot.store.keys import MINUTE, key

RETIRED_SECONDS: Final = 10 * MINUTE
MAX_MODEL_BYTES: Final = 256 * 1024 * 1024

_CURRENT: Final = key("model", "current")


class ModelStore:
    """Trained models. Every method raises Unavailable while the store is away."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def current(self) -> str | None:
        """The hash of the model in use; None before the first training."""
        async with storage():
            found = await self._redis.get(_CURRENT)
        return None if found is None else as_text(found)

    async def publish(self, content_hash: str, packed: bytes) -> None:
        """Makes this the model in use; the one before stays ten minutes for readers that are
        under way; longer it must not, for it may name what somebody has had deleted.

        ValueError above 256 MiB.
        """
        if len(packed) > MAX_MODEL_BYTES:
            raise ValueError(f"a model of {len(packed)} bytes is above the limit")
        async with storage(BULK_PATIENCE):
            before = await self._redis.get(_CURRENT)
            async with self._redis.pipeline(transaction=True) as pipe:
                if before is not None:
                    pipe.expire(_packed(as_text(before)), RETIRED_SECONDS)
                pipe.set(_packed(content_hash), packed)
                pipe.set(_CURRENT, content_hash)
                await pipe.execute()

    async def drop_others(self, content_hash: str) -> None:
        """Only this model is left, beside the one in use."""
        kept = {_packed(content_hash), _packed(await self.current() or content_hash)}
        async with storage(BULK_PATIENCE):
            async for name in self._redis.scan_iter(_packed("*"), count=1000):
                if as_text(name) not in kept:
                    await self._redis.unlink(name)

    async def packed(self, content_hash: str) -> bytes | None:
        """The model's files as they were packed; None when it is gone."""
        async with storage(BULK_PATIENCE):
            found = await self._redis.get(_packed(content_hash))
        return None if found is None else as_bytes(found)


def _packed(content_hash: str) -> str:
    return key("model", "packed", content_hash)
