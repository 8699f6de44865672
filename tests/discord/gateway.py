"""The gateway: HELLO, IDENTIFY, HEARTBEAT, READY, dispatches with numbers, RESUME with replay.

One `Session` a shard. Its events are kept for ever, so that a client that lost its socket gets
exactly those it has not seen. Frames are text; with ``compress`` a client may have zlib-stream.
"""

from __future__ import annotations

import asyncio
import json
import time
import zlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import WSMsgType, web

from tests.discord.payloads import Guild, Json, User, snowflake

DISPATCH, HEARTBEAT, IDENTIFY, RESUME = 0, 1, 2, 6
RECONNECT, INVALID_SESSION, HELLO, HEARTBEAT_ACK = 7, 9, 10, 11
PRIVILEGED: Final = (1 << 1) | (1 << 8) | (1 << 15)
SENDS_A_MINUTE: Final = 120


class Closed(Exception):
    """The server closes the connection with one of Discord's codes."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code


@dataclass(eq=False, slots=True)
class Link:
    """One websocket with its compression context."""

    socket: web.WebSocketResponse
    transport: asyncio.Transport | None
    deflate: Any = None
    sends: deque[float] = field(default_factory=deque)

    async def send(self, frame: Json) -> None:
        if self.socket.closed:
            return
        text = json.dumps(frame)
        if self.deflate is None:
            await self.socket.send_str(text)
            return
        data = self.deflate.compress(text.encode()) + self.deflate.flush(zlib.Z_SYNC_FLUSH)
        await self.socket.send_bytes(data)

    def count(self) -> None:
        """Raises Closed 4008 over Discord's 120 frames in 60 seconds."""
        self.sends.append(time.monotonic())
        while self.sends[0] < time.monotonic() - 60:
            self.sends.popleft()
        if len(self.sends) > SENDS_A_MINUTE:
            raise Closed(4008, "rate limited")


@dataclass(eq=False, slots=True)
class Session:
    """What one shard has been told, and the link it listens on at the moment."""

    shard: tuple[int, int]
    intents: int
    link: Link | None
    id: str = field(default_factory=lambda: f"session-{snowflake()}")
    events: list[Json] = field(default_factory=list)
    valid: bool = True

    async def dispatch(self, event: str, data: Json) -> None:
        frame = {"op": DISPATCH, "t": event, "s": len(self.events) + 1, "d": data}
        self.events.append(frame)
        if self.link is not None:
            await self.link.send(frame)


