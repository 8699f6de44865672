"""What a cog may rely on in the client it is loaded into. This module knows no command."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import discord
from discord.ext import commands

from bot.services import Services

if TYPE_CHECKING:
    from cogs.under_way import UnderWay


class Host(commands.AutoShardedBot):
    """The client as cogs see it.

    ``command_ids`` holds Discord's id of every synced command by name, which makes a mention of it
    clickable; ``attachment_hosts`` are the only hosts a file may be fetched from;
    ``under_way`` is asked before any work begins.
    """

    services: Services
    command_ids: dict[str, int]
    attachment_hosts: frozenset[str]
    under_way: UnderWay


Interaction: TypeAlias = discord.Interaction[Host]


def member_id(interaction: Interaction) -> str:
    """The person's id in every service."""
    return f"discord:{interaction.user.id}"
