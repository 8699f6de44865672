"""Answering in time: at once when the work is quick, after "thinking..." when it is not."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Coroutine, Iterable, Sequence
from typing import Any, Final, TypeVar

import discord
from discord import app_commands

from cogs.host import Interaction

PATIENCE_SECONDS: Final = 0.5
MAX_CHOICES: Final = 25
MAX_CHOICE_CHARACTERS: Final = 100

Result = TypeVar("Result")


async def in_time(
    interaction: Interaction,
    work: Coroutine[Any, Any, Result],
    *,
    ephemeral: bool = False,
    thinking: bool = True,
) -> Result:
    """The result of ``work``; when it is not there at once, Discord is told to wait for it.

    Errors of quick work can so be shown to the person alone. ``thinking`` False is for buttons that
    change their own message: nothing is seen to happen until it changes.
    """
    task = asyncio.ensure_future(work)
    try:
        await asyncio.wait({task}, timeout=PATIENCE_SECONDS)
        if not task.done() and not interaction.response.is_done():
            await interaction.response.defer(ephemeral=ephemeral, thinking=thinking)
        return await task
    finally:
        task.cancel()


async def answer(
    interaction: Interaction,
    content: str | None = None,
    *,
    view: discord.ui.View | discord.ui.LayoutView | None = None,
    files: Sequence[discord.File] = (),
    ephemeral: bool = False,
    mentions: discord.AllowedMentions | None = None,
) -> None:
    """Fills the deferred answer, or sends the first one. Nobody is notified of being mentioned in
    it but those in ``mentions``.
    """
    parts: dict[str, Any] = {} if content is None else {"content": content}
    if view is not None:
        parts["view"] = view
    if mentions is not None:
        parts["allowed_mentions"] = mentions
    if interaction.response.is_done():
        await interaction.edit_original_response(attachments=files, **parts)
    else:
        await interaction.response.send_message(files=files, ephemeral=ephemeral, **parts)


async def update(
    interaction: Interaction, view: discord.ui.LayoutView, files: Sequence[discord.File] = ()
) -> None:
    """Shows the pressed message anew, with these files and none it had before."""
    if interaction.response.is_done():
        await interaction.edit_original_response(view=view, attachments=files)
    else:
        await interaction.response.edit_message(view=view, attachments=files)


def as_file(name: str, data: bytes, description: str | None = None) -> discord.File:
    """An attachment; ``description`` is what a screen reader says of a picture."""
    return discord.File(io.BytesIO(data), filename=name, description=description)


def choices(found: Iterable[tuple[str, str]]) -> list[app_commands.Choice[str]]:
    """Autocomplete choices from (label, value); values Discord cannot carry are left out."""
    fitting = [
        app_commands.Choice(name=_shortened(label), value=value)
        for label, value in found
        if 0 < len(value) <= MAX_CHOICE_CHARACTERS
    ]
    return fitting[:MAX_CHOICES]


def _shortened(label: str) -> str:
    if len(label) <= MAX_CHOICE_CHARACTERS:
        return label
    return label[: MAX_CHOICE_CHARACTERS - 1].rstrip() + "…"


def link(text: str, url: str) -> str:
    """A masked link whose text cannot break out of it."""
    plain = discord.utils.escape_markdown(text).replace("[", "\\[").replace("]", "\\]")
    return f"[{plain}]({url.replace(')', '%29')})"
