"""`/mix`: a select of mixes, and the opened one page by page."""

from __future__ import annotations

from dataclasses import replace

import discord
import pytest

from bot.errors import UserError
from bot.services import MixLine, NamedMix
from bot.services.recommendations import track_link
from cogs.ui.mixes import opened, shelf
from recommender.tracks import Track
from tests.discord.messages import Message
from tests.unit.cogs.conftest import Stage

MOST_TEXT = 4000  # characters over all texts of one message of components


async def _mixes(bot: Stage) -> Message:
    return await (await bot.discord.slash("mix")).answer()


async def _opened(bot: Stage, mix: str = "synthwave") -> Message:
    message = await _mixes(bot)
    return await (await bot.discord.choose(message, "Open a mix", mix)).answer()


async def test_all_mixes_stand_in_a_select_with_what_is_in_them(bot: Stage) -> None:
    message = await _mixes(bot)
    assert not message.ephemeral
    assert f"<@{bot.discord.alice.id}>" in message.text
    assert "**Synthwave & Darksynth**\n-# 16 you know, 16 new: synthwave, 80s" in message.text
    options = message.control("Open a mix")["options"]
    assert [option["label"] for option in options] == ["Synthwave & Darksynth", "Lo-fi"]
    assert options[1]["description"] == "10 you know, 10 new: synthwave, 80s"


async def test_opening_a_mix_lists_it_with_links_and_reasons(bot: Stage) -> None:
    message = await _opened(bot)
    assert message.text.startswith("## Synthwave & Darksynth")
    link = "https://open.spotify.com/search/"
    assert rf"**1.** [Song \*1\* \[Live\]]({link}" in message.text
    assert ") by Com Truise\n-# you play it" in message.text
    assert f"**4.** [Gunship]({link}Gunship/artists)\n-# new: because you play M83" in message.text
    assert message.text.count("\n-# ") == 11
    [chosen] = [o for o in message.control("Open a mix")["options"] if o.get("default")]
    assert chosen["value"] == "synthwave"


async def test_a_long_mix_comes_in_pages_and_another_is_opened_in_its_place(bot: Stage) -> None:
    message = await _opened(bot)
    first = message.text
    assert message.control("Previous")["disabled"]
    for page in (1, 2, 3):
        turned = await (await bot.discord.press(message, "Next")).answer()
        assert turned is message
        assert f"**{page * 10 + 1}.** " in message.text
    assert message.control("Next")["disabled"]
    assert "**32.** " in message.text
    for _ in range(3):
        await (await bot.discord.press(message, "Previous")).answer()
    assert message.text == first
    await (await bot.discord.choose(message, "Open a mix", "lo-fi")).answer()
    assert message.text.startswith("## Lo-fi")


async def test_only_their_owner_opens_mixes(bot: Stage) -> None:
    message = await _opened(bot)
    before, bob = message.components, bot.discord.bob
    for told in (
        await (await bot.discord.press(message, "Next", by=bob)).answer(),
        await (await bot.discord.choose(message, "Open a mix", "lo-fi", by=bob)).answer(),
    ):
        assert told.ephemeral
        assert told.text == "These mixes belong to somebody else; get your own with /mix."
    assert message.components == before


async def test_mixes_are_opened_after_a_restart(stage: Stage) -> None:
    async with stage.running():
        message = await _mixes(stage)
    async with stage.running():
        await (await stage.discord.choose(message, "Open a mix", "lo-fi")).answer()
        await (await stage.discord.press(message, "Next")).answer()
    assert "**20.** " in message.text


async def test_a_mix_that_is_gone_says_so(bot: Stage) -> None:
    message = await _opened(bot)
    bot.services.mixes.mixes = bot.services.mixes.mixes[1:]
    told = await (await bot.discord.press(message, "Next")).answer()
    assert told.ephemeral
    assert "ask for /mix again" in told.text


async def test_too_little_taste_is_one_private_sentence(bot: Stage) -> None:
    bot.services.mixes.refusing = UserError("Mixes begin at 3 artists.")
    message = await _mixes(bot)
    assert message.ephemeral
    assert message.text == "Mixes begin at 3 artists."


async def test_slow_work_is_deferred_in_time(bot: Stage) -> None:
    bot.services.mixes.seconds = 0.8
    ix = await bot.discord.slash("mix")
    assert await ix.acknowledged() < 1.0
    message = await ix.answer()
    assert "Mixes for" in message.text
    choosing = await bot.discord.choose(message, "Open a mix", "lo-fi")
    assert await choosing.acknowledged() < 1.0
    assert (await choosing.answer()).text.startswith("## Lo-fi")


async def test_mixes_are_to_be_had_in_direct_messages(bot: Stage) -> None:
    place = bot.discord.dm(bot.discord.bob)
    ix = await bot.discord.slash("mix", by=bot.discord.bob, where=place)
    assert "Mixes for" in (await ix.answer()).text
    assert bot.services.mixes.asked_by == [f"discord:{bot.discord.bob.id}"]


@pytest.mark.parametrize("name", ["音楽" * 100, "*_`[" * 50, "x" * 200])
def test_the_longest_names_fit_every_page(name: str) -> None:
    line = MixLine(
        name, name, False, f"new: because you play {name}", track_link(Track(name, name))
    )
    mixes = [
        NamedMix(f"m{n}", f"Jazz around {name}", (name[:40],) * 4, (line,) * 50) for n in range(8)
    ]
    seen = 0
    for page in range(50):
        view = opened("1" * 19, mixes[0], mixes, page)
        texts = _texts(view)
        assert sum(map(len, texts)) <= MOST_TEXT
        seen = max(seen, *(n for n in range(1, 51) if f"**{n}.**" in texts[1]))
    assert seen == 50
    assert sum(map(len, _texts(shelf("1" * 19, mixes)))) <= MOST_TEXT
    short = replace(mixes[0], items=(MixLine("Air", "", True, "r", "https://x"),))
    assert "Next" not in str(opened("1", short, mixes).to_components())


def _texts(view: discord.ui.LayoutView) -> list[str]:
    [container] = view.children
    assert isinstance(container, discord.ui.Container)
    return [c.content for c in container.children if isinstance(c, discord.ui.TextDisplay)]
