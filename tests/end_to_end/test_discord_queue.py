"""Many at once: a hundred people ask, a hundred get their clip, once."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.discord.server import DiscordServer
from tests.end_to_end.discord_process import bot_process

PEOPLE = 100
PATIENCE = 300.0


async def test_a_hundred_queued_jams_are_all_answered_exactly_once(tmp_path: Path) -> None:
    async with DiscordServer() as discord, bot_process(discord, tmp_path):
        asked = [
            await discord.slash("jam", style="techno", bars=4, bpm=220, seed=seed)
            for seed in range(PEOPLE)
        ]
        acknowledged = await asyncio.gather(*(ix.acknowledged() for ix in asked))
        messages = await asyncio.gather(*(ix.answer(PATIENCE) for ix in asked))
        await discord.quiet()
        assert max(acknowledged) < 3.0
        assert [len(ix.messages) for ix in asked] == [1] * PEOPLE
        assert len(discord.world.visible(discord.channel)) == PEOPLE
        for seed, message in enumerate(messages):
            assert f"seed:{seed}`" in message.text
            assert len(message.attachments) == 3
        assert len({message.file(".mp3").data for message in messages}) == PEOPLE
