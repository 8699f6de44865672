"""Votes that outlive the program, and `/privacy`, on the real program."""

from __future__ import annotations

import asyncio
import io
import re
import zipfile
from collections.abc import AsyncIterator
from urllib.parse import quote

import pytest
import pytest_asyncio
from redis.asyncio import Redis

from tests.discord.messages import Message
from tests.discord.payloads import User
from tests.discord.server import DiscordServer
from tests.end_to_end.discord_process import BotProcess, bot_process
from tests.exports import account_package
from tests.traces import in_files

pytestmark = pytest.mark.asyncio(loop_scope="module")

PLAYED = {"Kavinsky": 60, "Com Truise": 40, "The Midnight": 30}
SECONDS = 90.0


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[BotProcess]:
    folder = tmp_path_factory.mktemp("nightjar")
    async with DiscordServer() as discord, bot_process(discord, folder, workers=1) as process:
        yield process


async def _recommended(bot: BotProcess, person: User) -> Message:
    """A card as if none had been shown lately, which would make it another one anyway."""
    socket = quote(str(bot.folder / "data" / "redis.sock"))
    async with Redis.from_url(f"unix://{socket}") as raw:
        await raw.delete(f"nightjar:taste:shown:discord:{person.id}")
    place = bot.discord.dm(person)
    return await (await bot.discord.slash("recommend", by=person, where=place)).answer(SECONDS)


def _artists(card: Message) -> list[str]:
    return [
        re.sub(r"\\(.)", r"\1", name) for name in re.findall(r"\*\*\d+\. \[(.*)\]\(", card.text)
    ]


def _button(card: Message, action: str) -> str:
    return next(
        c["custom_id"] for c in card.controls if c["custom_id"].startswith(f"rec:{action}:")
    )


async def test_votes_outlive_the_program_and_everything_can_be_deleted(bot: BotProcess) -> None:
    discord, person = bot.discord, User("listener")
    place = discord.dm(person)
    file = discord.attach("my_spotify_data.zip", account_package(PLAYED))
    asked = await discord.slash("taste import", by=person, where=place, file=file)
    await asked.answer(SECONDS)
    card = await _recommended(bot, person)
    known = _artists(card)[0]
    voted = await discord.press(card, _button(card, "known"), by=person)
    assert f"you know {known}" in (await voted.followup()).text
    assert known not in _artists(await _recommended(bot, person))

    assert await bot.stop() == 0
    await bot.start()
    assert known not in _artists(await _recommended(bot, person))
    held = await (await discord.slash("privacy show", by=person, where=place)).answer(SECONDS)
    assert "130 plays of 3 artists" in held.text
    assert f"☑️ {known} · known already" in held.text
    assert "you were shown last" in held.text
    [option] = held.control("Take one back")["options"]
    await (await discord.choose(held, "Take one back", option["value"], by=person)).answer(10)
    assert known in _artists(await _recommended(bot, person))

    exported = await (await discord.slash("privacy export", by=person, where=place)).answer(10)
    with zipfile.ZipFile(io.BytesIO(exported.file(".zip").data)) as package:
        assert b"Com Truise" in package.read("listening.csv")

    asking = await (await discord.slash("privacy delete", by=person, where=place)).answer(10)
    data = bot.folder / "data"
    assert in_files(data, [person.id]) != []
    gone = await discord.press(asking, "Yes, delete everything", by=person)
    assert "Everything is deleted" in (await gone.answer(10)).text
    async with asyncio.timeout(30):
        while in_files(data, [person.id]):  # noqa: ASYNC110  the log is being written anew
            await asyncio.sleep(0.1)
    told = await (await discord.slash("recommend", by=person, where=place)).answer(10)
    assert "/taste import" in told.text
    held = await (await discord.slash("privacy show", by=person, where=place)).answer(10)
    assert "Nothing." in held.text
    assert person.id not in bot.log
