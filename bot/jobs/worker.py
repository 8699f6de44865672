"""The program of one worker process: ``python -m bot.jobs.worker KIND PARENT_PID``.

It is dramatiq's own Worker with one thread, run without dramatiq's command line: that one's master
stops every process when one dies, and leaves them behind when it is killed itself. Here each
process is a child of ours, restarted alone (`bot.jobs.embedded`).
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final

import dramatiq
from dramatiq import Broker

from bot.errors import Unavailable
from bot.jobs.broker import ACTORS, working_broker
from bot.jobs.performance import JobFailed, Work, perform
from bot.logs import configure_logging
from bot.settings import Settings
from bot.store import guard
from bot.store.address import Address
from bot.store.store import Store, connect
from bot.store.tickets import Kind, Ticket

STORE_VARIABLE: Final = "NIGHTJAR_STORE_URL"
QUEUE_VARIABLE: Final = "NIGHTJAR_QUEUE_URL"

DRAIN_MS: Final = 6_500
REPORT_SECONDS: Final = 2.0
LIMIT_MS: Final[dict[Kind, int]] = {"clip": 120_000, "train": 6 * 3_600_000}
"""A training is linear in the listening: two million plays of artists take some half an hour."""
NICENESS: Final[dict[Kind, int]] = {"clip": 3, "train": 8}
"""Whoever answers people goes first on a busy machine, then clips, then training."""
_POLL_MS: Final[dict[Kind, int]] = {"clip": 50, "train": 250}


def run_worker(kind: Kind, parent: int, prepare: Callable[[Kind], Work]) -> None:
    """Serves one kind of job until SIGTERM or the parent's death. ``prepare`` loads what the work
    needs and returns it; jobs are taken only after that."""
    guard.die_with_parent(parent, signal.SIGKILL)
    address = Address(os.environ[STORE_VARIABLE], os.environ[QUEUE_VARIABLE])
    with working_broker(address.queue_url) as broker:
        register(broker, kind, address, prepare(kind))
        asyncio.run(_serve(broker, kind, address, parent))


def register(broker: Broker, kind: Kind, address: Address, work: Work) -> None:
    """Declares the actor that does ``work`` for every ticket of a kind."""

    @dramatiq.actor(
        actor_name=ACTORS[kind],
        queue_name=kind,
        broker=broker,
        time_limit=LIMIT_MS[kind],
        throws=JobFailed,
    )
    def _do(ticket_id: str) -> None:
        perform(address, Ticket(kind, ticket_id), work)


async def _serve(broker: Broker, kind: Kind, address: Address, parent: int) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    broker.emit_after("process_boot")
    worker = dramatiq.Worker(broker, queues={kind}, worker_threads=1, worker_timeout=_POLL_MS[kind])
    worker.start()
    name = f"{os.uname().nodename}:{os.getpid()}"
    async with connect(address) as store:
        while not stop.is_set() and os.getppid() == parent and _sound(worker):
            await _report(store, kind, name)
            with suppress(TimeoutError):
                async with asyncio.timeout(REPORT_SECONDS):
                    await stop.wait()
        with suppress(Unavailable):
            await store.tickets.retire(kind, name)
    await asyncio.to_thread(worker.stop, DRAIN_MS)


async def _report(store: Store, kind: Kind, name: str) -> None:
    with suppress(Unavailable):
        await store.tickets.report(kind, name)


def _sound(worker: dramatiq.Worker) -> bool:
    """A thread that died would leave a worker that lives but takes no jobs."""
    return all(thread.is_alive() for thread in (*worker.workers, *worker.consumers.values()))


def _prepare(kind: Kind) -> Work:
    os.nice(NICENESS[kind])
    if kind == "clip":
        from bot.jobs import rendering

        rendering.warm_up()
        return rendering.render
    from bot.jobs import training

    return training.train


def _settings_from(environment: Mapping[str, str]) -> Settings:
    """What the log needs: the parent has read `.env`, and its address may hold a password."""
    return Settings.model_construct(
        log_level=environment["LOG_LEVEL"],
        log_format=environment["LOG_FORMAT"],
        redis_url=environment[STORE_VARIABLE],
    )


def main() -> None:
    """The program."""
    kind: Kind = "train" if sys.argv[1] == "train" else "clip"
    configure_logging(_settings_from(os.environ))
    run_worker(kind, int(sys.argv[2]), _prepare)


if __name__ == "__main__":
    main()
