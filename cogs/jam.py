"""`/jam`: a clip from a style and whatever else the person wants to fix."""

from __future__ import annotations

from typing import Literal

from discord import app_commands
from discord.ext import commands

from cogs.host import Host, Interaction
from cogs.ui.answers import choices
from cogs.ui.clips import ClipButton, PartChoice, show_clip

_Choices = list[app_commands.Choice[str]]


class Jam(commands.Cog):
    """Parse, ask for the clip, show it."""

    @app_commands.command(
        description="Make a piece of music: audio, MIDI and a picture of its notes.",
        extras={"example": "/jam style:synthwave bars:16"},
    )
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.describe(
        style="What it should sound like",
        key='The key, such as "D minor"; left out, I pick one',
        bpm="The tempo; left out, I pick one that suits the style",
        bars="How long it is",
        mood="How it should feel",
        seed="The number under an earlier clip, to have it again",
        like="An artist whose genres and moods it should lean to; nobody's song is copied",
    )
    async def jam(
        self,
        interaction: Interaction,
        style: app_commands.Range[str, 1, 40],
        key: app_commands.Range[str, 1, 20] | None = None,
        bpm: app_commands.Range[int, 40, 220] | None = None,
        bars: Literal[4, 8, 16, 32] | None = None,
        mood: app_commands.Range[str, 1, 40] | None = None,
        seed: app_commands.Range[int, 0] | None = None,
        like: app_commands.Range[str, 1, 100] | None = None,
    ) -> None:
        artists = [like] if like and like.strip() else []
        clips = interaction.client.services.clips
        spec = clips.request(style, key=key, bpm=bpm, bars=bars, mood=mood, seed=seed, like=artists)
        await show_clip(interaction, spec)

    @jam.autocomplete("style")
    async def _styles(self, interaction: Interaction, typed: str) -> _Choices:
        found = interaction.client.services.clips.suggest_styles(typed)
        return choices(
            (f"{s.name} · {s.tempo_low}–{s.tempo_high} bpm · {s.description}", s.slug)
            for s in found
        )

    @jam.autocomplete("key")
    async def _keys(self, interaction: Interaction, typed: str) -> _Choices:
        found = interaction.client.services.clips.suggest_keys(typed)
        return choices((key, key) for key in found)

    @jam.autocomplete("mood")
    async def _moods(self, interaction: Interaction, typed: str) -> _Choices:
        style = interaction.namespace.style
        moods = interaction.client.services.clips.moods(style or None)
        wanted = typed.strip().casefold()
        return choices((mood, mood) for mood in moods if wanted in mood.casefold())

    @jam.autocomplete("like")
    async def _artists(self, interaction: Interaction, typed: str) -> _Choices:
        found = interaction.client.services.clips.suggest_artists(typed)
        return choices((name, name) for name in found)


async def setup(bot: Host) -> None:
    bot.add_dynamic_items(ClipButton, PartChoice)
    await bot.add_cog(Jam())
