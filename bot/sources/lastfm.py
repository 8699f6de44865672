"""Tags by Last.fm: artist.getTopTags, https://www.last.fm/api/show/artist.getTopTags."""

from __future__ import annotations

from typing import Any, Final

import aiohttp
from pydantic import SecretStr

from bot.sources.fetch import LONGEST_WAIT, TryLater, get_json
from bot.sources.tag_source import TagAnswer, read_tags, whole_address
from recommender.names import normalise

UNKNOWN_ARTIST: Final = 6
REFUSED_KEYS: Final = (4, 10, 26)


class LastFm:
    """The tags of the artist whose name is exactly the one asked for, with the operator's key."""

    name: Final = "lastfm"

    def __init__(self, session: aiohttp.ClientSession, base: str, api_key: SecretStr) -> None:
        self._session = session
        self._url = f"{whole_address(base, '/2.0')}/"
        self._api_key = api_key

    async def look_up(self, artist: str, mbid: str | None) -> TagAnswer:  # noqa: ARG002
        """As the protocol says."""
        params = {
            "method": "artist.gettoptags",
            "artist": artist,
            "autocorrect": "0",
            "api_key": self._api_key.get_secret_value(),
            "format": "json",
        }
        _, document = await get_json(self._session, self._url, params)
        if not isinstance(document, dict):
            raise TryLater("answered something else than an object")
        if "error" in document:
            return _explained(document["error"])
        top = document.get("toptags")
        if not isinstance(top, dict) or not _same(top, artist):
            return TagAnswer()
        rows = top.get("tag")
        return TagAnswer(read_tags([rows] if isinstance(rows, dict) else rows, "name", "count"))


def _explained(code: Any) -> TagAnswer:
    """What an error code of the service means here."""
    if code == UNKNOWN_ARTIST:
        return TagAnswer()
    if code in REFUSED_KEYS:
        raise TryLater("refuses LASTFM_API_KEY; mend or empty it", LONGEST_WAIT)
    raise TryLater(f"reports its error {code!r:.20}")


def _same(top: dict[str, Any], artist: str) -> bool:
    attributes = top.get("@attr")
    name = attributes.get("artist") if isinstance(attributes, dict) else None
    return isinstance(name, str) and normalise(name) == normalise(artist)
