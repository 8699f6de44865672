"""`/compare`: two members' tastes side by side. Whoever calls this has both their words for it, and
nothing of it is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.errors import UserError
from bot.refusals import refusals_shown
from bot.services.comparison_picture import draw_comparison
from bot.services.library import Library
from bot.services.recommendations import listen_link
from bot.services.tastes import Tastes, profile_of
from recommender.compare import Comparison, Showing, compare, loved
from recommender.model import Model, Profile

LONGEST_ALT: Final = 256  # what Discord takes as a picture's description


@dataclass(frozen=True, slots=True)
class Shown:
    """An artist for the other member, where to hear them, and which of the other's own artists
    speak for it."""

    artist: str
    link: str
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """What two members have in common: ``share`` 0..100, of which ``by_artists`` and ``by_tags``
    (0..1) each give half. ``picture`` is a PNG, ``text`` says in a sentence what it shows."""

    share: int
    by_artists: float
    by_tags: float
    both: tuple[str, ...]
    first_shows: tuple[Shown, ...]
    second_shows: tuple[Shown, ...]
    picture: bytes
    text: str


class Comparisons:
    """Compares members who agreed to it."""

    def __init__(self, library: Library, tastes: Tastes) -> None:
        self._library = library
        self._tastes = tastes

    async def check(self, member: str) -> None:
        """UserError, which says what to do, when nothing of the member's can be compared."""
        await self._known(member, await self._library.model())

    async def compare(self, asker: str, asked: str, names: tuple[str, str]) -> Compared:
        """Both tastes; ``names`` are the people's own. ``asked`` is the one who is spoken to:
        UserError says what they can do when there is nothing to compare."""
        model = await self._library.model()
        second = await self._known(asked, model)
        try:
            first = await self._known(asker, model)
        except UserError as error:
            raise UserError(
                "Nothing of the other taste can be compared any more, so there is nothing to show."
            ) from error
        return await asyncio.to_thread(_compared, model, first, second, names)

    async def _known(self, member: str, model: Model) -> Profile:
        taste = await self._tastes.read(member)
        if not (taste.plays or taste.liked):
            raise UserError(
                "I do not know your taste yet, so there is nothing to compare: add a few artists"
                " with /taste add, or import your Spotify export with /taste import."
            )
        profile = profile_of(taste)
        with refusals_shown():
            loved(model, profile)
        return profile


def _compared(model: Model, first: Profile, second: Profile, names: tuple[str, str]) -> Compared:
    found = compare(model, first, second)
    return Compared(
        share=found.share,
        by_artists=found.by_artists,
        by_tags=found.by_tags,
        both=found.both,
        first_shows=_shown(found.first_shows),
        second_shows=_shown(found.second_shows),
        picture=draw_comparison(found, *names),
        text=_text(found, names),
    )


def _shown(offers: Sequence[Showing]) -> tuple[Shown, ...]:
    return tuple(Shown(o.artist, listen_link(o.artist), o.because) for o in offers)


def _text(found: Comparison, names: tuple[str, str]) -> str:
    """What the picture shows, short enough to be read out."""
    said = f"A map of both tastes, {found.share}% in common. {names[0]}: "
    said += f"{', '.join(found.tags_first[:3])}. {names[1]}: {', '.join(found.tags_second[:3])}."
    return said if len(said) <= LONGEST_ALT else said[: LONGEST_ALT - 1].rstrip() + "…"
