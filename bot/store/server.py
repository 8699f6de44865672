"""One redis-server child: started, awaited, stopped."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from collections import deque
from contextlib import suppress
from pathlib import Path
from typing import Final

from bot.errors import UserError
from bot.store import guard
from bot.store.binary import ServerBinary

log = logging.getLogger(__name__)

START_SECONDS: Final = 300.0
STOP_SECONDS: Final = 10.0
_POLL_SECONDS: Final = 0.01
_MULTI_PART_LOG: Final = 7


def server_command(binary: ServerBinary, folder: Path, socket: Path) -> list[str]:
    """The command line: socket only, append-only file, nothing read from a configuration file.

    With ``appendfsync everysec`` Redis holds writes back for up to 2 s while a sync is under way,
    and those are lost, though acknowledged, when it is killed then. So it writes at once, and its
    owner has the files brought to the disk each second (`SyncedFiles`): a power cut may cost that
    second.
    """
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "no",
        "save": "",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
        "always-show-logo": "no",
    }
    return [
        str(binary.path),
        *(word for name, value in options.items() for word in (f"--{name}", value)),
    ]


class ServerProcess:
    """A running child. ``wait()`` returns when it has ended, for whatever reason."""

    def __init__(self, process: Process, socket: Path) -> None:
        self._process = process
        self._socket = socket
        self._last_lines: deque[str] = deque(maxlen=20)
        self._reader = asyncio.create_task(self._read_log())

    @classmethod
    async def start(
        cls, binary: ServerBinary, folder: Path, socket: Path, lock_fd: int
    ) -> ServerProcess:
        """Starts the server and returns once it answers; UserError with its own words if it ends
        instead. Call it from the main thread (see `bot.store.guard`)."""
        _check_upgrade_only(binary, folder)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-S", guard.__file__, str(os.getpid())),
            *server_command(binary, folder, socket),
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=STDOUT,
            cwd=folder,
            env={"PATH": os.defpath, "LC_ALL": "C"},
            pass_fds=(lock_fd,),
            start_new_session=True,
        )
        server = cls(process, socket)
        try:
            await server._until_ready()
        except BaseException:
            await server.stop()
            raise
        return server

    @property
    def pid(self) -> int:
        return self._process.pid

    async def wait(self) -> int:
        """The exit code (negative: the signal that ended it)."""
        code = await self._process.wait()
        await self._reader
        return code

    async def stop(self) -> None:
        """Ends it gently, so that everything is on disk; by force after 10 s."""
        with suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await self._process.wait()
        except TimeoutError:
            log.warning("Redis did not stop within %.0f s and was killed", STOP_SECONDS)
            self._process.kill()
        await self.wait()

    async def _until_ready(self) -> None:
        async with asyncio.timeout(START_SECONDS):
            while self._process.returncode is None:
                if await answers(self._socket):
                    return
                await asyncio.sleep(_POLL_SECONDS)
        await self.wait()
        said = next(reversed(self._last_lines), "nothing")
        raise UserError(f"The private Redis server stopped at its start. Its last words: {said}")

    async def _read_log(self) -> None:
        stream = self._process.stdout
        while stream is not None and (line := await stream.readline()):
            text = line.decode(errors="replace").strip()
            log.debug("redis: %s", text)
            if text:
                self._last_lines.append(text)


class SyncedFiles:
    """The append-only files of a folder, brought to the disk when they have grown."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sizes: dict[Path, int] = {}

    def sync(self) -> None:
        """Returns when what the server has written is safe from a power cut; blocks on the disk."""
        for path in (self._folder / "appendonly.aof", *self._folder.glob("appendonlydir/*.aof")):
            with suppress(FileNotFoundError), path.open("rb") as file:
                size = os.fstat(file.fileno()).st_size
                if self._sizes.get(path) != size:
                    os.fsync(file.fileno())
                    self._sizes[path] = size


async def answers(socket: Path) -> bool:
    """Whether a server that has loaded its data listens on ``socket``."""
    try:
        reader, writer = await asyncio.open_unix_connection(socket)
    except OSError:
        return False
    try:
        writer.write(b"PING\r\n")
        async with asyncio.timeout(1.0):
            return (await reader.readline()).startswith(b"+PONG")
    except OSError:
        return False
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


def _check_upgrade_only(binary: ServerBinary, folder: Path) -> None:
    """Redis 6.2 does not see what 7.0 wrote and would start empty."""
    if binary.version[0] < _MULTI_PART_LOG and (folder / "appendonlydir").is_dir():
        raise UserError(
            f"The data in {folder} was written by Redis 7 or newer, and {binary.path} is"
            f" {binary.version_text}: install redis-server 7 or newer, or set DATA_DIR to another"
            " folder."
        )
