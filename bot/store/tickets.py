"""Tickets: who asked the workers for what, so that a job is queued once and its end is heard.

A ticket is *claimed* by the first who asks, *held* once it lies in the queue, *begun* by a worker
and *settled* with a result. Every step may be lost with the process that was about to take it: a
claim that is not confirmed, and a job whose time has passed, lapse, and whoever still waits claims
it anew.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final, Literal

from redis.asyncio import Redis

from bot.store.client import as_text, storage
from bot.store.clips import files_key
from bot.store.keys import CHANNEL, MINUTE, key

Kind = Literal["clip", "train"]
Claim = Literal["made", "pending", "full", "claimed"]
State = Literal["done", "refused", "failed"]

CLAIM_MS: Final = 10_000
HOLD_MS: Final = 12 * MINUTE * 1000
KEPT_SECONDS: Final = 15 * MINUTE
ALIVE_MS: Final = 6_000
_SCRIPTS: Final = ("claim", "join", "hold", "begin", "look", "lead", "leave", "report")


@dataclass(frozen=True, slots=True)
class Ticket:
    """One job: the clip of a spec id, or a training under an id of its own."""

    kind: Kind
    id: str

    @classmethod
    def fresh(cls, kind: Kind) -> Ticket:
        """A ticket nobody has."""
        return cls(kind, secrets.token_hex(8))

    @property
    def product(self) -> str:
        """The key whose presence means the job is done; empty when a job leaves none behind."""
        return files_key(self.id) if self.kind == "clip" else ""


@dataclass(frozen=True, slots=True)
class Result:
    """How a ticket ended: "done" with a value, "refused" with a sentence for the person, or
    "failed" with the id under which the worker logged it."""

    state: State
    text: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a ticket stands now; ``workers`` counts the live workers of its kind."""

    made: bool
    result: Result | None
    pending: bool
    workers: int


@dataclass(frozen=True, slots=True)
class News:
    """What a worker announced: ``progress`` 0..1 while it works, None once it is settled."""

    ticket: Ticket
    progress: float | None


class TicketStore:
    """Bookkeeping of jobs. Every method raises Unavailable while the store is away."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        folder = files("bot.store") / "scripts"
        self._scripts = {
            name: redis.register_script((folder / f"{name}.lua").read_text()) for name in _SCRIPTS
        }

    async def claim(self, ticket: Ticket, most: int) -> Claim:
        """Takes the ticket unless it was made, is pending, or ``most`` others are. Whoever gets
        "claimed" must queue the job and `hold` the ticket within 10 s."""
        keys = (_pending(ticket), _result(ticket), ticket.product)
        answer = await self._run("claim", keys, ticket.id, most, CLAIM_MS, KEPT_SECONDS)
        claim: Claim = as_text(answer)  # type: ignore[assignment]
        return claim

    async def join(self, kind: Kind) -> tuple[Ticket, bool]:
        """The ticket of this kind that no worker has begun yet, or a claimed new one (and True)."""
        mine = Ticket.fresh(kind)
        keys = (_pending(mine), key("job", kind, "next"))
        theirs = as_text(await self._run("join", keys, mine.id, CLAIM_MS, KEPT_SECONDS))
        return Ticket(kind, theirs), theirs == mine.id

    async def hold(self, ticket: Ticket) -> None:
        """Confirms that the job lies in the queue."""
        await self._run("hold", (_pending(ticket),), ticket.id, HOLD_MS, KEPT_SECONDS)

    async def drop(self, ticket: Ticket) -> None:
        """Takes a claim back."""
        async with storage():
            await self._redis.zrem(_pending(ticket), ticket.id)

    async def begin(self, ticket: Ticket) -> int:
        """A worker has the job; how many times it has now been begun."""
        keys = (_pending(ticket), _starts(ticket), key("job", ticket.kind, "next"))
        return int(await self._run("begin", keys, ticket.id, HOLD_MS, KEPT_SECONDS))

    async def settle(self, ticket: Ticket, result: Result) -> None:
        """Writes down how the ticket ended and tells everybody who waits."""
        document = json.dumps({"state": result.state, "text": result.text})
        async with storage(), self._redis.pipeline(transaction=True) as pipe:
            pipe.set(_result(ticket), document, ex=KEPT_SECONDS)
            pipe.zrem(_pending(ticket), ticket.id)
            pipe.delete(_starts(ticket))
            pipe.publish(CHANNEL, _announcement(ticket, None))
            await pipe.execute()

    async def announce(self, ticket: Ticket, progress: float) -> None:
        """Tells everybody who waits how far the work is, 0..1."""
        async with storage():
            await self._redis.publish(CHANNEL, _announcement(ticket, progress))

    async def look(self, ticket: Ticket) -> Standing:
        """How the ticket stands now."""
        keys = (_pending(ticket), _result(ticket), _workers(ticket.kind), ticket.product)
        made, result, pending, workers = await self._run("look", keys, ticket.id)
        document = None if result is None else Result(**json.loads(result))
        return Standing(bool(made), document, bool(pending), int(workers))

    async def pending(self, kind: Kind) -> int:
        """How many jobs of a kind are queued or running."""
        async with storage():
            return int(await self._redis.zcard(key("job", kind, "pending")))

    async def lead(self, ticket: Ticket, milliseconds: int) -> bool:
        """Takes or renews the lead of the ticket's kind; False while another ticket has it."""
        keys = (key("job", ticket.kind, "leader"),)
        return bool(await self._run("lead", keys, ticket.id, milliseconds))

    async def leave(self, ticket: Ticket) -> None:
        """Gives up the lead."""
        await self._run("leave", (key("job", ticket.kind, "leader"),), ticket.id)

    async def report(self, kind: Kind, worker: str) -> None:
        """A worker says that it lives; it counts for 6 s."""
        await self._run("report", (_workers(kind),), worker, ALIVE_MS, MINUTE)

    async def retire(self, kind: Kind, worker: str) -> None:
        """A worker leaves."""
        async with storage():
            await self._redis.zrem(_workers(kind), worker)

    async def news(self) -> AsyncGenerator[News | None, None]:
        """What the workers announce from now on; None about once a second in between. Unavailable
        when the connection is lost: what was announced meanwhile is missed."""
        async with self._redis.pubsub(ignore_subscribe_messages=True) as subscription:
            async with storage():
                await subscription.subscribe(CHANNEL)
            while True:
                async with storage():
                    message = await subscription.get_message(timeout=1.0)
                yield None if message is None else _read_announcement(message["data"])

    async def _run(self, script: str, keys: tuple[str, ...], *values: str | int) -> Any:
        async with storage():
            return await self._scripts[script](keys=keys, args=values)


def _announcement(ticket: Ticket, progress: float | None) -> str:
    return json.dumps({"kind": ticket.kind, "id": ticket.id, "progress": progress})


def _read_announcement(data: bytes) -> News:
    document = json.loads(data)
    return News(Ticket(document["kind"], document["id"]), document["progress"])


def _pending(ticket: Ticket) -> str:
    return key("job", ticket.kind, "pending")


def _result(ticket: Ticket) -> str:
    return key("job", ticket.kind, ticket.id, "result")


def _starts(ticket: Ticket) -> str:
    return key("job", ticket.kind, ticket.id, "starts")


def _workers(kind: Kind) -> str:
    return key("job", kind, "workers")
