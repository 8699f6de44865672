"""The real program as one process against the test Discord: `nightjar run` with its own Redis."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.discord.server import DiscordServer

START_SECONDS = 60.0
STOP_SECONDS = 20.0


@dataclass
class BotProcess:
    """`python -m bot run` on a data folder; it may be stopped and started again on the same one."""

    discord: DiscordServer
    folder: Path
    workers: int = 2
    extra: dict[str, str] = field(default_factory=dict)
    process: asyncio.subprocess.Process | None = None

    @property
    def log(self) -> str:
        return (self.folder / "log.txt").read_text("utf-8")

    async def start(self) -> None:
        """Start and wait until it is connected."""
        before = len(self.discord.gateway.identifies)
        await self.spawn()
        assert self.process is not None
        ended = asyncio.create_task(self.process.wait())
        ready = asyncio.create_task(
            self.discord.gateway.until(
                lambda: (
                    len(self.discord.gateway.identifies) > before and self.discord.gateway.connected
                ),
                START_SECONDS,
                "of the started process was ready",
            )
        )
        await asyncio.wait({ended, ready}, return_when=asyncio.FIRST_COMPLETED)
        assert not ended.done(), self.log
        ended.cancel()
        await ready

    async def spawn(self) -> None:
        """Start without waiting for anything."""
        inherited = {n: v for n, v in os.environ.items() if not n.startswith(("DISCORD", "REDIS"))}
        values = {
            **inherited,
            **self.discord.environment,
            "DATA_DIR": str(self.folder / "data"),
            "WORKERS": str(self.workers),
            "WEB_PORT": "0",
            **self.extra,
        }
        with (self.folder / "log.txt").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", cwd=self.folder, env=values, stderr=log
            )

    async def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to end and wait; its exit code."""
        assert self.process is not None
        if self.process.returncode is None:
            self.process.send_signal(how)
        async with asyncio.timeout(STOP_SECONDS):
            return await self.process.wait()

    async def kill(self) -> None:
        """The end nobody is asked about, for tests that are over."""
        if self.process is not None and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()


@asynccontextmanager
async def bot_process(
    discord: DiscordServer, folder: Path, **options: object
) -> AsyncIterator[BotProcess]:
    """A started bot, stopped at the end of the block."""
    bot = BotProcess(discord, folder, **options)  # type: ignore[arg-type]
    try:
        await bot.start()
        yield bot
        assert await bot.stop() == 0, bot.log
    finally:
        await bot.kill()
