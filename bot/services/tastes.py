"""What is known of a member's taste, put together from imports, adds and votes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.sources.blob import artist_plays, decode_history, track_plays
from bot.sources.history import ListeningHistory
from bot.store.marks import VOTES, Kind, Mark
from bot.store.store import Store
from recommender.memory import left_of_dislike, left_of_like
from recommender.model import Profile
from recommender.plays import TrackName

UP, KNOWN, DOWN = 1, 0, -1
VOTE_KINDS: Final[Mapping[int, Kind]] = {UP: "up", KNOWN: "known", DOWN: "down"}
VOTE_VALUES: Final[Mapping[Kind, int]] = {kind: value for value, kind in VOTE_KINDS.items()}
DAY_SECONDS: Final = 86_400.0


@dataclass(frozen=True, slots=True)
class MemberTaste:
    """``plays`` by artist, imported; ``liked``, ``known``, ``disliked`` from adds and votes, each
    with the share 0..1 of its weight that is left; ``marks`` are those themselves, oldest first.
    ``tracks`` are the plays by (artist, title).
    """

    plays: Mapping[str, float] = field(default_factory=dict)
    liked: Mapping[str, float] = field(default_factory=dict)
    known: Mapping[str, float] = field(default_factory=dict)
    disliked: Mapping[str, float] = field(default_factory=dict)
    marks: Sequence[Mark] = ()
    history: ListeningHistory | None = None
    tracks: Mapping[TrackName, float] = field(default_factory=dict)

    @property
    def said(self) -> int:
        """How many artists were added or voted on."""
        return len(self.liked.keys() | self.known.keys() | self.disliked.keys())


def profile_of(taste: MemberTaste) -> Profile:
    """The taste as a model reads it."""
    return Profile(plays=taste.plays, likes=taste.liked, known=taste.known, dislikes=taste.disliked)


class Tastes:
    """Reads members' tastes from the store, and writes down what they say. ``clock`` tells the
    time in seconds since 1970."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.time) -> None:
        self._store = store
        self._clock = clock

    async def read(self, member: str) -> MemberTaste:
        """The member's taste; everything empty for somebody new."""
        blob = await self._store.tastes.history(member)
        history, plays, tracks = await asyncio.to_thread(_read, blob) if blob else (None, {}, {})
        marks = await self.marks(member)
        liked, known, disliked = _weighed(marks, self._clock())
        return MemberTaste(plays, liked, known, disliked, marks, history, tracks)

    async def marks(self, member: str) -> list[Mark]:
        """The member's adds and votes, the oldest first."""
        return await self._store.tastes.marks(member, self._clock())

    async def add(self, member: str, artist: str) -> None:
        """The member likes this artist, and said so; it counts whole until it is taken back."""
        await self._store.tastes.mark(member, "add", artist, self._clock())

    async def vote(self, member: str, artist: str, value: int) -> int | None:
        """Counts `UP`, `KNOWN` or `DOWN`; the vote that stands already is taken back instead.

        Returns the vote that stands now. An add of the same artist is left alone.
        """
        now, kind = self._clock(), VOTE_KINDS[value]
        if await self._store.tastes.unmark(member, Mark(kind, artist, now)):
            return None
        await self._store.tastes.mark(member, kind, artist, now)
        return value

    async def undo(self, member: str, mark_id: str) -> Mark | None:
        """Takes back the mark of that id; None when it does not stand any more."""
        for mark in await self.marks(member):
            if mark.id == mark_id and await self._store.tastes.unmark(member, mark):
                return mark
        return None


def votes_of(marks: Iterable[Mark]) -> dict[str, int]:
    """The vote on each artist that has one."""
    return {mark.artist: VOTE_VALUES[mark.kind] for mark in marks if mark.kind in VOTES}


def _weighed(
    marks: Iterable[Mark], now: float
) -> tuple[dict[str, float], dict[str, float], dict[str, float]]:
    """What is left of likes, of "know it" and of dislikes, by artist. The latest word on an artist
    decides whether it is for or against."""
    liked: dict[str, float] = {}
    known: dict[str, float] = {}
    disliked: dict[str, float] = {}
    for mark in sorted(marks, key=lambda mark: mark.at):
        days = (now - mark.at) / DAY_SECONDS
        if mark.kind == "down":
            liked.pop(mark.artist, None)
            known.pop(mark.artist, None)
            disliked[mark.artist] = left_of_dislike(days)
            continue
        disliked.pop(mark.artist, None)
        kept = known if mark.kind == "known" else liked
        left = 1.0 if mark.kind == "add" else left_of_like(days)
        kept[mark.artist] = max(kept.get(mark.artist, 0.0), left)
    return liked, known, disliked


def _read(blob: bytes) -> tuple[ListeningHistory, dict[str, float], dict[TrackName, float]]:
    history = decode_history(blob)
    return history, artist_plays(history), track_plays(history)
