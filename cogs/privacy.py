"""`/privacy`: everything held on a person, for that person alone."""

from __future__ import annotations

from discord import app_commands
from discord.ext import commands

from cogs.host import Host, Interaction, member_id
from cogs.ui.answers import answer, in_time
from cogs.ui.privacy import (
    HeldPage,
    PrivacyButton,
    UndoChoice,
    asking_card,
    holdings_card,
    send_export,
)


@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
class Privacy(commands.GroupCog, name="privacy", description="What I hold on you."):
    """Parse, ask, show."""

    @app_commands.command(
        description="See what I hold on you, from where and since when, and take votes back."
    )
    async def show(self, interaction: Interaction) -> None:
        work = interaction.client.services.privacy.show(member_id(interaction))
        held = await in_time(interaction, work, ephemeral=True)
        await answer(interaction, view=holdings_card(held), ephemeral=True)

    @app_commands.command(description="Get everything I hold on you as a zip file.")
    async def export(self, interaction: Interaction) -> None:
        await send_export(interaction)

    @app_commands.command(description="Delete everything I hold on you. I ask once before I do.")
    async def delete(self, interaction: Interaction) -> None:
        await answer(interaction, view=asking_card(), ephemeral=True)


async def setup(bot: Host) -> None:
    bot.add_dynamic_items(UndoChoice, HeldPage, PrivacyButton)
    await bot.add_cog(Privacy())
