"""`/jam` as people on Discord meet it."""

from __future__ import annotations

import re

import pytest

from bot.errors import Unavailable
from tests.unit.cogs.conftest import Stage

CLIP_ID = re.compile(r"clip:\w+:([0-9a-f]{16})")


async def test_a_clip_comes_with_audio_midi_picture_and_buttons(bot: Stage) -> None:
    ix = await bot.discord.slash("jam", style="synthwave", bars=8, seed=7, key="D minor", bpm=90)
    assert await ix.acknowledged() < 1.0
    message = await ix.answer()
    assert message.file(".mp3").data.startswith(b"ID3")
    assert message.file(".mid").data.startswith(b"MThd")
    assert message.file(".png").description == (
        "Piano roll: synthwave in D minor, 8 bars at 90 bpm, with drums, bass, pad, arp, lead."
    )
    assert [c["label"] for c in message.controls] == ["New take", "Vary", "Stems"]
    for fact in ("synthwave", "D minor", "90 bpm", "8 bars", "0:21", "Seed 7"):
        assert fact in message.text
    assert not message.ephemeral


async def test_the_command_under_a_clip_gives_the_same_clip(bot: Stage) -> None:
    first = await (await bot.discord.slash("jam", style="synthwave")).answer()
    [shown] = re.findall(r"`/jam (.*)`", first.text)
    options = dict(re.findall(r"(\w+):(.*?)(?= \w+:|$)", shown))
    numbers = {name: int(options.pop(name)) for name in ("bpm", "bars", "seed")}
    again = await (await bot.discord.slash("jam", **options, **numbers)).answer()
    assert again.text == first.text
    assert len(bot.services.jobs.rendered) == 1


async def test_new_take_keeps_the_request_and_changes_the_seed(bot: Stage) -> None:
    first = await (await bot.discord.slash("jam", style="synthwave", seed=7)).answer()
    pressed = await bot.discord.press(first, "New take", by=bot.discord.bob)
    second = await pressed.answer()
    assert second is not first
    one, two = (bot.services.clips.specs[_clip_id(m)] for m in (first, second))
    assert one["seed"] != two["seed"]
    assert {**one, "seed": 0} == {**two, "seed": 0}


async def test_vary_asks_for_the_part_and_changes_only_its_take(bot: Stage) -> None:
    first = await (await bot.discord.slash("jam", style="synthwave", seed=7)).answer()
    question = await (await bot.discord.press(first, "Vary")).answer()
    assert question.ephemeral
    select = question.control("Choose a part")
    assert [o["value"] for o in select["options"]] == ["drums", "bass", "pad", "arp", "lead"]
    varied = await (await bot.discord.choose(question, "Choose a part", "lead")).answer()
    assert not varied.ephemeral
    assert bot.services.clips.specs[_clip_id(varied)]["seed"] == 7 + (1 << 36)


@pytest.mark.parametrize("where", ["guild", "dm", "a server without the bot", "a group"])
async def test_jam_works_wherever_the_app_can_be_used(bot: Stage, where: str) -> None:
    discord = bot.discord
    place = {
        "guild": discord.channel,
        "dm": discord.dm(discord.alice),
        "a server without the bot": discord.foreign_channel,
        "a group": discord.group(discord.alice, discord.bob),
    }[where]
    ix = await discord.slash("jam", where=place, style="synthwave", bars=4)
    message = await ix.answer()
    again = await (await discord.press(message, "New take")).answer()
    assert [len(m.attachments) for m in (message, again)] == [3, 3]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"style": "sinthwave"}, "synthwave"),
        ({"style": "synthwave", "key": "H sharp"}, "D minor"),
        ({"style": "synthwave", "mood": "furious"}, "furious"),
        ({"style": "synthwave", "seed": 2**53 - 1}, "seed"),
        ({"style": "synthwave", "like": "Kavinskyyy X"}, "Kavinsky?"),
    ],
)
async def test_what_cannot_be_made_is_said_in_one_sentence_to_the_person_alone(
    bot: Stage, given: dict[str, object], sentence: str
) -> None:
    message = await (await bot.discord.slash("jam", **given)).answer()
    assert message.ephemeral
    assert sentence in message.text
    assert "`" not in message.text
    assert bot.services.jobs.rendered == []


async def test_a_full_queue_is_said_in_the_answer(bot: Stage) -> None:
    bot.services.jobs.failing = Unavailable("Too many clips are waiting; try again in a minute.")
    message = await (await bot.discord.slash("jam", style="synthwave")).answer()
    assert message.text == "Too many clips are waiting; try again in a minute."


async def test_a_forgotten_clip_is_said_to_the_person_alone(bot: Stage) -> None:
    message = await (await bot.discord.slash("jam", style="synthwave")).answer()
    bot.services.clips.specs.clear()
    for button in ("New take", "Vary", "Stems"):
        told = await (await bot.discord.press(message, button)).answer()
        assert told.ephemeral
        assert "/jam" in told.text


