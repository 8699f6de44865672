"""What is held on a person, as a card for them alone: to look at, to take back, to be rid of."""

from __future__ import annotations

from typing import Any, Final

import discord

from bot.services import Holdings, Mark
from bot.services.holders import MARK_NAMES, day
from bot.services.privacy import EXPORT_NAME
from cogs.host import Interaction, member_id
from cogs.ui.answers import answer, as_file, in_time, update
from cogs.ui.cards import ACCENT
from cogs.ui.press import Pressable

PER_PAGE: Final = 15
MOST_NAME: Final = 60
MEGABYTE: Final = 2**20
_FACES: Final[dict[str, str]] = {
    "add": "➕",
    "up": "👍",
    "known": "☑️",
    "down": "👎",
    "liked": "👍",
}
_NOTHING: Final = (
    "Nothing. What you import with /taste import, add with /taste add or vote on would stand here."
)
_ASKING: Final = (
    "## Delete everything?\nYour imported listening, the artists you added, your votes and the"
    " lists I remember are gone at once, and cannot be brought back. The recommender then learns"
    " anew without them. Messages I posted stay until they are deleted on Discord."
)
_GONE: Final = (
    "## Everything is deleted\nNothing of you is held here any more. The recommender learns anew"
    " without it within minutes."
)


