"""`/compare` and "Compare taste": nothing is shown before the other person allows it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.discord.interaction import Interaction
from tests.discord.messages import Message
from tests.discord.payloads import DISCORD_EPOCH_MS, User
from tests.unit.cogs.conftest import Stage


@pytest.fixture(autouse=True)
def _tastes(stage: Stage) -> None:
    people = (stage.discord.alice, stage.discord.bob)
    stage.services.comparisons.known = {f"discord:{person.id}" for person in people}


async def _asked(bot: Stage) -> Message:
    return await (await bot.discord.slash("compare", member=bot.discord.bob)).answer()


async def _allowed(bot: Stage, message: Message) -> Message:
    return await (await bot.discord.press(message, "Allow", by=bot.discord.bob)).answer()


async def test_the_other_is_asked_first_and_told_what_will_be_shown(bot: Stage) -> None:
    message = await _asked(bot)
    alice, bob = bot.discord.alice, bot.discord.bob
    assert not message.ephemeral
    assert f"<@{alice.id}> would like to compare tastes with you, <@{bob.id}>" in message.text
    assert "show everybody here" in message.text
    assert [c["label"] for c in message.controls] == ["Allow", "No, thanks"]
    assert bot.services.comparisons.compared == []
    [sent] = [r for r in bot.discord.requests if r.path.endswith("/callback")]
    assert sent.body["data"]["allowed_mentions"]["users"] == [int(bob.id)]


async def test_once_allowed_the_message_shows_both_tastes(bot: Stage) -> None:
    message = await _asked(bot)
    shown = await _allowed(bot, message)
    assert shown is message
    alice, bob = bot.discord.alice, bot.discord.bob
    [(asker, asked, names)] = bot.services.comparisons.compared
    assert (asker, asked, names) == (f"discord:{alice.id}", f"discord:{bob.id}", ("Alice", "Bob"))
    assert f"<@{alice.id}> and <@{bob.id}>: 43% in common" in shown.text
    assert "By artists 31%, by tags 55%" in shown.text
    assert "**You both love**\nKavinsky, Com Truise" in shown.text
    assert f"**<@{alice.id}> could show <@{bob.id}>**\n[FM-84](https://" in shown.text
    assert "/artists), close to M83" in shown.text
    assert f"<@{bob.id}> could show" not in shown.text
    assert shown.file(".png").description == "A map, 43% in common."
    assert [c["label"] for c in shown.controls] == ["Take it down"]


async def test_nobody_but_the_asked_can_allow_it(bot: Stage) -> None:
    message = await _asked(bot)
    before = message.components
    for person in (bot.discord.alice, bot.discord.moderator):
        told = await (await bot.discord.press(message, "Allow", by=person)).answer()
        assert told.ephemeral
        assert told.text == "Only the person who was asked can allow this."
    assert message.components == before
    assert bot.services.comparisons.compared == []


@pytest.mark.parametrize("who", ["alice", "bob"])
async def test_either_can_end_it_before_and_after(bot: Stage, who: str) -> None:
    by = getattr(bot.discord, who)
    message = await _asked(bot)
    await (await bot.discord.press(message, "No, thanks", by=by)).answer()
    assert message.text == "No comparison this time."
    assert message.controls == []
    message = await _asked(bot)
    await _allowed(bot, message)
    await (await bot.discord.press(message, "Take it down", by=by)).answer()
    assert message.text == "This comparison was taken down."
    assert message.attachments == []
    assert message.controls == []


async def test_nobody_else_can(bot: Stage) -> None:
    asked = await _asked(bot)
    shown = await _allowed(bot, await _asked(bot))
    for message, button in ((asked, "No, thanks"), (shown, "Take it down")):
        pressed = await bot.discord.press(message, button, by=bot.discord.moderator)
        told = await pressed.answer()
        assert told.ephemeral
        assert "between two others" in told.text
    assert "Compare taste?" in asked.text
    assert "43% in common" in shown.text


async def test_it_is_allowed_after_a_restart(stage: Stage) -> None:
    async with stage.running():
        message = await _asked(stage)
    async with stage.running():
        await _allowed(stage, message)
        assert "43% in common" in message.text
    async with stage.running():
        await (await stage.discord.press(message, "Take it down")).answer()
    assert "taken down" in message.text


async def test_a_person_is_asked_from_their_menu_too(bot: Stage) -> None:
    ix = await bot.discord.user_menu("Compare taste", bot.discord.bob)
    message = await ix.answer()
    assert f"with you, <@{bot.discord.bob.id}>" in message.text
    assert "43% in common" in (await _allowed(bot, message)).text


async def _everywhere(bot: Stage, person: User, by: User | None = None) -> list[Interaction]:
    return [
        await bot.discord.slash("compare", member=person, by=by),
        await bot.discord.user_menu("Compare taste", person, by=by),
    ]


async def test_oneself_and_bots_are_not_compared_with(bot: Stage) -> None:
    for person, sentence in (
        (bot.discord.alice, "That is you: choose somebody else"),
        (bot.discord.bot, "A bot plays no music of its own; choose a person."),
    ):
        for ix in await _everywhere(bot, person):
            told = await ix.answer()
            assert told.ephemeral
            assert told.text.startswith(sentence)


async def test_who_has_no_taste_here_is_told_how_to_add_some(bot: Stage) -> None:
    bot.services.comparisons.known = {f"discord:{bot.discord.alice.id}"}
    for ix in await _everywhere(bot, bot.discord.alice, by=bot.discord.bob):
        told = await ix.answer()
        assert told.ephemeral
        assert "/taste add" in told.text
    message = await _asked(bot)
    told = await (await bot.discord.press(message, "Allow", by=bot.discord.bob)).answer()
    assert told.ephemeral
    assert "/taste add" in told.text
    bot.services.comparisons.known.add(f"discord:{bot.discord.bob.id}")
    assert "43% in common" in (await _allowed(bot, message)).text


async def test_a_request_that_is_too_old_is_not_allowed_any_more(bot: Stage) -> None:
    message = await _asked(bot)
    then = datetime.now(UTC) - timedelta(days=8)
    message.id = str((int(then.timestamp() * 1000) - DISCORD_EPOCH_MS) << 22)
    told = await (await bot.discord.press(message, "Allow", by=bot.discord.bob)).answer()
    assert "older than a week" in told.text
    assert bot.services.comparisons.compared == []


async def test_slow_work_is_acknowledged_in_time(bot: Stage) -> None:
    message = await _asked(bot)
    bot.services.comparisons.seconds = 0.8
    ix = await bot.discord.press(message, "Allow", by=bot.discord.bob)
    assert await ix.acknowledged() < 1.0
    shown = await ix.answer()
    assert "43% in common" in shown.text
    assert shown.file(".png")


async def test_comparing_is_for_servers_alone(bot: Stage) -> None:
    place = bot.discord.dm(bot.discord.alice)
    for name in ("compare", "Compare taste"):
        [command] = [c for c in bot.discord.world.commands[None] if c["name"] == name]
        assert (command["contexts"], command["integration_types"]) == ([0], [0])
    with pytest.raises(AssertionError, match="not offered here"):
        await bot.discord.user_menu("Compare taste", bot.discord.bob, where=place)
