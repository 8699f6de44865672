"""A real worker process with a small job of its own: the spec says what happens.

{"seconds": s} works that long and leaves a file; {"refuse": sentence}; {"break": true};
{"die": true} kills the worker each time. Every beginning is noted in the list ``stage:begun``.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time

from bot.jobs import broker, worker
from bot.jobs.leadership import leading
from bot.jobs.performance import Work
from bot.jobs.worker import run_worker
from bot.store.store import Store
from bot.store.tickets import Kind, Ticket
from generator.errors import SpecError


async def render(store: Store, ticket: Ticket) -> str:
    """Does what the spec says."""
    spec = await store.clips.spec(ticket.id) or {}
    await store._redis.rpush("stage:begun", f"{ticket.id} {os.getpid()}")
    if spec.get("die"):
        os.kill(os.getpid(), signal.SIGKILL)
    if "refuse" in spec:
        raise SpecError(spec["refuse"])
    if spec.get("break"):
        raise ZeroDivisionError("the stage broke")
    _work(spec.get("seconds", 0.0))
    await store.clips.put_files(ticket.id, {"clip.json": ticket.id.encode()})
    return ""


def _work(seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(0.01)


async def train(store: Store, ticket: Ticket) -> str:
    """Says half-way that it is half-way; notes when it had the stage."""
    async with leading(store.tickets, ticket):
        await store._redis.rpush("stage:trained", f"in {ticket.id}")
        await asyncio.sleep(0.3)
        await store.tickets.announce(ticket, 0.5)
        await asyncio.sleep(0.3)
        await store._redis.rpush("stage:trained", f"out {ticket.id}")
    return f"model-{ticket.id}"


def prepare(kind: Kind) -> Work:
    """The job of a kind."""
    return train if kind == "train" else render


if __name__ == "__main__":
    broker.HEARTBEAT_TIMEOUT_MS = int(os.environ.get("STAGE_HEARTBEAT_MS", "4000"))
    worker.LIMIT_MS["clip"] = int(os.environ.get("STAGE_LIMIT_MS", "120000"))
    run_worker("train" if sys.argv[1] == "train" else "clip", int(sys.argv[2]), prepare)
