"""`/mix`: the member's named mixes, to open one after the other."""

from __future__ import annotations

from discord import app_commands
from discord.ext import commands

from cogs.host import Host, Interaction, member_id
from cogs.ui.answers import answer, in_time
from cogs.ui.mixes import MixChoice, MixPage, shelf


class Mix(commands.Cog):
    """Ask for the mixes, show them."""

    @app_commands.command(
        description="Your music as a few mixes: what you play, and new music that goes with it.",
        extras={"example": "/mix"},
    )
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def mix(self, interaction: Interaction) -> None:
        work = interaction.client.services.mixes.of(member_id(interaction))
        found = await in_time(interaction, work)
        await answer(interaction, view=shelf(str(interaction.user.id), found))


async def setup(bot: Host) -> None:
    bot.add_dynamic_items(MixChoice, MixPage)
    await bot.add_cog(Mix())
