"""The private server of a data folder: one keeper starts it, keeps it alive and stops it.

The keeper is the first process that locks the folder; any other (the command line beside a running
bot, a bot beside a command) uses its server. When the keeper leaves first, one of those becomes the
keeper, with the server started again on the same socket and files.
"""

from __future__ import annotations

import asyncio
import logging
import math
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path
from typing import Final, Literal

from redis.exceptions import RedisError

from bot.errors import UserError
from bot.settings import Settings
from bot.store.address import Address
from bot.store.binary import ServerBinary, find_server
from bot.store.client import as_text, make_client
from bot.store.folder import DataFolder, FileLock
from bot.store.server import STOP_SECONDS, ServerProcess, SyncedFiles, answers

log = logging.getLogger(__name__)

OWN_PATIENCE: Final = 1.0
JOIN_PATIENCE: Final = 30.0
ORPHAN_PATIENCE: Final = 5.0 if sys.platform == "linux" else 0.5
SYNC_SECONDS: Final = 1.0
FIRST_DELAY: Final = 0.05
LAST_DELAY: Final = 5.0
STEADY_SECONDS: Final = 30.0
CLOSE_SECONDS: Final = 1.5
_POLL_SECONDS: Final = 0.05

Role = Literal["own", "attach"]


@asynccontextmanager
async def embedded_server(settings: Settings, role: Role) -> AsyncIterator[Address]:
    """A server on ``settings.data_dir`` for as long as the context is open.

    "own" raises UserError when another process owns the folder; "attach" may be beside it.
    UserError too when there is no server program, it does not start, or the folder is unusable.
    """
    binary = await find_server(settings.redis_server_bin)
    with closing(DataFolder(settings.data_dir)) as folder:
        if role == "own":
            await _own(folder)
        server = PrivateServer(folder, binary, await _join(folder))
        try:
            await server.open()
            yield Address.of_socket(server.socket)
        finally:
            await server.close()


async def _own(folder: DataFolder) -> None:
    if not await _acquired(folder.bot_lock, OWN_PATIENCE):
        raise UserError(
            f"Another Nightjar (process {folder.bot_lock.read()}) is using the data folder"
            f" {folder.path}: stop it, or set DATA_DIR to another folder."
        )
    folder.bot_lock.write(str(os.getpid()))


async def _join(folder: DataFolder) -> Path:
    """Becomes the keeper if there is none, else waits until the keeper's server answers."""
    began = time.monotonic()
    while not folder.keeper_lock.acquire():
        told = folder.keeper_lock.read()
        if told and await answers(Path(told)):
            return Path(told)
        if time.monotonic() - began > JOIN_PATIENCE:
            raise UserError(
                f"Another Nightjar is using the data folder {folder.path}, but its storage does not"
                " answer: stop it, or set DATA_DIR to another folder."
            )
        await asyncio.sleep(_POLL_SECONDS)
    socket = folder.socket()
    folder.keeper_lock.write(str(socket))
    return socket


class PrivateServer:
    """Keeps one server running on a folder whose keeper this process is or may become."""

    def __init__(self, folder: DataFolder, binary: ServerBinary, socket: Path) -> None:
        self.socket = socket
        self._folder = folder
        self._binary = binary
        self._child: ServerProcess | None = None
        self._adopted = False
        self._tasks: tuple[asyncio.Task[None], ...] = ()

    async def open(self) -> None:
        """Returns once the server answers and is watched."""
        if not self._folder.keeper_lock.held:
            self._begin(self._inherit())
            return
        await self._start()
        log.info("Redis %s (%s) on %s", self._binary.version_text, self._binary.path, self.socket)
        self._begin(self._keep())

    async def close(self) -> None:
        """Stops watching and, where this process keeps it, the server."""
        for task in self._tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        if self._child is not None:
            await _stopped(self._child)
        elif self._adopted:
            await self._shut_down_adopted()

    def _begin(self, keeping: Coroutine[None, None, None]) -> None:
        self._tasks = (asyncio.create_task(keeping), asyncio.create_task(self._sync()))

    async def _sync(self) -> None:
        files = SyncedFiles(self._folder.path)
        while True:
            await asyncio.sleep(SYNC_SECONDS)
            if not self._folder.keeper_lock.held:
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
        self._folder.remove_unfinished()
        self._child = await ServerProcess.start(
            self._binary, self._folder.path, self.socket, self._folder.server_lock.fd
        )

    async def _adopt(self) -> None:
        """A platform without a death signal leaves the server of a killed owner running."""
        client = make_client(Address.of_socket(self.socket).url, connections=1)
        try:
            answer = await client.config_get("dir")
        except (RedisError, OSError) as error:
            raise UserError(
                f"A Redis server of an earlier run still holds {self._folder.path} but does not"
                f" answer on {self.socket}: end that redis-server process and start again."
            ) from error
        finally:
            await client.aclose()
        served = {as_text(name): as_text(value or "") for name, value in answer.items() if name}
        if not self._folder.is_at(Path(served.get("dir", ""))):
            raise UserError(
                f"The Redis server on {self.socket} serves another folder: end it and start again."
            )
        log.warning("Using the Redis server an earlier run left behind on %s", self.socket)
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
        await _acquired(self._folder.keeper_lock, None)
        self._folder.keeper_lock.write(str(self.socket))
        log.info("The keeper of %s is gone; starting Redis here", self._folder.path)
        await self._keep()

    async def _shut_down_adopted(self) -> None:
        client = make_client(Address.of_socket(self.socket).url, connections=1)
        with suppress(RedisError, OSError):
            await client.shutdown()
        await client.aclose()
        await _acquired(self._folder.server_lock, STOP_SECONDS)


async def _stopped(child: ServerProcess) -> None:
    """Ends the server, soon enough for a host that kills slow programs: what it was told is in its
    files by then, and all that a kill spares is its last sync to the disk."""
    stopping = asyncio.create_task(child.stop())
    done, _ = await asyncio.wait({stopping}, timeout=CLOSE_SECONDS)
    if not done:
        with suppress(ProcessLookupError):
            os.kill(child.pid, signal.SIGKILL)
    await stopping


async def _acquired(lock: FileLock, patience: float | None) -> bool:
    """Waits for a lock; False when it is still taken after ``patience`` seconds."""
    deadline = math.inf if patience is None else time.monotonic() + patience
    while not lock.acquire():
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(_POLL_SECONDS)
    return True
