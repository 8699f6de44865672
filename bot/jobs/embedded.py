"""Workers as child processes: started, restarted when they die, drained on the way out."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import time
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Final

from bot.jobs.worker import QUEUE_VARIABLE, STORE_VARIABLE
from bot.lifecycle import asked_to_stop
from bot.settings import Settings
from bot.store.address import Address
from bot.store.store import open_store
from bot.store.tickets import Kind

log = logging.getLogger(__name__)

DRAIN_SECONDS: Final = 7.0
FIRST_DELAY: Final = 0.2
LAST_DELAY: Final = 30.0
STEADY_SECONDS: Final = 30.0
# -P: nothing is imported from the folder Nightjar happens to be started in.
PROGRAM: Final = (sys.executable, "-P", "-m", "bot.jobs.worker")

_SECRETS: Final = ("DISCORD_TOKEN", "ENCRYPTION_KEYS", "SPOTIFY_CLIENT_SECRET", "SENTRY_DSN")
_ONE_THREAD: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class WorkerProcess:
    """Keeps one worker alive: a child in a process group of its own, started again when it ends."""

    def __init__(self, kind: Kind, environment: dict[str, str], program: Sequence[str]) -> None:
        self._kind = kind
        self._environment = environment
        self._program = program
        self._process: Process | None = None
        self._stopping = asyncio.Event()

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    async def keep(self) -> None:
        """Returns after `stop`."""
        delay = FIRST_DELAY
        while not self._stopping.is_set():
            began = time.monotonic()
            what_happened = await self._live()
            if self._stopping.is_set():
                return
            if time.monotonic() - began > STEADY_SECONDS:
                delay = FIRST_DELAY
            log.warning("A %s worker %s; another follows", self._kind, what_happened)
            with suppress(TimeoutError):
                async with asyncio.timeout(delay):
                    await self._stopping.wait()
            delay = min(delay * 2, LAST_DELAY)

    def stop(self) -> None:
        """Asks the child to finish its job and end."""
        self._stopping.set()
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """Ends the child at once; its job is delivered to another worker."""
        self._signal(signal.SIGKILL)

    async def _live(self) -> str:
        try:
            self._process = await asyncio.create_subprocess_exec(
                *(*self._program, self._kind, str(os.getpid())),
                stdin=DEVNULL,
                env=self._environment,
                start_new_session=True,
            )
        except OSError as error:
            return f"could not be started ({error})"
        if self._stopping.is_set():
            self._signal(signal.SIGTERM)
        return f"ended with exit code {await self._process.wait()}"

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.send_signal(number)


@asynccontextmanager
async def embedded_workers(
    settings: Settings,
    address: Address,
    *,
    stop: asyncio.Event | None = None,
    program: Sequence[str] = PROGRAM,
) -> AsyncIterator[tuple[WorkerProcess, ...]]:
    """``settings.workers`` render workers and one trainer, for as long as the context is open.

    From ``stop`` on, which is set on the way out at the latest, they take no more jobs and have
    7 s to finish what they are at. Open it in the main thread: on Linux a child is killed when the
    thread that started it ends.
    """
    environment = _environment(settings, address)
    renderers = (WorkerProcess("clip", environment, program) for _ in range(settings.workers))
    workers = (*renderers, WorkerProcess("train", environment, program))
    keepers = [asyncio.create_task(worker.keep(), name="worker keeper") for worker in workers]
    leave = stop or asyncio.Event()
    draining = asyncio.create_task(_drain(workers, keepers, leave), name="worker drain")
    try:
        yield workers
    finally:
        leave.set()
        await draining


async def run_workers(settings: Settings) -> None:
    """`nightjar worker`: the workers in the foreground, until SIGTERM or Ctrl-C."""
    stop = asked_to_stop()
    async with (
        open_store(settings, role="attach") as store,
        embedded_workers(_with_a_worker(settings), store.address, stop=stop),
    ):
        log.info("Workers are at work for %s", store.address)
        await stop.wait()


def _with_a_worker(settings: Settings) -> Settings:
    """WORKERS=0 says that workers run elsewhere; this is that place."""
    return settings.model_copy(update={"workers": settings.workers or os.cpu_count() or 1})


def _environment(settings: Settings, address: Address) -> dict[str, str]:
    """What a worker needs to know, and no secret but the store's address."""
    inherited = {name: value for name, value in os.environ.items() if name not in _SECRETS}
    return {
        **inherited,
        **dict.fromkeys(_ONE_THREAD, "1"),
        "LOG_LEVEL": settings.log_level,
        "LOG_FORMAT": settings.log_format,
        STORE_VARIABLE: address.url,
        QUEUE_VARIABLE: address.queue_url,
        "dramatiq_queue_prefetch": "1",
        "dramatiq_restart_delay": "500",
    }


async def _drain(
    workers: Sequence[WorkerProcess],
    keepers: Sequence[asyncio.Task[None]],
    leave: asyncio.Event,
) -> None:
    await leave.wait()
    for worker in workers:
        worker.stop()
    _, late = await asyncio.wait(keepers, timeout=DRAIN_SECONDS)
    if late:
        log.warning("%d workers did not finish within %.0f s", len(late), DRAIN_SECONDS)
        for worker in workers:
            worker.kill()
    await asyncio.gather(*keepers)
