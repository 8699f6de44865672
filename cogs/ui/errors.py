"""The one error path: what a person may read is shown, all else is logged with an id they get."""

from __future__ import annotations

import logging
import secrets
from typing import Final

import aiohttp
import discord
from discord import app_commands

from bot.errors import UserError
from cogs.host import Interaction

log = logging.getLogger(__name__)

UNKNOWN_INTERACTION: Final = 10062
INVALID_TOKEN: Final = 50027
# RuntimeError: the client is closing and takes its HTTP session with it.
LOST: Final = (discord.DiscordException, aiohttp.ClientError, OSError, RuntimeError)


async def report(interaction: Interaction, error: Exception) -> None:
    """Tells the person what went wrong, by themselves where Discord still allows it."""
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    if isinstance(cause, discord.HTTPException) and cause.code in {
        UNKNOWN_INTERACTION,
        INVALID_TOKEN,
    }:
        log.warning("Interaction %s could no longer be answered: %s", interaction.id, cause)
        return
    try:
        await tell(interaction, _sentence(interaction, cause))
    except LOST as lost:
        log.warning("Interaction %s was not told of its error: %s", interaction.id, lost)


def _sentence(interaction: Interaction, cause: Exception) -> str:
    if isinstance(cause, UserError):
        return discord.utils.escape_markdown(str(cause))
    if isinstance(cause, app_commands.CommandSignatureMismatch | app_commands.CommandNotFound):
        log.warning("Interaction %s came from an older command: %s", interaction.id, cause)
        return "This command has just changed. Wait a minute, then try it again."
    reference = secrets.token_hex(4)
    log.error("Interaction %s failed [%s]", interaction.id, reference, exc_info=cause)
    return (
        "Something broke on my side. Please try again; if it stays broken, tell whoever runs me"
        f" the number `{reference}`."
    )


async def tell(interaction: Interaction, sentence: str) -> None:
    """Says it in place of "thinking..." where that is still shown, else to the person alone."""
    response = interaction.response
    if not response.is_done():
        await response.send_message(sentence, ephemeral=True)
    elif response.type is discord.InteractionResponseType.deferred_channel_message:
        await interaction.edit_original_response(content=sentence)
    else:
        await interaction.followup.send(sentence, ephemeral=True)
