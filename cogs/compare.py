"""`/compare` and "Compare taste" in a person's menu: ask somebody to lay their taste beside one's
own."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.errors import UserError
from cogs.host import Host, Interaction, member_id
from cogs.ui.answers import answer, in_time
from cogs.ui.comparisons import ComparisonButton, request

_Person = discord.Member | discord.User


class Compare(commands.Cog):
    """Parse, see that there is something to compare, ask the other."""

    @app_commands.command(
        description="Compare your taste with somebody's here, if they agree.",
        extras={"example": "/compare member:@somebody"},
    )
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.describe(member="Whose taste; they are asked first")
    async def compare(self, interaction: Interaction, member: discord.User) -> None:
        await _ask(interaction, member)


@app_commands.context_menu(
    name="Compare taste",
    extras={"help": "Right-click a person, then Apps: the same as /compare."},
)
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
async def compare_taste(interaction: Interaction, member: discord.User) -> None:
    await _ask(interaction, member)


async def _ask(interaction: Interaction, other: _Person) -> None:
    if other.id == interaction.user.id:
        raise UserError("That is you: choose somebody else, or see your own taste in /taste show.")
    if other.bot:
        raise UserError("A bot plays no music of its own; choose a person.")
    await in_time(
        interaction, interaction.client.services.comparisons.check(member_id(interaction))
    )
    view = request(interaction.user.id, other.id)
    await answer(interaction, view=view, mentions=discord.AllowedMentions(users=[other]))


async def setup(bot: Host) -> None:
    bot.add_dynamic_items(ComparisonButton)
    bot.tree.add_command(compare_taste)
    await bot.add_cog(Compare())
