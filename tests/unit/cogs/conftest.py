"""The real client on the test Discord, with services that answer from memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.client import Nightjar
from bot.settings import Settings
from tests.discord.server import DiscordServer
from tests.services_double import MemoryNotes, QuickServices


@dataclass
class Stage:
    """A Discord, and everything behind the bot that a test may set or look into."""

    discord: DiscordServer
    services: QuickServices = field(default_factory=QuickServices)
    notes: MemoryNotes = field(default_factory=MemoryNotes)

    def settings(self, **changes: str) -> Settings:
        values = {**self.discord.environment, **changes}
        named = {name.lower(): value for name, value in values.items()}
        return Settings(_env_file=None, data_dir=Path("unused"), **named)

    def nightjar(self, **changes: str) -> Nightjar:
        return Nightjar(self.settings(**changes), self.services.build(), self.notes)

    @asynccontextmanager
    async def running(self, **changes: str) -> AsyncIterator[Nightjar]:
        """The bot, connected for the length of the block."""
        stop = asyncio.Event()
        nightjar = self.nightjar(**changes)
        running = asyncio.create_task(nightjar.run_until(stop))
        ready = asyncio.create_task(self.discord.connected(30))
        await asyncio.wait({running, ready}, return_when=asyncio.FIRST_COMPLETED)
        assert not running.done(), running.exception()
        await ready
        await until(lambda: nightjar.ready)
        try:
            yield nightjar
        finally:
            stop.set()
            await running


async def until(look: Callable[[], bool], seconds: float = 5.0) -> None:
    """Wait for something inside the bot that sends no word of it."""
    async with asyncio.timeout(seconds):
        while not look():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """The parts, with no bot on it yet."""
    async with DiscordServer() as discord:
        yield Stage(discord)


@pytest.fixture
async def bot(stage: Stage) -> AsyncIterator[Stage]:
    """The same with the bot connected."""
    async with stage.running():
        yield stage
