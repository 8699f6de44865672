"""`/recommend`: artists with the reason for each."""

from __future__ import annotations

from typing import Literal

from discord import app_commands
from discord.ext import commands

from cogs.host import Host, Interaction, member_id
from cogs.ui.answers import answer, choices, in_time
from cogs.ui.cards import LineButton, PageButton, card


class Recommend(commands.Cog):
    """Parse, ask for the list, show it."""

    @app_commands.command(
        description="Find artists for you, each with the reason it was picked.",
        extras={"example": "/recommend like:Kavinsky mode:adventurous"},
    )
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.describe(
        like="An artist the list should be close to",
        mode="How far from what you already play",
        count="How many artists, 5 when left out",
    )
    async def recommend(
        self,
        interaction: Interaction,
        like: app_commands.Range[str, 1, 100] | None = None,
        mode: Literal["familiar", "balanced", "adventurous"] = "balanced",
        count: app_commands.Range[int, 1, 10] = 5,
    ) -> None:
        recommendations = interaction.client.services.recommendations
        member = member_id(interaction)
        work = recommendations.recommend(member, like=like, mode=mode, count=count)
        await answer(interaction, view=card(await in_time(interaction, work)))

    @recommend.autocomplete("like")
    async def _artists(
        self, interaction: Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        found = interaction.client.services.listening.suggest(typed)
        return choices((name, name) for name in found)


async def setup(bot: Host) -> None:
    bot.add_dynamic_items(LineButton, PageButton)
    await bot.add_cog(Recommend())
