"""Buttons and selects that work in any process: everything they need stands in their custom_id."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any, Self, TypeVar

import discord

from cogs.host import Interaction
from cogs.ui.errors import report

ItemT = TypeVar("ItemT", bound=discord.ui.Item[Any])
_NEVER = r"(?!)"


class Pressable(discord.ui.DynamicItem[ItemT], template=_NEVER):
    """A component whose template's named groups are the arguments of its ``__init__``, as text.

    A subclass MUST define ``async def press``; what it raises takes the one error path.
    """

    press: Callable[[Interaction], Awaitable[None]]

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: Any, match: re.Match[str], /
    ) -> Self:
        make: Callable[..., Self] = cls
        return make(**match.groupdict())

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        try:
            if await interaction.client.under_way.admit(interaction):
                await self.press(interaction)
        except Exception as error:  # noqa: BLE001  the last line: shown or logged, never lost
            await report(interaction, error)
