"""SIGTERM on the real program: hosts kill what has not ended after ten seconds."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from tests.discord.server import DiscordServer
from tests.end_to_end.discord_process import BotProcess, bot_process

BUSY_SECONDS = 9.0
IDLE_SECONDS = 4.0  # under two on an idle machine


async def _seconds_to_stop(bot: BotProcess) -> float:
    began = time.monotonic()
    assert await bot.stop() == 0, bot.log
    return time.monotonic() - began


async def test_everybody_who_waits_is_answered_before_it_ends_and_has_the_clip_after_the_next_start(
    tmp_path: Path,
) -> None:
    async with DiscordServer() as discord, bot_process(discord, tmp_path, workers=1) as bot:
        first = await discord.slash("jam", style="techno", bars=4, seed=1)
        await first.answer(60)  # the workers are awake
        asked = [
            await discord.slash("jam", style="synthwave", bars=32, bpm=60, seed=seed)
            for seed in range(6)
        ]
        await asyncio.gather(*(ix.acknowledged() for ix in asked))
        assert await _seconds_to_stop(bot) < BUSY_SECONDS
        answers = [(await ix.answer(1)) for ix in asked]
        told = [message.text for message in answers if not message.attachments]
        assert told
        assert all("restarting" in text and "seed:" in text for text in told)
        assert "Traceback" not in bot.log
        assert "Session is closed" not in bot.log

        await bot.start()
        again = await discord.slash("jam", style="synthwave", bars=32, bpm=60, seed=5)
        assert (await again.answer(120)).file(".mp3")


async def test_with_nothing_to_do_it_ends_soon(tmp_path: Path) -> None:
    async with DiscordServer() as discord, bot_process(discord, tmp_path, workers=1) as bot:
        await (await discord.slash("jam", style="techno", bars=4, seed=1)).answer(60)
        trained = await discord.slash("recommend", like="Kavinsky", count=1)
        await trained.answer(90)
        await asyncio.sleep(1)
        assert await _seconds_to_stop(bot) < IDLE_SECONDS
