"""Clips: the spec that names one and, for a day, its files."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any, Final, cast

from redis.asyncio import Redis

from bot.errors import UserError
from bot.store.client import BULK_PATIENCE, as_bytes, as_text, storage
from bot.store.keys import DAY, key

SPEC_SECONDS: Final = 180 * DAY
FILES_SECONDS: Final = DAY
MAX_SPEC_BYTES: Final = 16 * 1024
MAX_FILES_BYTES: Final = 96 * 1024 * 1024
SHELF_BYTES: Final = 384 * 1024 * 1024

_SHELF: Final = key("clip", "shelf")


def files_key(spec_id: str) -> str:
    """Where a clip's files lie; the queue asks whether it is there."""
    return key("clip", spec_id, "files")


def stems_id(spec_id: str, bits: int) -> str:
    """The id under which the stems of a clip are made and kept, beside the clip itself."""
    return f"{spec_id}-stems{bits}"


def read_stems_id(text: str) -> tuple[str, int]:
    """The clip and the depth a `stems_id` names; depth 0 for the id of a clip itself."""
    spec_id, _, bits = text.partition("-stems")
    return spec_id, int(bits or 0)


class ClipStore:
    """Specs and files by spec id. Every method raises Unavailable while the store is away."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def put_spec(self, spec_id: str, spec: Mapping[str, Any]) -> None:
        """Keeps a spec for 180 days from its last reading; ValueError above 16 KiB of JSON."""
        document = json.dumps(spec, sort_keys=True)
        if len(document) > MAX_SPEC_BYTES:
            raise ValueError(f"a spec of {len(document)} characters is no spec")
        async with storage():
            await self._redis.set(key("clip", spec_id, "spec"), document, ex=SPEC_SECONDS)

    async def spec(self, spec_id: str) -> dict[str, Any] | None:
        """The spec, if somebody asked for or looked at it within 180 days."""
        async with storage():
            document = await self._redis.getex(key("clip", spec_id, "spec"), ex=SPEC_SECONDS)
        return None if document is None else dict(json.loads(document))

    async def put_files(self, spec_id: str, files: Mapping[str, bytes]) -> None:
        """Keeps a clip's files, name to bytes, for a day: all of them or none.

        The oldest clips' files make room when all together pass 384 MiB; they can be rendered
        again. UserError above 96 MiB, more than the longest clip has in any format.
        """
        size = sum(map(len, files.values()))
        if size > MAX_FILES_BYTES:
            raise UserError("These files are too large to keep; ask for fewer bars, or for mp3.")
        name = files_key(spec_id)
        async with storage(BULK_PATIENCE), self._redis.pipeline(transaction=True) as pipe:
            pipe.delete(name)
            for filename, data in files.items():
                pipe.hset(name, filename, data)
            pipe.expire(name, FILES_SECONDS)
            pipe.zadd(_SHELF, {f"{spec_id} {size}": time.time()})
            pipe.expire(_SHELF, FILES_SECONDS)
            await pipe.execute()
        await self._make_room()

    async def _make_room(self) -> None:
        async with storage():
            await self._redis.zremrangebyscore(_SHELF, "-inf", time.time() - FILES_SECONDS)
            newest_first = cast("list[bytes]", await self._redis.zrevrange(_SHELF, 0, -1))
            total, surplus = 0, []
            for entry in (as_text(each) for each in newest_first):
                total += int(entry.rpartition(" ")[2])
                if total > SHELF_BYTES:
                    surplus.append(entry)
            if surplus:
                names = [files_key(entry.partition(" ")[0]) for entry in surplus]
                await self._redis.unlink(*names)
                await self._redis.zrem(_SHELF, *surplus)

    async def files(self, spec_id: str) -> dict[str, bytes] | None:
        """A clip's files; None when it was not made, or longer than a day ago."""
        async with storage(BULK_PATIENCE):
            found = await self._redis.hgetall(files_key(spec_id))
        return {as_text(name): as_bytes(data) for name, data in found.items()} or None
