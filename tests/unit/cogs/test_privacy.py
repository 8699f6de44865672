"""`/privacy`: what is held on a person, shown to nobody else, handed over, and gone."""

from __future__ import annotations

import pytest

from bot.services import Holdings, Mark
from bot.services.holders import Held
from cogs.ui.privacy import PER_PAGE
from tests.discord.messages import Message, walk
from tests.discord.payloads import Channel, User
from tests.unit.cogs.conftest import Stage

SINCE = 1_700_000_000.0
PARTS = (
    Held("Imported listening", "812 plays of 43 artists, 2016 to 2024. From account data.", SINCE),
    Held("Adds and votes", "2 thumb up. From you, here.", None),
)


def _marks(count: int) -> tuple[Mark, ...]:
    kinds = ("up", "add", "known", "down", "liked")
    names = (f"*Artist* {n}" if n % 7 else f"{n} " + "x" * 200 for n in range(count))
    return tuple(
        Mark(kinds[n % 5], name, SINCE - 9_000.0 * n)  # type: ignore[arg-type]
        for n, name in enumerate(names)
    )


def _hold(bot: Stage, person: User, count: int = 3) -> None:
    bot.services.privacy.held[f"discord:{person.id}"] = Holdings(PARTS, _marks(count))


async def _show(bot: Stage, person: User, where: Channel | None = None) -> Message:
    return await (await bot.discord.slash("privacy show", by=person, where=where)).answer()


@pytest.mark.parametrize("place", ["server", "direct message", "own account"])
async def test_a_person_sees_what_is_held_wherever_they_ask(bot: Stage, place: str) -> None:
    alice = bot.discord.alice
    places = {"direct message": bot.discord.dm(alice), "own account": bot.discord.foreign_channel}
    _hold(bot, alice)
    message = await _show(bot, alice, places.get(place))
    assert message.ephemeral
    assert "812 plays of 43 artists" in message.text
    assert "**Imported listening** since <t:1700000000:D>" in message.text
    assert r"👍 0 xxx" in message.text
    assert r"➕ \*Artist\* 1 · added · <t:1699991000:d>" in message.text
    other = await _show(bot, bot.discord.bob)
    assert "Nothing." in other.text
    assert other.controls == []


async def test_a_vote_is_taken_back_from_the_list(bot: Stage) -> None:
    alice = bot.discord.alice
    _hold(bot, alice)
    message = await _show(bot, alice)
    [*_, last] = bot.services.privacy.held[f"discord:{alice.id}"].marks
    chosen = await bot.discord.choose(message, "Take one back", last.id)
    assert await chosen.answer() is message
    assert r"Taken back: known already, \*Artist\* 2" in message.text
    assert message.text.count("Artist") == 2
    offered = [option["value"] for option in message.control("Take one back")["options"]]
    assert last.id not in offered


async def test_many_votes_come_on_pages_that_fit_discord(bot: Stage) -> None:
    alice = bot.discord.alice
    _hold(bot, alice, 2 * PER_PAGE + 3)
    message = await _show(bot, alice)
    first = message.text
    assert message.control("Newer")["disabled"]
    for page in (2, 3):
        await (await bot.discord.press(message, "Older")).answer()
        assert f"page {page} of 3" in message.text
        assert len(walk(message.components)) <= 40
    assert message.control("Older")["disabled"]
    assert len(message.control("Take one back")["options"]) == 3
    for mark in bot.services.privacy.held[f"discord:{alice.id}"].marks[-3:]:
        await (await bot.discord.choose(message, "Take one back", mark.id)).answer()
    assert "page 2 of 2" in message.text
    await (await bot.discord.press(message, "Newer")).answer()
    assert message.text == first.replace("of 3", "of 2")


@pytest.mark.parametrize("way", ["command", "button"])
async def test_all_of_it_is_handed_over_as_a_file(bot: Stage, way: str) -> None:
    alice = bot.discord.alice
    _hold(bot, alice)
    if way == "command":
        asked = await bot.discord.slash("privacy export", by=alice)
    else:
        message = await _show(bot, alice)
        asked = await bot.discord.press(message, "Download all of it")
    handed = await asked.answer()
    assert handed.ephemeral
    assert handed.file("nightjar-my-data.zip").data == bot.services.privacy.exported


async def test_a_file_too_large_for_discord_is_one_sentence(bot: Stage) -> None:
    bot.services.privacy.exported = bytes(11 * 2**20)
    told = await (await bot.discord.slash("privacy export")).answer()
    assert told.ephemeral
    assert "11.0 MB" in told.text
    assert told.attachments == []


async def test_nothing_is_deleted_before_it_was_asked_twice(bot: Stage) -> None:
    alice = bot.discord.alice
    member = f"discord:{alice.id}"
    _hold(bot, alice)
    asking = await (await bot.discord.slash("privacy delete", by=alice)).answer()
    assert asking.ephemeral
    assert "cannot be brought back" in asking.text
    await (await bot.discord.press(asking, "Keep it")).answer()
    assert "812 plays" in asking.text
    await (await bot.discord.press(asking, "Delete everything")).answer()
    assert member in bot.services.privacy.held
    await (await bot.discord.press(asking, "Yes, delete everything")).answer()
    assert member not in bot.services.privacy.held
    assert "Everything is deleted" in asking.text
    assert asking.controls == []


async def test_the_buttons_outlive_the_process(stage: Stage) -> None:
    _hold(stage, stage.discord.alice)
    async with stage.running():
        message = await _show(stage, stage.discord.alice)
    async with stage.running():
        await (await stage.discord.press(message, "Delete everything")).answer()
        await (await stage.discord.press(message, "Yes, delete everything")).answer()
    assert stage.services.privacy.held == {}
