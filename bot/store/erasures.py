"""Erasures: what was deleted may still lie in the server's own log, and in models made before."""

from __future__ import annotations

import asyncio
import logging
import secrets
from importlib.resources import files
from typing import Any, Final

from redis import exceptions
from redis.asyncio import Redis

from bot.store.client import as_text, storage
from bot.store.keys import key

log = logging.getLogger(__name__)

COMPACT_SECONDS: Final = 120.0
_POLL_SECONDS: Final = 0.05
_WANTED: Final = key("erasure", "wanted")


class ErasureStore:
    """What is left to do after a deletion. Every method raises Unavailable while the store is
    away."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        script = files("bot.store") / "scripts" / "leave.lua"
        self._take_back = redis.register_script(script.read_text())

    async def want(self) -> None:
        """Notes that something is about to be deleted; a restart does not forget it."""
        async with storage():
            await self._redis.set(_WANTED, secrets.token_hex(8))

    async def wanted(self) -> str | None:
        """A token for all that was deleted by now and may lie somewhere still; None when nothing
        does."""
        async with storage():
            found = await self._redis.get(_WANTED)
        return None if found is None else as_text(found)

    async def done(self, token: str) -> None:
        """What that token stood for lies nowhere any more; what was deleted later still may."""
        async with storage():
            await self._take_back(keys=(_WANTED,), args=(token,))

    async def compact(self) -> None:
        """Has the server write its log anew, so that it tells what is stored now and nothing that
        was before; returns when that is on the disk.

        A server that keeps no log, or does not let us, is left alone: its files are its operator's.
        """
        async with storage(COMPACT_SECONDS):
            if not (await self._persistence())["aof_enabled"]:
                return
            # One that is under way began before the deletion, and may hold what was deleted.
            await self._idle()
            while not await self._begin():
                await self._idle()
            await self._idle()
            if (await self._persistence())["aof_last_bgrewrite_status"] != "ok":
                raise OSError("the log could not be written anew")

    async def _begin(self) -> bool:
        """Begins to write the log anew; False when that is under way already."""
        try:
            await self._redis.bgrewriteaof()
        except exceptions.NoPermissionError:
            log.warning("This Redis does not let Nightjar shorten its log after a deletion")
        except exceptions.ResponseError as error:
            if "in progress" not in str(error):
                raise
            return False
        return True

    async def _idle(self) -> None:
        while True:
            state = await self._persistence()
            if not (state["aof_rewrite_in_progress"] or state["aof_rewrite_scheduled"]):
                return
            await asyncio.sleep(_POLL_SECONDS)

    async def _persistence(self) -> dict[str, Any]:
        return dict(await self._redis.info("persistence"))