@dataclass(eq=False)
class Gateway:
    """``up`` False refuses the handshake, as Discord does while it is down."""

    token: str
    bot: User
    guilds: list[Guild]
    resume_url: Callable[[], str]
    shards: int = 1
    compress: bool = False
    up: bool = True
    heartbeat_interval: int = 41_250
    privileged: int = 0
    sessions: dict[int, Session] = field(default_factory=dict)
    identifies: list[Json] = field(default_factory=list)
    resumes: list[Json] = field(default_factory=list)
    heartbeats: int = 0
    compressed_links: int = 0
    refused: int = 0
    links: set[Link] = field(default_factory=set)
    _arrived: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """The websocket endpoint."""
        if not self.up:
            self.refused += 1
            return web.Response(status=503, text="upstream connect error")
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        zlib_stream = self.compress and request.query.get("compress") == "zlib-stream"
        self.compressed_links += zlib_stream
        link = Link(socket, request.transport, zlib.compressobj() if zlib_stream else None)
        self.links.add(link)
        try:
            await link.send({"op": HELLO, "d": {"heartbeat_interval": self.heartbeat_interval}})
            await self._listen(link)
        except Closed as closed:
            await socket.close(code=closed.code, message=str(closed).encode())
        finally:
            self.links.discard(link)
            self._leave(link, clean=socket.close_code in {1000, 1001})
        return socket

    async def _listen(self, link: Link) -> None:
        async for message in link.socket:
            if message.type is not WSMsgType.TEXT or len(message.data) > 4096:
                raise Closed(4002, "decode error")
            link.count()
            frame = json.loads(message.data)
            match frame["op"]:
                case 1:
                    self.heartbeats += 1
                    await link.send({"op": HEARTBEAT_ACK})
                case 2:
                    await self._identify(link, frame["d"])
                case 6:
                    await self._resume(link, frame["d"])
                case 3 | 4 | 8:
                    continue
                case _:
                    raise Closed(4001, "unknown opcode")

    async def _identify(self, link: Link, data: Json) -> None:
        self.identifies.append(data)
        if any(session.link is link for session in self.sessions.values()):
            raise Closed(4005, "already authenticated")
        if data["token"] != self.token:
            raise Closed(4004, "authentication failed")
        if data["intents"] & PRIVILEGED & ~self.privileged:
            raise Closed(4014, "disallowed intents")
        number, count = data.get("shard", (0, 1))
        if not 0 <= number < count:
            raise Closed(4010, "invalid shard")
        session = self.sessions[number] = Session((number, count), data["intents"], link)
        await self._welcome(session)

    async def _welcome(self, session: Session) -> None:
        number, count = session.shard
        mine = [g for g in self.guilds if g.with_bot and (int(g.id) >> 22) % count == number]
        ready = {
            "v": 10,
            "user": self.bot.payload(),
            "guilds": [{"id": guild.id, "unavailable": True} for guild in mine],
            "session_id": session.id,
            "resume_gateway_url": self.resume_url(),
            "shard": list(session.shard),
            "application": {"id": self.bot.id, "flags": 0},
        }
        await session.dispatch("READY", ready)
        for guild in mine if session.intents & 1 else ():
            await session.dispatch("GUILD_CREATE", guild.payload())
        self._arrived.set()

    async def _resume(self, link: Link, data: Json) -> None:
        self.resumes.append(data)
        known = [s for s in self.sessions.values() if s.id == data["session_id"] and s.valid]
        if data["token"] != self.token:
            raise Closed(4004, "authentication failed")
        if not known or data["seq"] > len(known[0].events):
            await link.send({"op": INVALID_SESSION, "d": False})
            return
        session = known[0]
        seen = data["seq"]
        while seen < len(session.events):
            await link.send(session.events[seen])
            seen += 1
        session.link = link
        await session.dispatch("RESUMED", {})
        self._arrived.set()

    def _leave(self, link: Link, *, clean: bool) -> None:
        """A client that closes with 1000 or 1001 gives its session up; any other may come back."""
        for session in self.sessions.values():
            if session.link is link:
                session.link, session.valid = None, not clean

    @property
    def connected(self) -> bool:
        """Whether every shard listens."""
        live = [s for s in self.sessions.values() if s.link is not None]
        return bool(live) and len(live) == live[0].shard[1]

    async def until(self, look: Callable[[], bool], timeout: float, wanted: str) -> None:
        """Wait for something about the connections to become true."""
        try:
            async with asyncio.timeout(timeout):
                while not look():
                    self._arrived.clear()
                    await self._arrived.wait()
        except TimeoutError as error:
            raise AssertionError(f"no client {wanted} in {timeout:g} s") from error

    async def dispatch(self, event: str, data: Json, guild: Guild | None) -> None:
        """Send an event to the shard it belongs to; private ones go to shard 0."""
        assert self.sessions, "no client has connected yet"
        count = next(iter(self.sessions.values())).shard[1]
        await self.sessions[(int(guild.id) >> 22) % count if guild else 0].dispatch(event, data)

    async def drop(self, *, quietly: bool = False) -> None:
        """Close every socket as a failing node does (code 4000), or cut the line without a word.

        What is dispatched before a client is back waits for its RESUME.
        """
        for session in self.sessions.values():
            session.link = None
        for link in list(self.links):
            if quietly and link.transport is not None:
                link.transport.abort()
            else:
                await link.socket.close(code=4000)

    async def ask_to_reconnect(self) -> None:
        """Opcode 7: the client has to come back and resume."""
        for link in list(self.links):
            await link.send({"op": RECONNECT, "d": None})

    async def invalidate(self, *, resumable: bool) -> None:
        """Opcode 9: resumable sessions may be resumed, others start again with IDENTIFY."""
        for session in self.sessions.values():
            session.valid = resumable
        for link in list(self.links):
            await link.send({"op": INVALID_SESSION, "d": resumable})