def holdings_card(held: Holdings, page: int = 0, note: str = "") -> discord.ui.LayoutView:
    """All that is held, and a page of adds and votes, counted from 0, each to be taken back."""
    last = max(0, (len(held.marks) - 1) // PER_PAGE)
    page = min(page, last)
    shown = held.marks[page * PER_PAGE : (page + 1) * PER_PAGE]
    container: discord.ui.Container[Any] = discord.ui.Container(accent_colour=ACCENT)
    container.add_item(discord.ui.TextDisplay(_summary(held, note)))
    if shown:
        container.add_item(discord.ui.Separator())
        container.add_item(discord.ui.TextDisplay(_listed(shown, page, last)))
        container.add_item(discord.ui.ActionRow(UndoChoice(page, shown)))
    if last:
        container.add_item(
            discord.ui.ActionRow(
                HeldPage(max(page - 1, 0), "Newer", disabled=page == 0),
                HeldPage(min(page + 1, last), "Older", disabled=page == last),
            )
        )
    if held.parts:
        container.add_item(discord.ui.Separator())
        container.add_item(discord.ui.ActionRow(PrivacyButton("export"), PrivacyButton("ask")))
    return _view(container)


def asking_card() -> discord.ui.LayoutView:
    """The one question before everything goes."""
    container: discord.ui.Container[Any] = discord.ui.Container(accent_colour=ACCENT)
    container.add_item(discord.ui.TextDisplay(_ASKING))
    container.add_item(discord.ui.ActionRow(PrivacyButton("delete"), PrivacyButton("keep")))
    return _view(container)


async def send_export(interaction: Interaction) -> None:
    """Hands the person a zip of everything held, where Discord takes one that large."""
    privacy = interaction.client.services.privacy
    work = privacy.export(member_id(interaction))
    data = await in_time(interaction, work, ephemeral=True)
    if len(data) > interaction.filesize_limit:
        said = (
            f"Your data is {len(data) / MEGABYTE:.1f} MB, more than can be sent here: ask in a"
            " server with a higher upload limit, or ask whoever runs me for it."
        )
        await answer(interaction, said, ephemeral=True)
        return
    said = "Everything I hold on you. README.txt in it says what each file is."
    await answer(interaction, said, files=[as_file(EXPORT_NAME, data)], ephemeral=True)


def _view(container: discord.ui.Container[Any]) -> discord.ui.LayoutView:
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(container)
    return view


def _summary(held: Holdings, note: str) -> str:
    lines = ["## What I hold on you"]
    if note:
        lines.append(f"-# {note}")
    for part in held.parts:
        since = f" since <t:{round(part.since)}:D>" if part.since is not None else ""
        lines.append(f"**{part.title}**{since}\n{discord.utils.escape_markdown(part.text)}")
    return "\n".join(lines if held.parts else [*lines, _NOTHING])


def _listed(marks: tuple[Mark, ...], page: int, last: int) -> str:
    where = f" · page {page + 1} of {last + 1}" if last else ""
    head = f"**Newest first**{where}"
    lines = [
        f"{_FACES[mark.kind]} {discord.utils.escape_markdown(_short(mark.artist))}"
        f" · {MARK_NAMES[mark.kind]} · <t:{round(mark.at)}:d>"
        for mark in marks
    ]
    return "\n".join([head, *lines])


def _short(name: str) -> str:
    return name if len(name) <= MOST_NAME else name[: MOST_NAME - 1].rstrip() + "…"


class UndoChoice(Pressable[discord.ui.Select[Any]], template=r"priv:undo:(?P<page>\d{1,4})"):
    """Takes back the add or vote that is chosen."""

    def __init__(self, page: int | str, marks: tuple[Mark, ...] = ()) -> None:
        select: discord.ui.Select[Any] = discord.ui.Select(
            placeholder="Take one back",
            options=[
                discord.SelectOption(
                    label=_short(mark.artist),
                    value=mark.id,
                    description=f"{MARK_NAMES[mark.kind]}, {day(mark.at)}",
                    emoji=_FACES[mark.kind],
                )
                for mark in marks
            ],
            custom_id=f"priv:undo:{page}",
        )
        super().__init__(select)
        self._page = int(page)

    async def press(self, interaction: Interaction) -> None:
        work = self._undone(interaction, self.item.values[0])
        note, held = await in_time(interaction, work, thinking=False)
        await update(interaction, holdings_card(held, self._page, note))

    async def _undone(self, interaction: Interaction, mark_id: str) -> tuple[str, Holdings]:
        privacy = interaction.client.services.privacy
        mark = await privacy.undo(member_id(interaction), mark_id)
        note = "That one did not stand any more."
        if mark is not None:
            name = discord.utils.escape_markdown(_short(mark.artist))
            note = f"Taken back: {MARK_NAMES[mark.kind]}, {name}. Your next list knows."
        return note, await privacy.show(member_id(interaction))


class HeldPage(Pressable[discord.ui.Button[Any]], template=r"priv:page:(?P<page>\d{1,4})"):
    """Turns to another page of adds and votes."""

    def __init__(self, page: int | str, label: str = "Page", *, disabled: bool = False) -> None:
        button: discord.ui.Button[Any] = discord.ui.Button(
            label=label, disabled=disabled, custom_id=f"priv:page:{page}"
        )
        super().__init__(button)
        self._page = int(page)

    async def press(self, interaction: Interaction) -> None:
        work = interaction.client.services.privacy.show(member_id(interaction))
        held = await in_time(interaction, work, thinking=False)
        await update(interaction, holdings_card(held, self._page))


_BUTTONS: Final = {
    "export": ("Download all of it", discord.ButtonStyle.secondary),
    "ask": ("Delete everything", discord.ButtonStyle.danger),
    "delete": ("Yes, delete everything", discord.ButtonStyle.danger),
    "keep": ("Keep it", discord.ButtonStyle.secondary),
}


class PrivacyButton(
    Pressable[discord.ui.Button[Any]], template=rf"priv:(?P<action>{'|'.join(_BUTTONS)})"
):
    """What can be done with all of it at once; it is always the presser's own."""

    def __init__(self, action: str) -> None:
        label, style = _BUTTONS[action]
        button: discord.ui.Button[Any] = discord.ui.Button(
            label=label, style=style, custom_id=f"priv:{action}"
        )
        super().__init__(button)
        self._action = action

    async def press(self, interaction: Interaction) -> None:
        if self._action == "export":
            await send_export(interaction)
        elif self._action == "ask":
            await update(interaction, asking_card())
        elif self._action == "delete":
            await self._delete(interaction)
        else:
            work = interaction.client.services.privacy.show(member_id(interaction))
            await update(
                interaction, holdings_card(await in_time(interaction, work, thinking=False))
            )

    async def _delete(self, interaction: Interaction) -> None:
        work = interaction.client.services.privacy.delete(member_id(interaction))
        await in_time(interaction, work, thinking=False)
        container: discord.ui.Container[Any] = discord.ui.Container(accent_colour=ACCENT)
        container.add_item(discord.ui.TextDisplay(_GONE))
        await update(interaction, _view(container))
