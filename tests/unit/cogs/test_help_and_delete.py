"""`/help` and the message menu."""

from __future__ import annotations

import pytest

from tests.discord.messages import Message
from tests.unit.cogs.conftest import Stage


async def test_help_lists_every_other_command_there_is(bot: Stage) -> None:
    message = await (await bot.discord.slash("help")).answer()
    assert message.ephemeral
    ids = {c["name"]: c["id"] for c in bot.discord.world.commands[None]}
    taste = ("taste import", "taste add", "taste show")
    privacy = ("privacy show", "privacy export", "privacy delete")
    listed = ("jam", "recommend", "mix", "compare", *taste, *privacy)
    for name in listed:
        assert f"</{name}:{ids[name.split()[0]]}>" in message.text
    assert "Delete response" in message.text
    assert "Compare taste" in message.text
    assert message.text.count("</") == len(listed)
    assert "/jam style:synthwave" in message.text


async def _clip(bot: Stage) -> Message:
    return await (await bot.discord.slash("jam", style="synthwave")).answer()


@pytest.mark.parametrize("who", ["alice", "moderator"])
async def test_a_response_is_deleted_for_its_asker_and_for_moderators(bot: Stage, who: str) -> None:
    message = await _clip(bot)
    by = getattr(bot.discord, who)
    told = await (await bot.discord.message_menu("Delete response", message, by=by)).answer()
    assert told.ephemeral
    assert message.deleted


async def test_a_new_take_belongs_to_whoever_pressed(bot: Stage) -> None:
    first = await _clip(bot)
    pressed = await bot.discord.press(first, "New take", by=bot.discord.bob)
    second = await pressed.answer()
    await (await bot.discord.message_menu("Delete response", second)).answer()
    assert not second.deleted
    await (await bot.discord.message_menu("Delete response", second, by=bot.discord.bob)).answer()
    assert second.deleted


async def test_nobody_else_deletes_it(bot: Stage) -> None:
    message = await _clip(bot)
    by = bot.discord.bob
    told = await (await bot.discord.message_menu("Delete response", message, by=by)).answer()
    assert told.ephemeral
    assert "moderator" in told.text
    assert not message.deleted


async def test_other_peoples_messages_are_left_alone(bot: Stage) -> None:
    theirs = bot.discord.say(bot.discord.bob, "hello")
    by = bot.discord.moderator
    told = await (await bot.discord.message_menu("Delete response", theirs, by=by)).answer()
    assert told.text == "I only delete my own messages."
    assert not theirs.deleted


async def test_where_the_bot_is_no_member_it_says_why_it_cannot(bot: Stage) -> None:
    place = bot.discord.foreign_channel
    message = await (await bot.discord.slash("jam", where=place, style="synthwave")).answer()
    told = await (await bot.discord.message_menu("Delete response", message)).answer()
    assert "not a member" in told.text
    assert not message.deleted


async def test_a_deletion_that_has_to_wait_its_turn_is_acknowledged_in_time(bot: Stage) -> None:
    bot.discord.limit("DELETE", "/channels/{channel}/messages/{message}", 1, 2.0)
    messages = [await _clip(bot), await _clip(bot)]
    asked = [await bot.discord.message_menu("Delete response", m) for m in messages]
    assert max([await ix.acknowledged() for ix in asked]) < 1.0
    assert [(await ix.answer()).text for ix in asked] == ["Deleted."] * 2
    assert all(m.deleted for m in messages)
