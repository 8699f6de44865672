"""Where tags come from of artists that the catalogue does not know.

A source is one module whose class keeps `TagSource`, and a line in `SOURCES`; the contract tests
pick it up there. What is sent is an artist's name, or the id that a source before it gave, and
never who plays them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import aiohttp

from bot.settings import Settings
from bot.sources.lastfm import LastFm
from bot.sources.listenbrainz import ListenBrainz
from bot.sources.musicbrainz import MusicBrainz
from bot.sources.tag_source import TagSource

Opener = Callable[[aiohttp.ClientSession, Settings], TagSource | None]


def _lastfm(session: aiohttp.ClientSession, settings: Settings) -> TagSource | None:
    if settings.lastfm_api_key is None:
        return None
    return LastFm(session, settings.lastfm_api_base, settings.lastfm_api_key)


SOURCES: Final[dict[str, Opener]] = {
    MusicBrainz.name: lambda session, settings: MusicBrainz(session, settings.musicbrainz_api_base),
    ListenBrainz.name: lambda session, settings: ListenBrainz(
        session, settings.listenbrainz_api_base
    ),
    LastFm.name: _lastfm,
}
"""In the order they are asked; the first must recognise an artist. None for one not set up."""


def open_sources(session: aiohttp.ClientSession, settings: Settings) -> tuple[TagSource, ...]:
    """The sources that the settings allow."""
    opened = (opener(session, settings) for opener in SOURCES.values())
    return tuple(source for source in opened if source is not None)
