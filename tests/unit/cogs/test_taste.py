"""`/taste`: private answers about what a person listens to."""

from __future__ import annotations

from tests.unit.cogs.conftest import Stage


async def test_an_export_is_read_and_counted(bot: Stage) -> None:
    export = bot.discord.attach("my_spotify_data.zip", b"PK the export")
    message = await (await bot.discord.slash("taste import", file=export)).answer()
    assert message.ephemeral
    assert message.text.startswith("Read 812 plays of 43 artists")
    member = f"discord:{bot.discord.alice.id}"
    assert bot.services.listening.imported == {member: ("my_spotify_data.zip", b"PK the export")}


async def test_a_bad_file_is_one_sentence(bot: Stage) -> None:
    empty = bot.discord.attach("my_spotify_data.zip", b"")
    message = await (await bot.discord.slash("taste import", file=empty)).answer()
    assert message.ephemeral
    assert message.text == "That file is empty; attach the zip from Spotify as it came."


async def test_only_files_on_discord_are_fetched(bot: Stage) -> None:
    export = bot.discord.attach("export.zip", b"PK")
    export.url = "https://example.org/export.zip"
    message = await (await bot.discord.slash("taste import", file=export)).answer()
    assert message.ephemeral
    assert "attached on Discord" in message.text
    assert bot.services.listening.imported == {}


async def test_a_file_that_is_gone_says_so(bot: Stage) -> None:
    export = bot.discord.attach("export.zip", b"PK")
    del bot.discord.world.uploads[export.id]
    message = await (await bot.discord.slash("taste import", file=export)).answer()
    assert "attach it again" in message.text


async def test_an_artist_is_added_and_shown_with_a_picture(bot: Stage) -> None:
    added = await (await bot.discord.slash("taste add", artist_or_track="kav")).answer()
    assert added.ephemeral
    assert "Kavinsky" in added.text
    shown = await (await bot.discord.slash("taste show")).answer()
    assert shown.ephemeral
    assert shown.text == "You like: Kavinsky."
    assert shown.file(".png").description == "You like: Kavinsky."
    other = await (await bot.discord.slash("taste show", by=bot.discord.bob)).answer()
    assert other.text == "You like: ."


async def test_an_unknown_artist_is_one_sentence(bot: Stage) -> None:
    message = await (await bot.discord.slash("taste add", artist_or_track="zzz")).answer()
    assert message.ephemeral
    assert "check the spelling" in message.text


async def test_artists_are_suggested_while_typing(bot: Stage) -> None:
    choices = await bot.discord.autocomplete("taste add", "artist_or_track", "Boards")
    assert [c["name"] for c in choices] == ["Boards of Canada"]
