"""`/recommend`, its card and its buttons."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import discord
import pytest

from bot.services import Answer, Suggestion
from bot.services.recommendations import listen_link, track_link
from cogs.ui.cards import PER_PAGE, card
from recommender.catalogue import Artist, load_starter
from recommender.tracks import tracks_of
from tests.discord.messages import Message, walk
from tests.unit.cogs.conftest import Stage

PRIMARY, SUCCESS, DANGER, SECONDARY = 1, 3, 4, 2
MOST_COMPONENTS = 40
MOST_TEXT = 4000  # characters over all texts of one message of components


async def _card(bot: Stage, **given: Any) -> Message:
    return await (await bot.discord.slash("recommend", **given)).answer()


def _styles(message: Message, rank: int) -> list[int]:
    return [c["style"] for c in message.controls if c["custom_id"].endswith(f":{rank}")]


def _id(message: Message, action: str, rank: int) -> str:
    [found] = [
        c["custom_id"]
        for c in message.controls
        if c["custom_id"].startswith(f"rec:{action}:") and c["custom_id"].endswith(f":{rank}")
    ]
    return found


async def test_each_artist_has_a_link_a_reason_and_its_own_buttons(bot: Stage) -> None:
    message = await _card(bot, like="Kavinsky")
    assert message.text.count("because you play Kavinsky") == 5
    assert "[FM-84](https://open.spotify.com/search/FM-84/artists)" in message.text
    assert f"<@{bot.discord.alice.id}>" in message.text
    assert "close to Kavinsky" in message.text
    per_line = [(c.get("emoji") or {}).get("name") or c["label"] for c in message.controls]
    assert per_line == ["👍", "👎", "Know it", "More like this"] * 5
    assert len(walk(message.components)) < MOST_COMPONENTS


async def test_the_card_says_where_to_begin_where_that_is_known(bot: Stage) -> None:
    message = await _card(bot)
    assert message.text.count("Start with") == 2
    address = "https://open.spotify.com/search/FM-84%20Running%20in%20the%20Night/tracks"
    assert f"-# Start with *[Running in the Night]({address})*" in message.text
    assert r"Start with *[\*Up\* (Down)](https://open.spotify.com/search/" in message.text


def test_the_longest_tracks_of_the_catalogue_fit_a_card() -> None:
    longest = sorted(map(_with_its_track, load_starter().catalogue), key=_length)[-PER_PAGE:]
    items = tuple(replace(item, rank=rank) for rank, item in enumerate(longest, start=1))
    [container] = card(Answer("a1", "discord:1", "balanced", "b" * 300, items)).children
    assert isinstance(container, discord.ui.Container)
    texts = [c.content for c in container.children if isinstance(c, discord.ui.TextDisplay)]
    assert sum("Start with" in text for text in texts) == PER_PAGE
    assert sum(map(len, texts)) <= MOST_TEXT


def _with_its_track(artist: Artist) -> Suggestion:
    track = next(iter(tracks_of(artist.name)), None)
    title = track.title if track else ""
    link = listen_link(artist.name)
    return Suggestion(1, artist.name, link, "r" * 120, (), None, title, track_link(track))


def _length(item: Suggestion) -> int:
    return len(item.artist + item.link + item.start_with + item.start_link)


async def test_names_cannot_break_out_of_the_card(bot: Stage) -> None:
    message = await _card(bot)
    assert r"[\*Stars\* \[Live\]](https://open.spotify.com/search/" in message.text


async def test_ten_artists_come_on_two_pages(bot: Stage) -> None:
    message = await _card(bot, count=10)
    assert len(walk(message.components)) < MOST_COMPONENTS
    first = message.text
    assert message.control("Previous")["disabled"]
    turned = await (await bot.discord.press(message, "Next")).answer()
    assert turned is message
    assert message.text != first
    assert "**6. " in message.text
    assert message.control("Next")["disabled"]
    await (await bot.discord.press(message, "Previous")).answer()
    assert message.text == first


async def test_a_vote_shows_in_the_button_and_is_confirmed_to_the_voter(bot: Stage) -> None:
    message = await _card(bot, count=10)
    await (await bot.discord.press(message, "Next")).answer()
    up = await bot.discord.press(message, _id(message, "up", 7))
    assert (await up.followup()).ephemeral
    assert _styles(message, 7) == [SUCCESS, *[SECONDARY] * 3]
    assert "**6. " in message.text
    await (await bot.discord.press(message, _id(message, "down", 7))).followup()
    assert _styles(message, 7) == [SECONDARY, DANGER, SECONDARY, SECONDARY]
    await (await bot.discord.press(message, _id(message, "known", 7))).followup()
    assert _styles(message, 7) == [SECONDARY, SECONDARY, PRIMARY, SECONDARY]
    await (await bot.discord.press(message, _id(message, "down", 7))).followup()
    await (await bot.discord.press(message, _id(message, "down", 7))).followup()
    assert _styles(message, 7) == [SECONDARY] * 4


async def test_only_the_person_asked_for_may_vote(bot: Stage) -> None:
    message = await _card(bot)
    before = message.components
    pressed = await bot.discord.press(message, _id(message, "up", 1), by=bot.discord.bob)
    told = await pressed.answer()
    assert told.ephemeral
    assert "/recommend" in told.text
    assert message.components == before


async def test_more_like_this_gives_whoever_presses_a_card_of_their_own(bot: Stage) -> None:
    message = await _card(bot)
    pressed = await bot.discord.press(message, _id(message, "more", 2), by=bot.discord.bob)
    mine = await pressed.answer()
    assert f"<@{bot.discord.bob.id}>" in mine.text
    vote = await bot.discord.press(mine, _id(mine, "up", 1), by=bot.discord.bob)
    assert "Noted" in (await vote.followup()).text


async def test_slow_work_is_deferred_in_time(bot: Stage) -> None:
    bot.services.recommendations.seconds = 0.8
    ix = await bot.discord.slash("recommend")
    assert await ix.acknowledged() < 1.0
    assert ix.callback == 5
    assert "Music for" in (await ix.answer()).text


@pytest.mark.parametrize("seconds", [0.0, 0.8])
async def test_an_unknown_artist_is_one_sentence(bot: Stage, seconds: float) -> None:
    bot.services.recommendations.seconds = seconds
    message = await _card(bot, like="Nobody At All")
    assert message.text == "I do not know 'Nobody At All' yet; check the spelling or try another."
    assert message.ephemeral is (seconds == 0.0)


async def test_a_forgotten_card_says_so(bot: Stage) -> None:
    message = await _card(bot, count=10)
    bot.services.recommendations.answers.clear()
    for button in (_id(message, "up", 1), _id(message, "more", 1), "Next"):
        told = await (await bot.discord.press(message, button)).answer()
        assert told.ephemeral
        assert "/recommend" in told.text


async def test_cards_survive_a_restart(stage: Stage) -> None:
    async with stage.running():
        message = await _card(stage)
    async with stage.running():
        await (await stage.discord.press(message, _id(message, "up", 1))).followup()
    assert _styles(message, 1) == [SUCCESS, *[SECONDARY] * 3]


async def test_artists_are_suggested_while_typing(bot: Stage) -> None:
    choices = await bot.discord.autocomplete("recommend", "like", "m")
    assert [c["value"] for c in choices] == ["Mitch Murder", "M83"]
