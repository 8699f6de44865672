"""Tags by ListenBrainz: artist metadata, https://listenbrainz.readthedocs.io (metadata API)."""

from __future__ import annotations

from typing import Any, Final

import aiohttp

from bot.sources.fetch import get_json
from bot.sources.tag_source import TagAnswer, read_tags, whole_address
from recommender.names import normalise


class ListenBrainz:
    """The tags of an artist that MusicBrainz has recognised: it is asked by id alone."""

    name: Final = "listenbrainz"

    def __init__(self, session: aiohttp.ClientSession, base: str) -> None:
        self._session = session
        self._url = f"{whole_address(base, '/1')}/metadata/artist/"

    async def look_up(self, artist: str, mbid: str | None) -> TagAnswer:
        """As the protocol says; nothing, without a request, where no id is known."""
        if mbid is None:
            return TagAnswer()
        params = {"artist_mbids": mbid, "inc": "tag"}
        _, document = await get_json(self._session, self._url, params)
        for row in document if isinstance(document, list) else ():
            if isinstance(row, dict) and row.get("artist_mbid") == mbid and _same(row, artist):
                tags = row.get("tag")
                rows = tags.get("artist") if isinstance(tags, dict) else None
                return TagAnswer(read_tags(rows, "tag", "count"), mbid)
        return TagAnswer()


def _same(row: dict[str, Any], artist: str) -> bool:
    """An artist found by an alias has another name here; one by a wrong id has, too."""
    name = row.get("name")
    return not isinstance(name, str) or normalise(name) == normalise(artist)
