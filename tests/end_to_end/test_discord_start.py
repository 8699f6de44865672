"""Starting, losing the connection, and not being let in: the real program."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from tests.discord.server import DiscordServer
from tests.end_to_end.discord_process import START_SECONDS, BotProcess, bot_process


async def test_a_wrong_token_ends_the_program_with_one_sentence(tmp_path: Path) -> None:
    async with DiscordServer() as discord:
        bot = BotProcess(discord, tmp_path, extra={"DISCORD_TOKEN": "wrong"})
        try:
            await bot.spawn()
            assert bot.process is not None
            async with asyncio.timeout(START_SECONDS):
                code = await bot.process.wait()
        finally:
            await bot.kill()
        assert code == 2
        last = bot.log.strip().splitlines()[-1]
        assert "DISCORD_TOKEN" in last
        assert "Traceback" not in bot.log


async def test_it_waits_for_discord_and_comes_back_after_a_lost_connection(
    tmp_path: Path,
) -> None:
    async with DiscordServer(listening=False) as discord:
        coming = asyncio.create_task(_listen_once_missed(discord, tmp_path / "log.txt"))
        async with bot_process(discord, tmp_path, workers=1) as bot:
            await coming
            assert "Discord cannot be reached" in bot.log
            assert "Invite to a server: https://discord.com/oauth2/authorize" in bot.log
            await discord.gateway.ask_to_reconnect()
            await discord.gateway.drop(quietly=True)
            missed = await discord.slash("help")
            assert (await missed.answer(20)).ephemeral
            assert len(discord.gateway.identifies) == 1
            assert discord.gateway.resumes
        assert "Traceback" not in bot.log


async def _listen_once_missed(discord: DiscordServer, log: Path) -> None:
    """Discord comes up when the program has found that it is not there, however long that takes."""
    await asyncio.to_thread(_wait_for, "Discord cannot be reached", log)
    await discord.listen()


def _wait_for(text: str, log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while not log.exists() or text not in log.read_text("utf-8"):
        assert time.monotonic() < end, f"{text!r} was never logged"
        time.sleep(0.1)
