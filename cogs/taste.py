"""`/taste`: what Nightjar knows of a person's listening. Every answer is for that person alone."""

from __future__ import annotations

from typing import Final

import discord
from discord import app_commands
from discord.ext import commands
from yarl import URL

from bot.errors import UserError
from cogs.host import Host, Interaction, member_id
from cogs.ui.answers import answer, as_file, choices, in_time

MAX_FILE_BYTES: Final = 64 * 1024 * 1024


@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
class Taste(commands.GroupCog, name="taste", description="What you listen to."):
    """Parse, ask, show."""

    @app_commands.command(
        name="import",
        description="Teach me your listening from a Spotify export or a CSV file.",
        extras={"example": "/taste import file:my_spotify_data.zip"},
    )
    @app_commands.describe(file="The zip from Spotify as it came, one of its .json files, or a CSV")
    async def import_(self, interaction: Interaction, file: discord.Attachment) -> None:
        _check(file, interaction.client.attachment_hosts)
        await interaction.response.defer(ephemeral=True, thinking=True)
        data = await _download(file)
        listening = interaction.client.services.listening
        report = await listening.import_file(member_id(interaction), file.filename, data)
        await answer(interaction, discord.utils.escape_markdown(report.text))

    @app_commands.command(
        description="Tell me an artist you like.",
        extras={"example": "/taste add artist_or_track:Boards of Canada"},
    )
    @app_commands.describe(artist_or_track="The artist's name")
    async def add(
        self, interaction: Interaction, artist_or_track: app_commands.Range[str, 1, 100]
    ) -> None:
        work = interaction.client.services.listening.add(member_id(interaction), artist_or_track)
        understood = await in_time(interaction, work, ephemeral=True)
        name = discord.utils.escape_markdown(understood)
        said = f"Noted: you like **{name}**. It counts from your next /recommend on."
        await answer(interaction, said, ephemeral=True)

    @add.autocomplete("artist_or_track")
    async def _artists(
        self, interaction: Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        found = interaction.client.services.listening.suggest(typed)
        return choices((name, name) for name in found)

    @app_commands.command(
        description="See what I know of your taste.", extras={"example": "/taste show"}
    )
    async def show(self, interaction: Interaction) -> None:
        work = interaction.client.services.listening.show(member_id(interaction))
        taste = await in_time(interaction, work, ephemeral=True)
        picture = as_file("taste.png", taste.picture, taste.text)
        said = discord.utils.escape_markdown(taste.text)
        await answer(interaction, said, files=[picture], ephemeral=True)


def _check(attachment: discord.Attachment, hosts: frozenset[str]) -> None:
    """UserError for a file that is not on Discord's servers, or larger than we read at once."""
    if URL(attachment.url).host not in hosts:
        raise UserError("I only read files attached on Discord itself; please attach it again.")
    if attachment.size > MAX_FILE_BYTES:
        limit = MAX_FILE_BYTES // 1024**2
        raise UserError(
            f"That file is larger than {limit} MiB: attach the .json files from the zip one by one."
        )


async def _download(attachment: discord.Attachment) -> bytes:
    try:
        return await attachment.read()
    except discord.HTTPException as error:
        raise UserError("Discord did not hand me the file; please attach it again.") from error


async def setup(bot: Host) -> None:
    await bot.add_cog(Taste())
