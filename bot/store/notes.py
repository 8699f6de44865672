"""Notes: small values the program keeps for itself, such as the hash of the synced commands."""

from __future__ import annotations

from typing import Final

from redis.asyncio import Redis

from bot.store.client import as_text, storage
from bot.store.keys import key

MAX_NOTE_CHARACTERS: Final = 4_096


class NoteStore:
    """Strings by name. Every method raises Unavailable while the store is away."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def put(self, name: str, text: str) -> None:
        """Keeps ``text`` until it is replaced; ValueError above 4,096 characters."""
        if len(text) > MAX_NOTE_CHARACTERS:
            raise ValueError(f"a note of {len(text)} characters is above the limit")
        async with storage():
            await self._redis.set(key("note", name), text)

    async def get(self, name: str) -> str | None:
        """The text last put under ``name``."""
        async with storage():
            found = await self._redis.get(key("note", name))
        return None if found is None else as_text(found)
