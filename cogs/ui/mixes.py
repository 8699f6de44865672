"""A member's mixes as one message: a select of them, and the opened one page by page.

Nothing of it is kept: the custom_ids name the member and the mix, which is made again when they are
used.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import discord

from bot.errors import UserError
from bot.services import MixLine, NamedMix
from cogs.host import Interaction, member_id
from cogs.ui.answers import MAX_CHOICE_CHARACTERS, in_time, link, update
from cogs.ui.cards import ACCENT
from cogs.ui.press import Pressable

PER_PAGE: Final = 10
PAGE_CHARACTERS: Final = 3400  # of the 4,000 that all texts of a message have together
LONGEST_LINE: Final = 1100
LONGEST_TEXT: Final = 100
_MEMBER: Final = r"(?P<member>\d{1,20})"
_MIX: Final = r"(?P<mix>[^:]{1,48})"
_View = discord.ui.LayoutView
_Container = discord.ui.Container[Any]


def shelf(person: str, mixes: Sequence[NamedMix]) -> _View:
    """All mixes of the person, none opened yet."""
    container = _container(f"## Mixes for <@{person}>\n-# Choose one to open it.")
    lines = (f"**{_plain(mix.name)}**\n-# {_plain(_contents(mix))}" for mix in mixes)
    container.add_item(discord.ui.TextDisplay("\n".join(lines)))
    return _finished(container, person, mixes, "")


def opened(person: str, mix: NamedMix, mixes: Sequence[NamedMix], page: int = 0) -> _View:
    """The mix's page of that number, counted from 0, under it the way to the others."""
    pages = _pages(mix)
    page = min(page, len(pages) - 1)
    heading = f"## {_plain(mix.name)}\n-# For <@{person}>: {_plain(_contents(mix))}"
    container = _container(heading)
    container.add_item(discord.ui.TextDisplay("\n".join(pages[page])))
    if len(pages) > 1:
        last = len(pages) - 1
        container.add_item(
            discord.ui.ActionRow(
                MixPage(person, mix.id, max(page - 1, 0), "Previous", disabled=page == 0),
                MixPage(person, mix.id, min(page + 1, last), "Next", disabled=page == last),
            )
        )
    return _finished(container, person, mixes, mix.id)


def _container(heading: str) -> _Container:
    container: _Container = discord.ui.Container(accent_colour=ACCENT)
    container.add_item(discord.ui.TextDisplay(heading))
    container.add_item(discord.ui.Separator())
    return container


def _finished(container: _Container, person: str, mixes: Sequence[NamedMix], current: str) -> _View:
    container.add_item(discord.ui.ActionRow(MixChoice(person, mixes, current)))
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(container)
    return view


def _contents(mix: NamedMix) -> str:
    new = len(mix.items) - mix.known
    return f"{mix.known} you know, {new} new: {', '.join(mix.tags)}"


def _pages(mix: NamedMix) -> list[list[str]]:
    """Lines by page: ten at most, and no more than fit; long addresses make shorter pages."""
    pages: list[list[str]] = [[]]
    for number, item in enumerate(mix.items, start=1):
        line = _line(number, item)
        full = len(pages[-1]) == PER_PAGE
        if full or sum(map(len, pages[-1])) + len(line) > PAGE_CHARACTERS:
            pages.append([])
        pages[-1].append(line)
    return pages


def _line(number: int, item: MixLine) -> str:
    artist, reason = _plain(item.artist), _plain(item.reason)
    heard = f"{link(_short(item.track), item.link)} by {artist}"
    line = heard if item.track else link(_short(item.artist), item.link)
    if len(line) > LONGEST_LINE:
        line = f"{_plain(item.track)} by {artist}" if item.track else artist
    return f"**{number}.** {line}\n-# {reason}"


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1].rstrip() + "…"


def _plain(text: str) -> str:
    return discord.utils.escape_markdown(_short(text))


def _own(interaction: Interaction, person: str) -> str:
    if str(interaction.user.id) != person:
        raise UserError("These mixes belong to somebody else; get your own with /mix.")
    return member_id(interaction)


class MixChoice(
    Pressable[discord.ui.Select[Any]],
    template=rf"mix:open:{_MEMBER}",
):
    """The select of a person's mixes; only they may open one."""

    def __init__(self, member: str, mixes: Sequence[NamedMix] = (), current: str = "") -> None:
        select: discord.ui.Select[Any] = discord.ui.Select(
            placeholder="Open a mix",
            options=[
                discord.SelectOption(
                    label=mix.name[:MAX_CHOICE_CHARACTERS],
                    value=mix.id,
                    description=_contents(mix)[:MAX_CHOICE_CHARACTERS],
                    default=mix.id == current,
                )
                for mix in mixes
            ],
            custom_id=f"mix:open:{member}",
        )
        super().__init__(select)
        self._person = member

    async def press(self, interaction: Interaction) -> None:
        member = _own(interaction, self._person)
        work = interaction.client.services.mixes.find(member, self.item.values[0])
        mix, mixes = await in_time(interaction, work, thinking=False)
        await update(interaction, opened(self._person, mix, mixes))


class MixPage(
    Pressable[discord.ui.Button[Any]],
    template=rf"mix:page:{_MEMBER}:{_MIX}:(?P<page>\d{{1,2}})",
):
    """Turns to another page of the opened mix."""

    def __init__(
        self, member: str, mix: str, page: int | str, label: str = "Page", *, disabled: bool = False
    ) -> None:
        button: discord.ui.Button[Any] = discord.ui.Button(
            label=label, disabled=disabled, custom_id=f"mix:page:{member}:{mix}:{page}"
        )
        super().__init__(button)
        self._person, self._mix_id, self._page = member, mix, int(page)

    async def press(self, interaction: Interaction) -> None:
        member = _own(interaction, self._person)
        work = interaction.client.services.mixes.find(member, self._mix_id)
        mix, mixes = await in_time(interaction, work, thinking=False)
        await update(interaction, opened(self._person, mix, mixes, self._page))
