"""Tags by MusicBrainz: an artist search, https://musicbrainz.org/doc/MusicBrainz_API/Search."""

from __future__ import annotations

from typing import Any, Final

import aiohttp

from bot.sources.fetch import get_json
from bot.sources.tag_source import TagAnswer, read_tags, whole_address
from recommender.names import normalise

LEAST_SCORE: Final = 90
CLEAR_LEAD: Final = 10
CANDIDATES: Final = "8"


class MusicBrainz:
    """The artist whose name, or another name of theirs, is the one asked for."""

    name: Final = "musicbrainz"

    def __init__(self, session: aiohttp.ClientSession, base: str) -> None:
        self._session = session
        self._url = f"{whole_address(base, '/ws/2')}/artist"

    async def look_up(self, artist: str, mbid: str | None) -> TagAnswer:  # noqa: ARG002
        """As the protocol says. Ambiguous unless one artist of that name leads by ten points."""
        phrase = artist.replace("\\", "\\\\").replace('"', '\\"')
        query = f'artist:"{phrase}" OR alias:"{phrase}"'
        params = {"query": query, "fmt": "json", "limit": CANDIDATES}
        _, document = await get_json(self._session, self._url, params)
        rows = document.get("artists") if isinstance(document, dict) else None
        fitting = _fitting(rows, normalise(artist))
        if not fitting:
            return TagAnswer()
        best = fitting[0]
        if len(fitting) > 1 and best["score"] - fitting[1]["score"] < CLEAR_LEAD:
            return TagAnswer(ambiguous=True)
        found = best.get("id")
        return TagAnswer(
            tags=read_tags(best.get("tags"), "name", "count"),
            mbid=found if isinstance(found, str) else None,
        )


def _fitting(rows: Any, key: str) -> list[dict[str, Any]]:
    """Artists of that name, best first; those only called so by an alias count when there is no
    other."""
    usable = [row for row in rows if _is_usable(row)] if isinstance(rows, list) else []
    usable.sort(key=lambda row: -row["score"])
    named = [row for row in usable if normalise(row["name"]) == key]
    return named or [row for row in usable if key in _aliases(row)]


def _is_usable(row: Any) -> bool:
    return (
        isinstance(row, dict)
        and isinstance(row.get("name"), str)
        and isinstance(row.get("score"), int)
        and row["score"] >= LEAST_SCORE
    )


def _aliases(row: dict[str, Any]) -> set[str]:
    aliases = row.get("aliases")
    return {
        normalise(alias["name"])
        for alias in (aliases if isinstance(aliases, list) else ())
        if isinstance(alias, dict) and isinstance(alias.get("name"), str)
    }
