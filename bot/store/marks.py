"""Marks: what a member said of an artist, when, and how it came in."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final, Literal, get_args

Kind = Literal["add", "up", "known", "down", "liked"]

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
VOTES: Final[frozenset[Kind]] = frozenset({"up", "known", "down"})
_ID_DIGITS: Final = 16


@dataclass(frozen=True, slots=True)
class Mark:
    """One add or vote, made ``at`` (seconds since 1970).

    "liked" is an add or a thumb up from before the two were told apart; ``at`` of what has no time
    of its own is when it was found.
    """

    kind: Kind
    artist: str
    at: float

    @property
    def id(self) -> str:
        """A short name for it, the same as long as it stands."""
        return hashlib.sha256(entry_of(self.kind, self.artist).encode()).hexdigest()[:_ID_DIGITS]


def entry_of(kind: Kind, artist: str) -> str:
    """How a mark is written in a member's sorted set, whose scores are the times."""
    return f"{kind}:{artist}"


def read_mark(entry: str, at: float) -> Mark:
    """The mark an `entry_of` stands for."""
    kind, _, artist = entry.partition(":")
    return Mark(KINDS[KINDS.index(kind)], artist, at)
