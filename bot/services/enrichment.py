"""Tags for artists that people bring and the catalogue does not know: asked for one a second."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Sequence
from typing import Final

from bot import __version__
from bot.errors import Unavailable
from bot.metrics import Metrics
from bot.settings import Settings
from bot.sources.fetch import TryLater, make_session
from bot.sources.tag_source import TagAnswer, TagSource
from bot.sources.tags import open_sources
from bot.store.artists import ArtistStore
from recommender.vocabulary import in_our_words

log = logging.getLogger(__name__)

BETWEEN_SECONDS = 1.0
"""From one request to a service to the next: MusicBrainz allows one a second."""
IDLE_SECONDS = 15.0
LEAD_MS: Final = 120_000
FIRST_PAUSE: Final = 5.0
LONGEST_PAUSE: Final = 3_600.0
POSTPONE_SECONDS: Final = 3_600.0
ENOUGH_TAGS: Final = 3


class Pace:
    """When a service may be asked again: a moment after the last time, and after its failures once
    they have had time to pass."""

    def __init__(self, source: TagSource) -> None:
        self.source = source
        self._free_at = 0.0
        self._failures = 0

    @property
    def left_alone(self) -> bool:
        """Whether the service has asked, or seems, not to be asked now."""
        return self._failures > 0 and time.monotonic() < self._free_at

    async def look_up(self, artist: str, mbid: str | None) -> TagAnswer:
        """The source's answer, in due time. Raises TryLater as the source does."""
        await asyncio.sleep(max(0.0, self._free_at - time.monotonic()))
        try:
            answer = await self.source.look_up(artist, mbid)
        except TryLater as refusal:
            pause = min(FIRST_PAUSE * 2.0**self._failures, LONGEST_PAUSE)
            self._failures = min(self._failures + 1, 16)
            self._free_at = time.monotonic() + max(pause, refusal.seconds or 0.0)
            raise
        self._failures = 0
        self._free_at = time.monotonic() + BETWEEN_SECONDS
        return answer


class Enrichment:
    """Works through the queue of unknown artists. What it finds is in the next training."""

    def __init__(self, artists: ArtistStore, settings: Settings, metrics: Metrics) -> None:
        self._artists = artists
        self._settings = settings
        self._metrics = metrics
        self._process = secrets.token_hex(8)

    async def run(self) -> None:
        """Looks artists up for ever, in one process however many run; cancel it to stop.

        Returns at once when the operator does not allow it (see ``CONTACT``).
        """
        if not self._settings.looks_up_tags:
            return
        agent = f"Nightjar/{__version__} ( {self._settings.contact} )"
        async with make_session(agent) as session:
            paces = [Pace(source) for source in open_sources(session, self._settings)]
            while True:
                try:
                    worked = await self._turn(paces)
                except Unavailable:
                    worked = False
                if not worked:
                    await asyncio.sleep(IDLE_SECONDS)

    async def _turn(self, paces: Sequence[Pace]) -> bool:
        """Looks one artist up; False when there is nothing to do now."""
        # The later services only add to the first, which must be there to recognise the artist.
        if paces[0].left_alone or not await self._artists.lead(self._process, LEAD_MS):
            return False
        artist = await self._artists.next()
        if artist is None:
            return False
        tags = await self._ask(artist, paces)
        if tags is None:
            await self._artists.postpone(artist, POSTPONE_SECONDS)
        else:
            await self._artists.settle(artist, tags)
        return True

    async def _ask(self, artist: str, paces: Sequence[Pace]) -> dict[str, float] | None:
        """The artist's tags in the catalogue's words; None when somebody has to be asked again."""
        merged: dict[str, float] = {}
        mbid, unheard = None, False
        for pace in paces:
            try:
                answer = await self._answer(pace, artist, mbid)
            except TryLater:
                if pace is paces[0]:
                    return None
                unheard = True
                continue
            if answer.ambiguous:
                return {}
            mbid = mbid or answer.mbid
            for tag, weight in in_our_words(answer.tags).items():
                merged[tag] = max(merged.get(tag, 0.0), weight)
            if len(merged) >= ENOUGH_TAGS:
                break
        return None if unheard and not merged else in_our_words(merged)

    async def _answer(self, pace: Pace, artist: str, mbid: str | None) -> TagAnswer:
        name = pace.source.name
        if pace.left_alone:
            raise TryLater("is left alone")
        try:
            answer = await pace.look_up(artist, mbid)
        except TryLater as refusal:
            log.warning("%s %s; asking again later", name, refusal)
            self._metrics.tag_lookup(name, "later")
            raise
        outcome = "ambiguous" if answer.ambiguous else "found" if answer.tags else "unknown"
        self._metrics.tag_lookup(name, outcome)
        return answer
