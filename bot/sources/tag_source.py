"""What a source of artists' tags is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

LONGEST_TAG: Final = 60
MOST_TAGS: Final = 200
HEAVIEST: Final = 1e6


@dataclass(frozen=True, slots=True)
class TagAnswer:
    """What a source says of an artist's name: ``tags`` (tag -> how strongly, on its own scale),
    none when it knows no such artist or nothing about them; ``mbid``, its MusicBrainz id, if known;
    ``ambiguous`` when several artists have the name and none is clearly meant."""

    tags: Mapping[str, float] = field(default_factory=dict)
    mbid: str | None = None
    ambiguous: bool = False


class TagSource(Protocol):
    """A service that tells tags of artists."""

    @property
    def name(self) -> str:
        """Its name, for logs and metrics."""

    async def look_up(self, artist: str, mbid: str | None) -> TagAnswer:
        """What is known of ``artist``; ``mbid`` is what a source before this one called them.

        MUST make at most one request (a lost connection may be tried once more). MUST NOT answer
        with tags of an artist of another name: a wrong tag is worse than none. Raises TryLater, and
        nothing else, when there is no answer to be had now.
        """


def read_tags(rows: Any, name: str, weight: str) -> dict[str, float]:
    """Tags out of a list of objects; rows of another shape are left out."""
    found: dict[str, float] = {}
    for row in rows[:MOST_TAGS] if isinstance(rows, list) else ():
        if not isinstance(row, dict):
            continue
        tag, count = row.get(name), row.get(weight)
        if isinstance(tag, str) and 0 < len(tag) <= LONGEST_TAG and isinstance(count, int | float):
            found[tag] = min(float(count), HEAVIEST)
    return {tag: count for tag, count in found.items() if count > 0.0}


def whole_address(base: str, usual_path: str) -> str:
    """``base`` without a trailing slash; a bare host gets the service's usual path."""
    trimmed = base.rstrip("/")
    return trimmed if trimmed.count("/") > 2 else trimmed + usual_path
