"""What is known of a member's taste, put together from imports, picks and votes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from bot.sources.blob import artist_plays, decode_history
from bot.sources.history import ListeningHistory
from bot.store.store import Store
from recommender.model import Profile


@dataclass(frozen=True, slots=True)
class MemberTaste:
    """``plays`` by artist, imported; ``liked``, ``disliked`` from picks and votes, weights > 0."""

    plays: Mapping[str, float]
    liked: Mapping[str, float]
    disliked: Mapping[str, float]
    history: ListeningHistory | None = None


def profile_of(taste: MemberTaste) -> Profile:
    """The taste as a model reads it."""
    return Profile(plays=taste.plays, likes=taste.liked, dislikes=taste.disliked)


class Tastes:
    """Reads members' tastes from the store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def read(self, member: str) -> MemberTaste:
        """The member's taste; everything empty for somebody new."""
        blob = await self._store.tastes.history(member)
        likes = await self._store.tastes.likes(member)
        history, plays = await asyncio.to_thread(_read, blob) if blob else (None, {})
        return MemberTaste(
            plays=plays,
            liked={artist: value for artist, value in likes.items() if value > 0},
            disliked={artist: -value for artist, value in likes.items() if value < 0},
            history=history,
        )


def _read(blob: bytes) -> tuple[ListeningHistory, dict[str, float]]:
    history = decode_history(blob)
    return history, artist_plays(history)
