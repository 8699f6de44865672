"""Bringing taste in: export files, single artists; and showing what is held."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from bot.services.imports import keep_history
from bot.services.library import Library
from bot.services.members import Members
from bot.services.taste_picture import draw_taste
from bot.services.tastes import MemberTaste, Tastes
from bot.sources.isolated import parse_isolated
from bot.sources.report import ImportReport
from bot.store.store import Store
from recommender.catalogue import Catalogue

SHOWN_ARTISTS = 10
SHOWN_TAGS = 10
MOST_READERS = 2  # files read at once, each in a process of up to a gigabyte


@dataclass(frozen=True, slots=True)
class Taste:
    """What is held on a member, to look at: ``picture`` is a PNG, ``text`` says the same in words.

    ``artists`` come with plays, ``tags`` with their share 0..1, ``sources`` with what each gave.
    """

    artists: tuple[tuple[str, float], ...]
    tags: tuple[tuple[str, float], ...]
    sources: tuple[tuple[str, int], ...]
    picture: bytes
    text: str


class Listening:
    """`/taste` and `nightjar import`."""

    def __init__(self, store: Store, library: Library, tastes: Tastes, members: Members) -> None:
        self._store = store
        self._library = library
        self._tastes = tastes
        self._members = members
        self._readers = asyncio.Semaphore(MOST_READERS)

    async def import_file(self, member: str, filename: str, data: bytes) -> ImportReport:
        """Reads an export and adds it to what is held; the same file twice changes nothing.

        The raw file is parsed in a process of its own and kept nowhere. UserError says what is
        wrong with a file that cannot be used; what was held before then stays as it was.
        """
        stay = self._members.stay(member)
        async with self._readers:
            parsed = await parse_isolated(filename, data)
        async with self._members.lock(member):
            stay.check()
            await keep_history(self._store, member, parsed)
        return parsed.report

    async def add(self, member: str, text: str) -> str:
        """Adds an artist; returns the name understood, UserError with the nearest ones."""
        artist = await self._library.artist(text)
        async with self._members.lock(member):
            await self._tastes.add(member, artist)
        return artist

    def suggest(self, typed: str) -> list[str]:
        """Artists whose name begins like the half-typed text, from memory."""
        return self._library.suggest(typed)

    async def show(self, member: str) -> Taste:
        """Everything held on the member's taste."""
        taste = await self._tastes.read(member)
        return await asyncio.to_thread(_show, taste, self._library.catalogue)


def _show(taste: MemberTaste, catalogue: Catalogue) -> Taste:
    by_plays = sorted(taste.plays.items(), key=lambda item: (-item[1], item[0]))
    artists = tuple(by_plays[:SHOWN_ARTISTS])
    added = {artist: 1.0 for artist in taste.liked if artist not in taste.plays}
    tags = tag_shares({**taste.plays, **added}, catalogue)[:SHOWN_TAGS]
    sources = _sources(taste)
    caption = "   ".join(f"{name}: {count:,}" for name, count in sources)
    drawn = artists or tuple(added.items())[:SHOWN_ARTISTS]
    text = _text(taste, artists, tags, sources)
    return Taste(artists, tags, sources, draw_taste(drawn, tags, caption), text)


def tag_shares(plays: Mapping[str, float], catalogue: Catalogue) -> tuple[tuple[str, float], ...]:
    """Each tag's share of the listening, 0..1, from the largest down.

    An artist's plays are split over its tags by their weights; artists without tags do not count.
    """
    shares: defaultdict[str, float] = defaultdict(float)
    for name, count in plays.items():
        artist = catalogue.find(name)
        if artist is None or not artist.tags:
            continue
        whole = sum(artist.tags.values())
        for tag, weight in artist.tags.items():
            shares[tag] += count * weight / whole
    total = sum(shares.values())
    ranked = sorted(shares.items(), key=lambda item: (-item[1], item[0]))
    return tuple((tag, value / total) for tag, value in ranked) if total else ()


def _sources(taste: MemberTaste) -> tuple[tuple[str, int], ...]:
    rows = [
        ("plays imported", round(sum(taste.plays.values()))),
        ("artists", len(taste.plays)),
        ("added or voted up", len(taste.liked)),
        ("known already", len(taste.known.keys() - taste.liked.keys())),
        ("voted down", len(taste.disliked)),
    ]
    return tuple((name, count) for name, count in rows if count)


def _text(
    taste: MemberTaste,
    artists: tuple[tuple[str, float], ...],
    tags: tuple[tuple[str, float], ...],
    sources: tuple[tuple[str, int], ...],
) -> str:
    if not sources:
        return (
            "I hold nothing on your taste yet. Import your Spotify export with /taste import, or"
            " add artists you like with /taste add."
        )
    lines = [", ".join(f"{count:,} {name}" for name, count in sources) + "."]
    if artists:
        lines.append("Most played: " + ", ".join(name for name, _ in artists) + ".")
    if taste.liked:
        lines.append("You like: " + ", ".join(sorted(taste.liked)[:25]) + ".")
    if tags:
        lines.append("In tags: " + ", ".join(f"{tag} {share:.0%}" for tag, share in tags[:6]) + ".")
    lines.append("/privacy show lists all of it, where it is from, and takes back single votes.")
    return "\n".join(lines)
