""" "Delete response" in a message's menu: takes back what Nightjar posted."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.errors import UserError
from cogs.host import Host, Interaction
from cogs.ui.answers import answer, in_time


@app_commands.context_menu(
    name="Delete response",
    extras={"help": "Right-click one of my messages, then Apps. For whoever asked for it."},
)
@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
async def delete_response(interaction: Interaction, message: discord.Message) -> None:
    me = interaction.client.user
    if me is None or message.author.id != me.id:
        raise UserError("I only delete my own messages.")
    if not (_asked_by(message) == interaction.user.id or interaction.permissions.manage_messages):
        raise UserError("Only the person who asked for it, or a moderator, can delete this.")
    try:
        # Deleting has a rate limit, so it may have to wait longer than Discord waits for us.
        await in_time(interaction, message.delete(), ephemeral=True)
    except discord.NotFound:
        await answer(interaction, "It is gone already.", ephemeral=True)
    except discord.Forbidden as error:
        raise UserError(
            "I am not a member here, so Discord does not let me delete anything."
        ) from error
    else:
        await answer(interaction, "Deleted.", ephemeral=True)


def _asked_by(message: discord.Message) -> int | None:
    asked = message.interaction_metadata
    return None if asked is None else asked.user.id


async def setup(bot: Host) -> None:
    bot.tree.add_command(delete_response)
