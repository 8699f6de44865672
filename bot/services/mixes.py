"""`/mix`: a member's listening as a few named lists. Nothing is kept: a mix is made when asked for,
and comes out the same as long as the listening does."""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from heapq import nsmallest
from typing import Any, Final

from bot.errors import UserError
from bot.refusals import refusals_shown
from bot.services.library import Library
from bot.services.recommendations import listen_link, track_link
from bot.services.tastes import MemberTaste, Tastes, profile_of
from bot.sources.history import ListeningHistory
from recommender.mixes import TRACKS_AN_ARTIST, Heard, MixItem, make_mixes
from recommender.model import Model
from recommender.names import clean, normalise
from recommender.tracks import Track

SPOTIFY_TRACK: Final = re.compile(r"spotify:track:([A-Za-z0-9]{22})")

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class MixLine:
    """An item of a mix: what to hear, why it is here, and ``link`` to hear it. ``track`` is ""
    where only the artist is known."""

    artist: str
    track: str
    known: bool
    reason: str
    link: str


@dataclass(frozen=True, slots=True)
class NamedMix:
    """A mix as it is shown; ``id`` finds it again, ``tags`` say what it sounds like."""

    id: str
    name: str
    tags: tuple[str, ...]
    items: tuple[MixLine, ...]

    @property
    def known(self) -> int:
        """How many items are of the member's own artists."""
        return sum(item.known for item in self.items)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


class Mixes:
    """A member's mixes."""

    def __init__(self, library: Library, tastes: Tastes) -> None:
        self._library = library
        self._tastes = tastes

    async def of(self, member: str) -> tuple[NamedMix, ...]:
        """The member's mixes, the one they play most first; UserError says what to do when too
        little is known of their taste."""
        taste = await self._tastes.read(member)
        if not (taste.plays or taste.liked):
            raise UserError(
                "I do not know your taste yet: import your Spotify export with /taste import, or"
                " add at least three artists you like with /taste add."
            )
        model = await self._library.model()
        with refusals_shown():
            return await asyncio.to_thread(named_mixes, model, taste)

    async def find(self, member: str, mix_id: str) -> tuple[NamedMix, tuple[NamedMix, ...]]:
        """One mix of the member and all of them; UserError once there is no such mix any more."""
        mixes = await self.of(member)
        for mix in mixes:
            if mix.id == mix_id:
                return mix, mixes
        raise UserError("Your listening has moved on and that mix with it; ask for /mix again.")


def named_mixes(model: Model, taste: MemberTaste) -> tuple[NamedMix, ...]:
    """The mixes of a taste, with links; DataError when too few of its artists are known."""
    heard, links = _tracks(taste.history)
    return tuple(
        NamedMix(mix.id, mix.name, mix.tags, tuple(_line(item, links) for item in mix.items))
        for mix in make_mixes(model, profile_of(taste), heard)
    )


def _tracks(
    history: ListeningHistory | None,
) -> tuple[Mapping[str, list[Heard]], Mapping[Key, str]]:
    """Each artist's most played tracks by the artist's key, and links by artist's key and title."""
    heard: defaultdict[str, list[Heard]] = defaultdict(list)
    links: dict[Key, str] = {}
    for track in history.tracks if history else ():
        title, plays = clean(track.track), track.plays
        if title and (plays or track.saved):
            key = normalise(track.artist)
            heard[key].append(Heard(title, plays))
            if track.uri and (found := SPOTIFY_TRACK.fullmatch(track.uri)):
                links[key, title] = f"https://open.spotify.com/track/{found[1]}"
    most_played = {
        key: nsmallest(TRACKS_AN_ARTIST, tracks, key=lambda track: (-track.plays, track.title))
        for key, tracks in heard.items()
    }
    return most_played, links


def _line(item: MixItem, links: Mapping[Key, str]) -> MixLine:
    link = links.get((normalise(item.artist), item.track)) if item.known else None
    if not link:
        sought = Track(item.artist, item.track)
        link = track_link(sought) if item.track else listen_link(item.artist)
    return MixLine(item.artist, item.track, item.known, item.reason, link)