async def test_buttons_survive_a_restart(stage: Stage) -> None:
    async with stage.running():
        message = await (await stage.discord.slash("jam", style="synthwave", seed=7)).answer()
    async with stage.running():
        again = await (await stage.discord.press(message, "New take")).answer()
        question = await (await stage.discord.press(message, "Vary")).answer()
        varied = await (await stage.discord.choose(question, "Choose a part", "bass")).answer()
        stems = await (await stage.discord.press(message, "Stems")).answer()
    assert len(again.attachments) == len(varied.attachments) == 3
    assert [a.filename for a in stems.attachments] == ["nightjar-synthwave-7-stems.zip"]


async def test_style_key_and_mood_are_suggested_while_typing(bot: Stage) -> None:
    styles = await bot.discord.autocomplete("jam", "style", "synth")
    assert styles[0]["value"] == "synthwave"
    assert "bpm" in styles[0]["name"]
    keys = await bot.discord.autocomplete("jam", "key", "d", style="synthwave")
    assert {"D minor", "D major"} <= {choice["value"] for choice in keys}
    moods = await bot.discord.autocomplete("jam", "mood", "", style="synthwave")
    assert moods
    artists = await bot.discord.autocomplete("jam", "like", "the m", style="synthwave")
    assert "The Midnight" in {choice["value"] for choice in artists}
    nonsense = await bot.discord.autocomplete("jam", "mood", "zzz", style="no such style")
    assert nonsense == []


async def test_an_artist_is_named_in_the_answer_and_kept_by_every_button(bot: Stage) -> None:
    first = await (
        await bot.discord.slash("jam", style="synthwave", like="*stars* [live]")
    ).answer()
    assert "-# ambient (from \\*Stars\\* [Live]): moved" in first.text
    assert "like:*Stars* [Live]`" in first.text
    again = await (await bot.discord.press(first, "New take")).answer()
    question = await (await bot.discord.press(again, "Vary")).answer()
    varied = await (await bot.discord.choose(question, "Choose a part", "bass")).answer()
    specs = [bot.services.clips.specs[_clip_id(m)] for m in (first, again, varied)]
    assert {tuple(spec["like"]) for spec in specs} == {("*Stars* [Live]",)}
    assert len({str(spec.get("blend")) for spec in specs}) == 1


async def test_stems_are_one_file_for_everybody(bot: Stage) -> None:
    message = await (await bot.discord.slash("jam", style="synthwave", bars=4, seed=7)).answer()
    pressed = await bot.discord.press(message, "Stems", by=bot.discord.bob)
    assert await pressed.acknowledged() < 1.0
    stems = await pressed.answer()
    assert not stems.ephemeral
    assert stems.file(".zip").data.startswith(b"PK")
    for fact in ("synthwave", "seed 7", "drums, bass, pad, arp, lead", "4 bars"):
        assert fact in stems.text


async def test_stems_too_large_for_the_channel_offer_the_longest_that_fit(bot: Stage) -> None:
    bot.services.jobs.stem_bytes_a_bar = 2**20  # 16 bars of 16 bits are 10.7 MiB
    message = await (await bot.discord.slash("jam", style="synthwave", seed=7, bpm=90)).answer()
    told = await (await bot.discord.press(message, "Stems")).answer()
    assert told.attachments == []
    assert "16 bars of stems are 10.7 MB, and only 10 MB can be sent here; 8 bars fit." in told.text
    stems = await (await bot.discord.press(told, "Stems of 8 bars")).answer()
    assert len(stems.file(".zip").data) == 8 * 2**20 * 2 // 3
    assert "8 bars" in stems.text


async def test_stems_too_large_at_any_length_say_so(bot: Stage) -> None:
    bot.services.jobs.stem_bytes_a_bar = 2**23
    message = await (await bot.discord.slash("jam", style="synthwave", bars=4)).answer()
    told = await (await bot.discord.press(message, "Stems")).answer()
    assert "nightjar jam --stems" in told.text
    assert told.controls == []


async def test_the_bounds_stand_in_the_command_itself(bot: Stage) -> None:
    [jam] = [c for c in bot.discord.world.commands[None] if c["name"] == "jam"]
    options = {o["name"]: o for o in jam["options"]}
    assert list(options) == ["style", "key", "bpm", "bars", "mood", "seed", "like"]
    assert options["style"]["required"]
    assert (options["bpm"]["min_value"], options["bpm"]["max_value"]) == (40, 220)
    assert [c["value"] for c in options["bars"]["choices"]] == [4, 8, 16, 32]
    assert (jam["integration_types"], jam["contexts"]) == ([0, 1], [0, 1, 2])


def _clip_id(message: object) -> str:
    [found] = {CLIP_ID.fullmatch(c["custom_id"])[1] for c in message.controls}  # type: ignore[attr-defined, index]
    return found
