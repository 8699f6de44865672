"""`/recommend` and its buttons: fold in what a member plays and said, rank, explain, remember the
card.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import quote

from bot.errors import NothingFound, UserError
from bot.metrics import Metrics
from bot.refusals import refusals_shown
from bot.services.library import Library, named_artist
from bot.services.members import Members
from bot.services.tastes import DOWN, KNOWN, UP, MemberTaste, Tastes, profile_of, votes_of
from bot.store.store import Store
from recommender.model import Profile, Recommendation
from recommender.tracks import Track, beginnings

MODES = ("familiar", "balanced", "adventurous")
COUNTS = range(1, 11)
_NOTED = {
    UP: "Noted: more music like {}. Your next list leans that way.",
    KNOWN: "Noted: you know {}. It counts a little, and will not come again.",
    DOWN: "Noted: no more {}, and for some weeks less that resembles it.",
}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One line of a card: the artist, where to hear them, and why.

    ``vote`` is the member's on the artist: 1 for 👍, -1 for 👎, 0 for "know it", None without one.

    ``start_with`` is the title to begin with and ``start_link`` where to hear it; both are "" where
    the catalogue knows no track, and for an artist the member plays already.
    """

    rank: int
    artist: str
    link: str
    reason: str
    tags: tuple[str, ...]
    vote: int | None = None
    start_with: str = ""
    start_link: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A recommendation card as it was shown to ``member``; ``basis`` says what it rests on."""

    id: str
    member: str
    mode: str
    basis: str
    items: tuple[Suggestion, ...]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Answer:
        items = tuple(Suggestion(**{**i, "tags": tuple(i["tags"])}) for i in document["items"])
        return cls(**{**document, "items": items})


class Recommendations:
    """Answers with music and a true reason; learns from votes at once."""

    def __init__(
        self, store: Store, library: Library, tastes: Tastes, metrics: Metrics, members: Members
    ) -> None:
        self._metrics = metrics
        self._members = members
        self._store = store
        self._library = library
        self._tastes = tastes

    async def recommend(
        self, member: str, *, like: str | None = None, mode: str = "balanced", count: int = 5
    ) -> Answer:
        """A card for the member, near ``like`` when an artist is named.

        UserError when mode or count are out of range, nobody knows the artist, or nothing is known
        of the member's taste.
        """
        with self._metrics.recommendation(mode):
            return await self._recommend(member, like, mode, count)

    async def _recommend(self, member: str, like: str | None, mode: str, count: int) -> Answer:
        if mode not in MODES:
            raise UserError(f"The mode is one of {', '.join(MODES)}; {mode!r} is not.")
        if count not in COUNTS:
            raise UserError(f"I recommend 1 to {COUNTS[-1]} artists at a time; {count} is outside.")
        model = await self._library.model()
        seeds = (named_artist(model, like),) if like and like.strip() else ()
        stay = self._members.stay(member)
        taste = await self._tastes.read(member)
        profile, basis = _profile(taste, seeds)
        profile = replace(profile, recent=await self._store.tastes.shown(member))
        with refusals_shown():
            found = await asyncio.to_thread(model.recommend, profile, mode=mode, count=count)
        if not found:
            raise NothingFound("I found nothing new for you; try the mode adventurous.")
        items = await asyncio.to_thread(_lines, found, profile)
        answer = Answer(id=secrets.token_hex(6), member=member, mode=mode, basis=basis, items=items)
        async with self._members.lock(member):
            stay.check()
            await self._store.answers.put(answer.id, member, answer.to_json())
            await self._store.tastes.put_shown(member, [(item.artist, "") for item in items])
        return _with_votes(answer, votes_of(taste.marks))

    async def find(self, answer_id: str) -> Answer:
        """A card shown before, with the votes as they are now; UserError once it has been forgotten
        (after a month, or with all else that is held on its member)."""
        document = await self._store.answers.get(answer_id)
        if document is None:
            raise UserError("That list is no longer remembered; ask for a new one with /recommend.")
        answer = Answer.from_json(document)
        return _with_votes(answer, votes_of(await self._tastes.marks(answer.member)))

    async def vote(self, member: str, answer_id: str, rank: int, value: int) -> str:
        """Takes a vote of 1 (👍), 0 ("know it") or -1 (👎) on a line; the same again takes it back.

        Returns what to tell the member. UserError for somebody else's card or an unknown line.
        """
        async with self._members.lock(member):
            answer = await self._own(member, answer_id)
            artist = _line(answer, rank).artist
            kept = await self._tastes.vote(member, artist, value)
        return f"Vote on {artist} taken back." if kept is None else _NOTED[kept].format(artist)

    async def more_like(self, member: str, answer_id: str, rank: int) -> Answer:
        """A new card for the member near one line of an earlier card."""
        answer = await self.find(answer_id)
        item = _line(answer, rank)
        return await self.recommend(
            member, like=item.artist, mode=answer.mode, count=len(answer.items)
        )

    async def _own(self, member: str, answer_id: str) -> Answer:
        answer = await self.find(answer_id)
        if answer.member != member:
            raise UserError("This list belongs to somebody else; get your own with /recommend.")
        return answer


def _profile(taste: MemberTaste, seeds: Sequence[str]) -> tuple[Profile, str]:
    """What the model is asked with, and how to say what that is."""
    if not (seeds or taste.plays or taste.liked or taste.known):
        raise UserError(
            "I do not know your taste yet: name an artist with the option like, add a few with"
            " /taste add, or import your Spotify export with /taste import."
        )
    profile = replace(profile_of(taste), seeds=tuple(seeds))
    return profile, _basis(seeds, len(taste.plays), taste.said)


def _with_votes(answer: Answer, votes: Mapping[str, int]) -> Answer:
    items = tuple(replace(item, vote=votes.get(item.artist)) for item in answer.items)
    return replace(answer, items=items)


def listen_link(artist: str) -> str:
    """Where a person can hear the artist: a search page that needs no account of ours."""
    return f"https://open.spotify.com/search/{quote(artist, safe='')}/artists"


def track_link(track: Track | None) -> str:
    """Where a person can hear the track, found as artists are; "" for no track."""
    if track is None:
        return ""
    sought = quote(f"{track.artist} {track.title}", safe="")
    return f"https://open.spotify.com/search/{sought}/tracks"


def _lines(found: Sequence[Recommendation], profile: Profile) -> tuple[Suggestion, ...]:
    starts = beginnings((r.artist for r in found), profile.plays)
    return tuple(
        Suggestion(
            rank=rank,
            artist=r.artist,
            link=listen_link(r.artist),
            reason=r.reason.text,
            tags=r.reason.tags,
            start_with=start.title if start else "",
            start_link=track_link(start),
        )
        for rank, (r, start) in enumerate(zip(found, starts, strict=True), start=1)
    )


def _line(answer: Answer, rank: int) -> Suggestion:
    for item in answer.items:
        if item.rank == rank:
            return item
    raise UserError(f"That list has {len(answer.items)} lines; there is no number {rank}.")


def _basis(seeds: Sequence[str], played: int, voted: int) -> str:
    known = []
    if played:
        known.append(f"{_artists(played)} you play")
    if voted:
        known.append(f"{voted if played else _artists(voted)} you voted on or added")
    taste = " and ".join(known)
    if seeds:
        near = f"close to {', '.join(seeds)}"
        return f"{near}, with {taste}" if taste else near
    return f"from {taste}"


def _artists(count: int) -> str:
    return f"{count} artist" if count == 1 else f"{count} artists"
