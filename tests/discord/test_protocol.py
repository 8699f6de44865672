"""The test Discord against the real library: what discord.py needs, and the faults we plan."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import discord
import pytest
from discord import app_commands

from tests.discord.server import TOKEN, DiscordServer

CALLBACK = "/interactions/{interaction}/{token}/callback"


class Echo(discord.AutoShardedClient):
    """A small bot with one command whose behaviour a test may replace."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True), guild_ready_timeout=0)
        self.tree = app_commands.CommandTree[Any](self)
        self.raised: list[Exception] = []
        self.tree.error(self._failed)

        @self.tree.command(description="Says it back.")
        async def echo(interaction: discord.Interaction[Any], text: str) -> None:
            await self.reply(interaction, text)

    async def reply(self, interaction: discord.Interaction[Any], text: str) -> None:
        await interaction.response.send_message(text)

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def _failed(
        self, _interaction: discord.Interaction[Any], error: app_commands.AppCommandError
    ) -> None:
        self.raised.append(error.original)  # type: ignore[attr-defined]


@asynccontextmanager
async def connected(
    server: DiscordServer, monkeypatch: pytest.MonkeyPatch, client: Echo | None = None
) -> AsyncIterator[Echo]:
    monkeypatch.setattr(discord.http.Route, "BASE", server.api_base)
    bot = client or Echo()
    async with bot:
        running = asyncio.create_task(bot.start(TOKEN))
        ready = asyncio.create_task(server.connected())
        await asyncio.wait({running, ready}, return_when=asyncio.FIRST_COMPLETED)
        assert not running.done(), running.exception()
        await ready
        yield bot
        await bot.close()
        await running


async def test_a_command_is_answered_over_compressed_frames(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with DiscordServer(compress=True) as server, connected(server, monkeypatch):
        message = await (await server.slash("echo", text="hello")).answer()
        assert message.content == "hello"
        assert server.gateway.compressed_links == 1


async def test_events_go_to_the_shard_of_their_guild(monkeypatch: pytest.MonkeyPatch) -> None:
    async with DiscordServer(shards=2) as server:
        monkeypatch.setattr(Echo, "before_identify_hook", _at_once)
        async with connected(server, monkeypatch):
            ix = await server.slash("echo", text="hello")
            assert (await ix.answer()).content == "hello"
            number = (int(server.guild.id) >> 22) % 2
            heard = {n: s.events[-1]["t"] for n, s in server.gateway.sessions.items()}
            assert heard[number] == "INTERACTION_CREATE"
            assert heard[1 - number] == "READY"


async def _at_once(self: Echo, shard_id: int | None, *, initial: bool = False) -> None:
    return


async def test_a_callback_that_comes_late_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    async with DiscordServer() as server, connected(server, monkeypatch) as bot:
        server.world.callback_seconds = 0.0
        await server.slash("echo", text="hello")
        await server.quiet()
        [error] = bot.raised
        assert isinstance(error, discord.NotFound)
        assert error.code == 10062


async def test_a_second_callback_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    class Twice(Echo):
        async def reply(self, interaction: discord.Interaction[Any], text: str) -> None:
            await interaction.response.send_message(text)
            interaction.response._response_type = None
            await interaction.response.send_message(text)

    async with DiscordServer() as server, connected(server, monkeypatch, Twice()) as bot:
        ix = await server.slash("echo", text="hello")
        await ix.answer()
        await server.quiet()
        [error] = bot.raised
        assert isinstance(error, discord.HTTPException)
        assert error.code == 40060
        assert len(server.world.visible(server.channel)) == 1
        assert server.forgive() == ["Interaction has already been acknowledged. (code 40060)"]


async def test_a_full_bucket_says_when_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    async with DiscordServer() as server, connected(server, monkeypatch):
        server.limit("POST", CALLBACK, 2, 0.3)
        asked = [await server.slash("echo", text=str(n)) for n in range(4)]
        said = [(await ix.answer()).content for ix in asked]
        assert said == ["0", "1", "2", "3"]
        assert [r.status for r in server.requests].count(429) > 0


async def test_what_was_missed_while_away_is_replayed(monkeypatch: pytest.MonkeyPatch) -> None:
    async with DiscordServer() as server, connected(server, monkeypatch):
        dropped = asyncio.create_task(server.gateway.drop())
        await asyncio.sleep(0)
        ix = await server.slash("echo", text="missed")
        await dropped
        assert (await ix.answer(timeout=10)).content == "missed"
        assert len(server.gateway.resumes) == 1
        assert len(server.gateway.identifies) == 1


async def test_a_command_that_is_not_offered_cannot_be_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with DiscordServer() as server, connected(server, monkeypatch):
        with pytest.raises(AssertionError, match="own account"):
            await server.slash("echo", where=server.foreign_channel, text="hello")
        with pytest.raises(AssertionError, match="needs"):
            await server.slash("echo")
        with pytest.raises(AssertionError, match="not registered"):
            await server.slash("sing")
