"""`/help`: what can be done, read off the command tree, so that it never promises more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import discord
from discord import app_commands
from discord.ext import commands

from cogs.host import Host, Interaction
from cogs.ui.answers import answer
from cogs.ui.cards import ACCENT

_HEADING: Final = (
    "## Nightjar\nI make short pieces of music from nothing but a style, and I find artists for you"
    " and say why each one is there."
)
_Slash = app_commands.Command[Any, ..., Any]
_Listed = _Slash | app_commands.Group | app_commands.ContextMenu


class Help(commands.Cog):
    """Shows the commands there are."""

    @app_commands.command(description="What I can do, and how to ask for it.")
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def help(self, interaction: Interaction) -> None:
        bot = interaction.client
        others = [c for c in bot.tree.get_commands() if c is not interaction.command]
        entries = list(_entries(others, bot.command_ids))
        container: discord.ui.Container[Any] = discord.ui.Container(accent_colour=ACCENT)
        container.add_item(discord.ui.TextDisplay(_HEADING))
        container.add_item(discord.ui.Separator(spacing=discord.SeparatorSpacing.large))
        container.add_item(discord.ui.TextDisplay("\n\n".join(entries)))
        view = discord.ui.LayoutView(timeout=None)
        view.add_item(container)
        await answer(interaction, view=view, ephemeral=True)


def _entries(listed: Iterable[_Listed], ids: Mapping[str, int]) -> Iterator[str]:
    for command in listed:
        if isinstance(command, app_commands.Group):
            yield from _entries(command.commands, ids)
        elif isinstance(command, app_commands.ContextMenu):
            yield f"**{command.name}**\n{command.extras['help']}"
        else:
            example = command.extras.get("example")
            shown = f"\n-# `{example}`" if example else ""
            yield f"{_mention(command, ids)}\n{command.description}{shown}"


def _mention(command: _Slash, ids: Mapping[str, int]) -> str:
    """The command as something to click on, once its id is known."""
    name = command.qualified_name
    known = ids.get(name.split()[0])
    return f"</{name}:{known}>" if known else f"**/{name}**"


async def setup(bot: Host) -> None:
    await bot.add_cog(Help())
