"""A comparison as one message that says at each time as much as both people allow: first a request,
then the tastes side by side, then nothing.

The custom_ids name the two people and nothing else is kept: who has not pressed Allow under this
very message is not compared.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import discord

from bot.errors import UserError
from bot.services import Compared, Shown
from cogs.host import Interaction
from cogs.ui.answers import as_file, in_time, link, update
from cogs.ui.cards import ACCENT
from cogs.ui.press import Pressable

PICTURE: Final = "comparison.png"
VALID: Final = timedelta(days=7)
MOST_CHARACTERS: Final = 1300  # for each of the three lists, of the 4,000 a message has
LONGEST_NAME: Final = 80
_PERSON: Final = r"\d{1,20}"
_View = discord.ui.LayoutView


def request(asker: int, asked: int) -> _View:
    """The card that asks for the other's consent, and says to what."""
    return _card(
        asker,
        asked,
        f"## Compare taste?\n<@{asker}> would like to compare tastes with you, <@{asked}>. If you"
        " allow it, this message will show everybody here how much you two share, artists and tags"
        " you play, and what each of you could show the other.",
        "-# Either of you can take it down again. I keep nothing of it.",
        actions=("allow", "decline"),
    )


def _result(found: Compared, asker: int, asked: int) -> _View:
    view = discord.ui.LayoutView(timeout=None)
    container: discord.ui.Container[Any] = discord.ui.Container(accent_colour=ACCENT)
    view.add_item(container)
    container.add_item(
        discord.ui.TextDisplay(
            f"## <@{asker}> and <@{asked}>: {found.share}% in common\n"
            f"-# By artists {found.by_artists:.0%}, by tags {found.by_tags:.0%}, each counts half:"
            " the part of what you play that the other plays as much."
        )
    )
    picture = discord.MediaGalleryItem(f"attachment://{PICTURE}", description=found.text)
    container.add_item(discord.ui.MediaGallery(picture))
    lists = [
        ("You both love", [", ".join(_fitting(map(_plain, found.both)))] if found.both else []),
        (f"<@{asker}> could show <@{asked}>", _offers(found.first_shows)),
        (f"<@{asked}> could show <@{asker}>", _offers(found.second_shows)),
    ]
    for title, lines in lists:
        if lines:
            container.add_item(discord.ui.TextDisplay("\n".join([f"**{title}**", *lines])))
    container.add_item(_row(("hide",), asker, asked))
    return view


def _card(asker: int, asked: int, *texts: str, actions: Sequence[str] = ()) -> _View:
    container: discord.ui.Container[Any] = discord.ui.Container(accent_colour=ACCENT)
    for text in texts:
        container.add_item(discord.ui.TextDisplay(text))
    if actions:
        container.add_item(_row(actions, asker, asked))
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(container)
    return view


def _row(actions: Sequence[str], asker: int, asked: int) -> discord.ui.ActionRow[Any]:
    return discord.ui.ActionRow(*(ComparisonButton(action, asker, asked) for action in actions))


def _offers(offers: Iterable[Shown]) -> list[str]:
    return list(_fitting(map(_offer, offers)))


def _offer(offer: Shown) -> str:
    artist = link(offer.artist, offer.link)
    if len(artist) > MOST_CHARACTERS // 4:
        artist = _plain(offer.artist)
    near = " and ".join(map(_plain, offer.because))
    return f"{artist}, close to {near}" if near else artist


def _fitting(lines: Iterable[str]) -> Iterator[str]:
    """As many lines as there is room for."""
    used = 0
    for line in lines:
        used += len(line) + 2
        if used > MOST_CHARACTERS:
            return
        yield line


def _plain(name: str) -> str:
    short = name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1].rstrip() + "…"
    return discord.utils.escape_markdown(short)


async def _allow(interaction: Interaction, asker: int, asked: int) -> None:
    if interaction.user.id != asked:
        raise UserError("Only the person who was asked can allow this.")
    message = interaction.message
    if message is None or discord.utils.utcnow() - message.created_at > VALID:
        raise UserError("This request is older than a week; ask again with /compare.")
    asking = message.interaction_metadata
    names = (asking.user.display_name if asking else "One", interaction.user.display_name)
    work = interaction.client.services.comparisons.compare(
        f"discord:{asker}", f"discord:{asked}", names
    )
    found = await in_time(interaction, work, thinking=False)
    picture = as_file(PICTURE, found.picture, found.text)
    await update(interaction, _result(found, asker, asked), [picture])


async def _decline(interaction: Interaction, asker: int, asked: int) -> None:
    _one_of_the_two(interaction, asker, asked)
    await update(interaction, _card(asker, asked, "No comparison this time."))


async def _hide(interaction: Interaction, asker: int, asked: int) -> None:
    _one_of_the_two(interaction, asker, asked)
    await update(interaction, _card(asker, asked, "This comparison was taken down."))


def _one_of_the_two(interaction: Interaction, asker: int, asked: int) -> None:
    if interaction.user.id not in (asker, asked):
        raise UserError("This is between two others; ask somebody yourself with /compare.")


@dataclass(frozen=True, slots=True)
class _Action:
    label: str
    style: discord.ButtonStyle
    press: Callable[[Interaction, int, int], Awaitable[None]]


_ACTIONS: Final = {
    "allow": _Action("Allow", discord.ButtonStyle.success, _allow),
    "decline": _Action("No, thanks", discord.ButtonStyle.secondary, _decline),
    "hide": _Action("Take it down", discord.ButtonStyle.secondary, _hide),
}


class ComparisonButton(
    Pressable[discord.ui.Button[Any]],
    template=rf"compare:(?P<action>{'|'.join(_ACTIONS)}):(?P<asker>{_PERSON}):(?P<asked>{_PERSON})",
):
    """A button under a request or a comparison, in any process."""

    def __init__(self, action: str, asker: int | str, asked: int | str) -> None:
        known = _ACTIONS[action]
        button: discord.ui.Button[Any] = discord.ui.Button(
            label=known.label, style=known.style, custom_id=f"compare:{action}:{asker}:{asked}"
        )
        super().__init__(button)
        self._do, self._asker, self._asked = known.press, int(asker), int(asked)

    async def press(self, interaction: Interaction) -> None:
        await self._do(interaction, self._asker, self._asked)
