"""Tastes: what a member listened to, where that came from, what they added and voted on, and what
they were shown of late."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files
from typing import Any, Final

from redis.asyncio import Redis

from bot.errors import UserError
from bot.store.client import as_bytes, as_text, storage
from bot.store.keys import DAY, key
from bot.store.marks import VOTES, Kind, Mark, entry_of, read_mark

MAX_HISTORY_BYTES: Final = 16 * 1024 * 1024
MAX_MARKS: Final = 5_000
MOST_SHOWN: Final = 40
SHOWN_SECONDS: Final = 2 * DAY

_MEMBERS: Final = key("taste", "members")
_SCRIPTS: Final = ("marks", "unmark")


@dataclass(frozen=True, slots=True)
class Source:
    """Where listening came from: ``name`` says the kind of file, ``plays`` how many the latest one
    held, ``first`` and ``last`` when one was read (seconds since 1970)."""

    name: str
    plays: int
    first: float
    last: float


class TasteStore:
    """Listening, adds, votes and the lately shown by member id ("discord:123", "local"). Every
    method raises Unavailable while the store is away."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        folder = files("bot.store") / "scripts"
        self._scripts = {
            name: redis.register_script((folder / f"{name}.lua").read_text()) for name in _SCRIPTS
        }

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

    async def sources(self, member: str) -> list[Source]:
        """Where the listening came from, the earliest first; none for what was imported before
        this was kept."""
        async with storage():
            found = await self._redis.hgetall(_sources(member))
        known = [Source(as_text(name), **json.loads(about)) for name, about in found.items()]
        return sorted(known, key=lambda source: (source.first, source.name))

    async def note_source(self, member: str, name: str, plays: int, at: float) -> None:
        """Remembers that a file of this kind was read at that time."""
        before = {source.name: source for source in await self.sources(member)}.get(name)
        source = asdict(Source(name, plays, before.first if before else at, at))
        del source["name"]
        async with storage():
            await self._redis.hset(_sources(member), name, json.dumps(source))

    async def marks(self, member: str, now: float) -> list[Mark]:
        """The member's adds and votes, the oldest first. What a version that kept no times left
        counts from ``now``, when it is first found."""
        found = await self._run("marks", (_marks(member), _likes(member)), now)
        entries = iter(map(as_text, found))
        return [read_mark(entry, float(at)) for entry, at in zip(entries, entries, strict=True)]

    async def mark(self, member: str, kind: Kind, artist: str, at: float) -> None:
        """Keeps an add or a vote; a vote replaces the one before on that artist.

        UserError beyond 5,000 marks.
        """
        held = await self.marks(member, at)
        replaced = (VOTES - {kind}) if kind in VOTES else ()
        kept = [m for m in held if m.artist != artist or m.kind not in {kind, *replaced}]
        if len(kept) >= MAX_MARKS:
            raise UserError(f"You have named {MAX_MARKS:,} artists; no more will fit.")
        async with storage(), self._redis.pipeline(transaction=True) as pipe:
            for other in replaced:
                pipe.zrem(_marks(member), entry_of(other, artist))
            pipe.zadd(_marks(member), {entry_of(kind, artist): at})
            pipe.sadd(_MEMBERS, member)
            await pipe.execute()

    async def unmark(self, member: str, mark: Mark) -> bool:
        """Takes a mark back; False when it was not there any more."""
        keys = (_marks(member), _history(member), _MEMBERS)
        return bool(await self._run("unmark", keys, entry_of(mark.kind, mark.artist), member))

    async def shown(self, member: str) -> list[tuple[str, str]]:
        """What the member was recommended of late, newest first: (artist, title), the title ""
        where it was the artist. At most 40, for two days after the last."""
        async with storage():
            found = await self._redis.lrange(_shown(member), 0, MOST_SHOWN - 1)
        return [(artist, title) for artist, title in map(json.loads, found)]

    async def put_shown(self, member: str, items: Sequence[tuple[str, str]]) -> None:
        """Remembers that these were recommended just now."""
        name = _shown(member)
        if not items:
            return
        async with storage(), self._redis.pipeline(transaction=True) as pipe:
            pipe.lpush(name, *(json.dumps(item) for item in items))
            pipe.ltrim(name, 0, MOST_SHOWN - 1)
            pipe.expire(name, SHOWN_SECONDS)
            await pipe.execute()

    async def members(self) -> list[str]:
        """Everybody with a history, an add or a vote, in order."""
        async with storage():
            found = await self._redis.smembers(_MEMBERS)
        return sorted(map(as_text, found))

    async def holds(self, member: str) -> bool:
        """Whether anything of the member's taste is here."""
        async with storage():
            return bool(await self._redis.exists(*_all(member)))

    async def forget(self, member: str) -> None:
        """Nothing of the member's taste is left."""
        async with storage(), self._redis.pipeline(transaction=True) as pipe:
            pipe.delete(*_all(member))
            pipe.srem(_MEMBERS, member)
            await pipe.execute()

    async def _run(self, script: str, keys: tuple[str, ...], *values: str | float) -> Any:
        async with storage():
            return await self._scripts[script](keys=keys, args=values)


def _all(member: str) -> tuple[str, ...]:
    return _history(member), _sources(member), _marks(member), _likes(member), _shown(member)


def _history(member: str) -> str:
    return key("taste", "history", member)


def _sources(member: str) -> str:
    return key("taste", "sources", member)


def _marks(member: str) -> str:
    return key("taste", "marks", member)


def _likes(member: str) -> str:
    return key("taste", "likes", member)


def _shown(member: str) -> str:
    return key("taste", "shown", member)
