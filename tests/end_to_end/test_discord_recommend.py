"""From a Spotify export to explained recommendations and votes, on the real program."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.discord.messages import Message
from tests.discord.payloads import User
from tests.discord.server import DiscordServer
from tests.end_to_end.discord_process import BotProcess, bot_process
from tests.exports import account_package, as_json, extended_package, extended_rows

pytestmark = pytest.mark.asyncio(loop_scope="module")

PLAYED = {"Kavinsky": 60, "Com Truise": 40, "The Midnight": 30, "Gunship": 20, "Perturbator": 12}
TRAINING_SECONDS = 90.0


def _id(message: Message, action: str, rank: int) -> str:
    [found] = [
        c["custom_id"]
        for c in message.controls
        if c["custom_id"].startswith(f"rec:{action}:") and c["custom_id"].endswith(f":{rank}")
    ]
    return found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[BotProcess]:
    """One program for the whole file; every test is another person."""
    folder = tmp_path_factory.mktemp("nightjar")
    async with DiscordServer() as discord, bot_process(discord, folder, workers=1) as process:
        yield process


@pytest.mark.parametrize(
    ("filename", "export"),
    [
        ("my_spotify_data.zip", extended_package(PLAYED)),
        ("my_spotify_data.zip", account_package(PLAYED)),
        ("Streaming_History_Audio_2016-2024_0.json", as_json(extended_rows(PLAYED))),
    ],
    ids=["extended package", "account package", "one file"],
)
async def test_an_export_becomes_recommendations_with_true_reasons(
    bot: BotProcess, filename: str, export: bytes
) -> None:
    discord, person = bot.discord, User("listener")
    place = discord.dm(person)
    file = discord.attach(filename, export)
    imported = await discord.slash("taste import", by=person, where=place, file=file)
    assert await imported.acknowledged() < 1.0
    report = await imported.answer(TRAINING_SECONDS)
    assert report.ephemeral
    assert f"{sum(PLAYED.values())} plays of {len(PLAYED)} artists" in report.text

    asked = await discord.slash("recommend", by=person, where=place, count=10)
    assert await asked.acknowledged() < 1.0
    card = await asked.answer(TRAINING_SECONDS)
    first, second = _lines(card), _lines(await _turned(bot, card, person))
    found = first + second
    assert [rank for rank, _, _ in found] == list(range(1, 11))
    assert not {artist for _, artist, _ in found} & set(PLAYED)
    named = [reason for _, _, reason in found if any(artist in reason for artist in PLAYED)]
    assert len(named) >= 5


async def test_a_vote_counts_and_shows(bot: BotProcess) -> None:
    discord = bot.discord
    asked = await discord.slash("recommend", like="Kavinsky", count=3)
    card = await asked.answer(TRAINING_SECONDS)
    [(_, disliked, _), *_] = _lines(card)
    before = card.control(_id(card, "down", 1))["style"]
    told = await (await discord.press(card, _id(card, "down", 1))).followup()
    assert disliked in told.text
    assert card.control(_id(card, "down", 1))["style"] != before
    again = await (await discord.slash("recommend", like="Kavinsky", count=10)).answer(10)
    shown = _lines(again) + _lines(await _turned(bot, again, discord.alice))
    assert disliked not in {artist for _, artist, _ in shown}
    refused = await discord.press(card, _id(card, "up", 2), by=discord.bob)
    assert (await refused.answer()).ephemeral


async def test_more_like_this_is_a_new_card(bot: BotProcess) -> None:
    asked = await bot.discord.slash("recommend", like="Kavinsky", by=bot.discord.bob)
    card = await asked.answer(TRAINING_SECONDS)
    [_, (_, artist, _), *_] = _lines(card)
    pressed = await bot.discord.press(card, _id(card, "more", 2), by=bot.discord.bob)
    more = await pressed.answer(10)
    assert more is not card
    assert f"close to {artist}" in more.text.replace("\\", "")


async def test_artists_are_added_suggested_and_shown(bot: BotProcess) -> None:
    discord, person = bot.discord, User("collector")
    choices = await discord.autocomplete("taste add", "artist_or_track", "boards of", by=person)
    assert "Boards of Canada" in [choice["value"] for choice in choices]
    added = await discord.slash("taste add", by=person, artist_or_track="boards of canada")
    assert "Boards of Canada" in (await added.answer(TRAINING_SECONDS)).text
    shown = await (await discord.slash("taste show", by=person)).answer(TRAINING_SECONDS)
    assert shown.ephemeral
    assert "Boards of Canada" in shown.text
    assert shown.file(".png").payload()["width"] >= 800


@pytest.mark.parametrize(
    ("filename", "data"),
    [
        ("my_spotify_data.zip", b"this is not a zip"),
        ("my_spotify_data.zip", b""),
        ("notes.json", b'{"hello": "world"}'),
    ],
    ids=["not a zip", "empty", "another json"],
)
async def test_a_file_that_cannot_be_used_is_one_sentence(
    bot: BotProcess, filename: str, data: bytes
) -> None:
    file = bot.discord.attach(filename, data)
    told = await (await bot.discord.slash("taste import", file=file)).answer(20)
    assert told.ephemeral
    assert told.text.endswith(".")
    assert "\n" not in told.text
    assert "number" not in told.text


async def test_an_unknown_artist_and_an_unknown_taste_say_what_to_do(bot: BotProcess) -> None:
    discord, person = bot.discord, User("newcomer")
    unknown = await discord.slash("recommend", by=person, like="Qxqzzy Vwpt")
    assert "Qxqzzy" in (await unknown.answer(TRAINING_SECONDS)).text
    nothing = await (await discord.slash("recommend", by=person)).answer(10)
    assert "/taste import" in nothing.text


def _lines(card: Message) -> list[tuple[int, str, str]]:
    """(rank, artist, reason) of every line on the page shown."""
    found = re.findall(r"\*\*(\d+)\. \[(.*)\]\(.*\)\*\*\n(.*)", card.text)
    return [(int(rank), re.sub(r"\\(.)", r"\1", artist), why) for rank, artist, why in found]


async def _turned(bot: BotProcess, card: Message, person: User) -> Message:
    return await (await bot.discord.press(card, "Next", by=person)).answer()


async def test_a_taste_becomes_mixes_to_open(bot: BotProcess) -> None:
    discord, person = bot.discord, User("mixer")
    few = await (await discord.slash("mix", by=person)).answer(TRAINING_SECONDS)
    assert "/taste import" in few.text
    file = discord.attach("my_spotify_data.zip", extended_package(PLAYED))
    await (await discord.slash("taste import", by=person, file=file)).answer(TRAINING_SECONDS)
    message = await (await discord.slash("mix", by=person)).answer(TRAINING_SECONDS)
    [mix] = message.control("Open a mix")["options"]
    assert "Synthwave" in mix["label"]
    opening = await discord.choose(message, "Open a mix", mix["value"], by=person)
    opened = await opening.answer(20)
    assert opened.text.startswith(f"## {mix['label']}")
    assert re.search(r"\*\*1\.\*\* \[.+\]\(https://open\.spotify\.com/track/\w{22}\)", opened.text)
    assert "new: because you play" in opened.text
    turned = await (await discord.press(opened, "Next", by=person)).answer(20)
    assert "**11.**" in turned.text


async def test_two_people_compare_their_taste(bot: BotProcess) -> None:
    discord, one, other = bot.discord, User("first"), User("second")
    theirs = {"Kavinsky": 30, "Nujabes": 20, "Miles Davis": 12}
    for person, played in ((one, PLAYED), (other, theirs)):
        file = discord.attach("my_spotify_data.zip", extended_package(played))
        ix = await discord.slash("taste import", by=person, file=file)
        await ix.answer(TRAINING_SECONDS)
    asking = await discord.user_menu("Compare taste", other, by=one)
    message = await asking.answer(TRAINING_SECONDS)
    assert "Nujabes" not in message.text
    assert (await (await discord.press(message, "Allow", by=one)).answer(20)).ephemeral
    shown = await (await discord.press(message, "Allow", by=other)).answer(30)
    assert shown is message
    assert "**You both love**\nKavinsky" in shown.text
    assert re.search(r"could show <@\d+>\*\*\n\[(Com Truise|The Midnight|Gunship)\]", shown.text)
    assert shown.file(".png").payload()["width"] == 1200
    await (await discord.press(message, "Take it down", by=other)).answer(20)
    assert "Kavinsky" not in message.text
    assert message.attachments == []
