"""The private server of a data folder: one owner starts it, keeps it alive and stops it.

The owner is the first process that locks the folder. A process that attaches (the command line
beside a running bot) uses the owner's server, and becomes the owner, with the server started again
on the same socket and files, should that one leave first.
"""

from __future__ import annotations

import asyncio
import logging
import math
import sys
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

from redis.exceptions import RedisError

from bot.errors import UserError
from bot.settings import Settings
from bot.store.address import Address
from bot.store.binary import ServerBinary, find_server
from bot.store.client import as_text, make_client
from bot.store.folder import DataFolder, FileLock, Role
from bot.store.server import STOP_SECONDS, ServerProcess, SyncedFiles, answers

log = logging.getLogger(__name__)

OWN_PATIENCE: Final = 1.0
ATTACH_PATIENCE: Final = 30.0
ORPHAN_PATIENCE: Final = 5.0 if sys.platform == "linux" else 0.5
SYNC_SECONDS: Final = 1.0
FIRST_DELAY: Final = 0.05
LAST_DELAY: Final = 5.0
STEADY_SECONDS: Final = 30.0
_POLL_SECONDS: Final = 0.05


@asynccontextmanager
async def embedded_server(settings: Settings, role: Role) -> AsyncIterator[Address]:
    """A server on ``settings.data_dir`` for as long as the context is open.

    "own" raises UserError when another process owns the folder; "attach" joins that one. UserError
    too when there is no server program, it does not start, or the folder cannot be used.
    """
    folder = DataFolder(settings.data_dir)
    binary = await find_server(settings.redis_server_bin)
    socket = await (_claim(folder) if role == "own" else _join(folder))
    server = PrivateServer(folder, binary, socket)
    try:
        if folder.owner_lock.held:
            await server.start()
            log.info("Redis %s (%s) on %s", binary.version_text, binary.path, socket)
        else:
            server.start_when_left()
        yield Address.of_socket(socket)
    finally:
        await server.stop()
        folder.server_lock.release()
        folder.owner_lock.release()


async def _claim(folder: DataFolder) -> Path:
    """Becomes the owner, after a command that owns the folder only for its own short while."""
    socket = folder.socket()
    began = time.monotonic()
    while not folder.claim("own", socket):
        owner = folder.owner()
        patience = ATTACH_PATIENCE if owner and owner.role == "attach" else OWN_PATIENCE
        if time.monotonic() - began > patience:
            who = f" (process {owner.pid})" if owner else ""
            raise UserError(
                f"Another Nightjar{who} is using the data folder {folder.path}: stop it, or set"
                " DATA_DIR to another folder."
            )
        await asyncio.sleep(_POLL_SECONDS)
    return socket


async def _join(folder: DataFolder) -> Path:
    """Becomes the owner if there is none, else waits until the owner's server answers."""
    socket = folder.socket()
    began = time.monotonic()
    while not folder.claim("attach", socket):
        owner = folder.owner()
        if owner and await answers(owner.socket):
            return owner.socket
        if time.monotonic() - began > ATTACH_PATIENCE:
            raise UserError(
                f"Another Nightjar is using the data folder {folder.path}, but its storage does not"
                " answer: stop it, or set DATA_DIR to another folder."
            )
        await asyncio.sleep(_POLL_SECONDS)
    return socket


class PrivateServer:
    """Keeps one server running on a folder whose owner this process is or may become."""

    def __init__(self, folder: DataFolder, binary: ServerBinary, socket: Path) -> None:
        self._folder = folder
        self._binary = binary
        self._socket = socket
        self._child: ServerProcess | None = None
        self._adopted = False
        self._tasks: tuple[asyncio.Task[None], ...] = ()

    async def start(self) -> None:
        """Returns once the server answers and is watched."""
        await self._start()
        self._begin(self._keep())

    def start_when_left(self) -> None:
        """Starts the server once the folder's present owner is gone, and watches it then."""
        self._begin(self._inherit())

    async def stop(self) -> None:
        """Stops watching and, where this process owns it, the server."""
        for task in self._tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        if self._child is not None:
            await self._child.stop()
        elif self._adopted:
            await self._shut_down_adopted()

    def _begin(self, keeping: Coroutine[None, None, None]) -> None:
        self._tasks = (asyncio.create_task(keeping), asyncio.create_task(self._sync()))

    async def _sync(self) -> None:
        files = SyncedFiles(self._folder.path)
        while True:
            await asyncio.sleep(SYNC_SECONDS)
            if not self._folder.owner_lock.held:
                continue
            try:
                await asyncio.to_thread(files.sync)
            except OSError as error:
                log.error("The disk under %s fails: %s", self._folder.path, error)

    async def _start(self) -> None:
        """Starts a child or adopts the server that an earlier owner left behind."""
        if not await _acquired(self._folder.server_lock, ORPHAN_PATIENCE):
            await self._adopt()
            return
        self._adopted = False
        self._child = await ServerProcess.start(
            self._binary, self._folder.path, self._socket, self._folder.server_lock.fd
        )

    async def _adopt(self) -> None:
        """A platform without a death signal leaves the server of a killed owner running."""
        client = make_client(Address.of_socket(self._socket).url, connections=1)
        try:
            answer = await client.config_get("dir")
        except (RedisError, OSError) as error:
            raise UserError(
                f"A Redis server of an earlier run still holds {self._folder.path} but does not"
                f" answer on {self._socket}: end that redis-server process and start again."
            ) from error
        finally:
            await client.aclose()
        served = {as_text(name): as_text(value or "") for name, value in answer.items() if name}
        if not self._folder.is_at(Path(served.get("dir", ""))):
            raise UserError(
                f"The Redis server on {self._socket} serves another folder: end it and start again."
            )
        log.warning("Using the Redis server an earlier run left behind on %s", self._socket)
        self._adopted = True

    async def _keep(self) -> None:
        delay = FIRST_DELAY
        while True:
            began = time.monotonic()
            await self._ended()
            if time.monotonic() - began > STEADY_SECONDS:
                delay = FIRST_DELAY
            while self._child is None and not self._adopted:
                await asyncio.sleep(delay)
                delay = min(delay * 2, LAST_DELAY)
                try:
                    await self._start()
                except UserError as error:
                    log.error("%s Trying again in %.1f s.", error, delay)

    async def _ended(self) -> None:
        if self._child is not None:
            code = await self._child.wait()
            self._child = None
            log.warning("Redis ended unexpectedly (exit code %d); starting it again", code)
        if self._adopted:
            await _acquired(self._folder.server_lock, None)
            self._adopted = False

    async def _inherit(self) -> None:
        await _acquired(self._folder.owner_lock, None)
        self._folder.claim("attach", self._socket)
        log.info("The owner of %s is gone; starting Redis here", self._folder.path)
        await self._keep()

    async def _shut_down_adopted(self) -> None:
        client = make_client(Address.of_socket(self._socket).url, connections=1)
        with suppress(RedisError, OSError):
            await client.shutdown()
        await client.aclose()
        await _acquired(self._folder.server_lock, STOP_SECONDS)


async def _acquired(lock: FileLock, patience: float | None) -> bool:
    """Waits for a lock; False when it is still taken after ``patience`` seconds."""
    deadline = math.inf if patience is None else time.monotonic() + patience
    while not lock.acquire():
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(_POLL_SECONDS)
    return True
