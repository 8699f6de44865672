"""A recommendation card: each artist with its reason, and the buttons for it right underneath."""

from __future__ import annotations

from typing import Any, Final

import discord

from bot.services import Answer, Suggestion
from cogs.host import Interaction, member_id
from cogs.ui.answers import answer, in_time, link, update
from cogs.ui.press import Pressable

PER_PAGE: Final = 5  # five lines with four buttons each fill 36 of a message's 40 components
ACCENT: Final = discord.Colour(0xFF7A59)
_ANSWER: Final = r"(?P<answer>[0-9a-f]{1,32})"
_VOTES: Final = {"up": 1, "known": 0, "down": -1}
_FACES: Final = {
    "up": ("👍", None, discord.ButtonStyle.success),
    "down": ("👎", None, discord.ButtonStyle.danger),
    "known": (None, "Know it", discord.ButtonStyle.primary),
    "more": (None, "More like this", discord.ButtonStyle.secondary),
}


def card(found: Answer, page: int = 0) -> discord.ui.LayoutView:
    """The card's page of that number, counted from 0; votes show in the buttons."""
    last = (len(found.items) - 1) // PER_PAGE
    page = min(page, last)
    first = page * PER_PAGE
    container: discord.ui.Container[Any] = discord.ui.Container(accent_colour=ACCENT)
    container.add_item(discord.ui.TextDisplay(_heading(found)))
    container.add_item(discord.ui.Separator())
    for item in found.items[first : first + PER_PAGE]:
        container.add_item(discord.ui.TextDisplay(_line(item)))
        container.add_item(
            discord.ui.ActionRow(
                *(LineButton(action, found.id, item.rank, item.vote) for action in _FACES)
            )
        )
    if last:
        container.add_item(_pages(found, page, last))
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(container)
    return view


def _heading(found: Answer) -> str:
    person = found.member.removeprefix("discord:")
    basis = discord.utils.escape_markdown(found.basis)
    return f"## Music for <@{person}>\n-# {found.mode.title()}, {basis}"


def _line(item: Suggestion) -> str:
    reason = discord.utils.escape_markdown(item.reason)
    line = f"**{item.rank}. {link(item.artist, item.link)}**\n{reason}"
    if item.start_with:
        line += f"\n-# Start with *{link(item.start_with, item.start_link)}*"
    return line


def _pages(found: Answer, page: int, last: int) -> discord.ui.ActionRow[Any]:
    return discord.ui.ActionRow(
        PageButton(found.id, max(page - 1, 0), "Previous", disabled=page == 0),
        PageButton(found.id, min(page + 1, last), "Next", disabled=page == last),
    )


class LineButton(
    Pressable[discord.ui.Button[Any]],
    template=rf"rec:(?P<action>{'|'.join(_FACES)}):{_ANSWER}:(?P<rank>\d{{1,2}})",
):
    """A button under one line; the service lets only the person the card was made for vote."""

    def __init__(self, action: str, answer: str, rank: int | str, vote: int | None = None) -> None:
        emoji, label, style = _FACES[action]
        chosen = vote is not None and vote == _VOTES.get(action)
        button: discord.ui.Button[Any] = discord.ui.Button(
            emoji=emoji,
            label=label,
            style=style if chosen else discord.ButtonStyle.secondary,
            custom_id=f"rec:{action}:{answer}:{rank}",
        )
        super().__init__(button)
        self._action, self._answer_id, self._rank = action, answer, int(rank)

    async def press(self, interaction: Interaction) -> None:
        if self._action == "more":
            await self._more(interaction)
        else:
            await self._vote(interaction, _VOTES[self._action])

    async def _more(self, interaction: Interaction) -> None:
        recommendations = interaction.client.services.recommendations
        work = recommendations.more_like(member_id(interaction), self._answer_id, self._rank)
        await answer(interaction, view=card(await in_time(interaction, work)))

    async def _vote(self, interaction: Interaction, value: int) -> None:
        work = self._counted(interaction, value)
        said, found = await in_time(interaction, work, thinking=False)
        await update(interaction, card(found, (self._rank - 1) // PER_PAGE))
        await interaction.followup.send(discord.utils.escape_markdown(said), ephemeral=True)

    async def _counted(self, interaction: Interaction, value: int) -> tuple[str, Answer]:
        recommendations = interaction.client.services.recommendations
        member = member_id(interaction)
        said = await recommendations.vote(member, self._answer_id, self._rank, value)
        return said, await recommendations.find(self._answer_id)


class PageButton(
    Pressable[discord.ui.Button[Any]],
    template=rf"rec:page:{_ANSWER}:(?P<page>\d{{1,2}})",
):
    """Turns to another page of a long card."""

    def __init__(
        self, answer: str, page: int | str, label: str = "Page", *, disabled: bool = False
    ) -> None:
        button: discord.ui.Button[Any] = discord.ui.Button(
            label=label, disabled=disabled, custom_id=f"rec:page:{answer}:{page}"
        )
        super().__init__(button)
        self._answer_id, self._page = answer, int(page)

    async def press(self, interaction: Interaction) -> None:
        work = interaction.client.services.recommendations.find(self._answer_id)
        found = await in_time(interaction, work, thinking=False)
        await update(interaction, card(found, self._page))
