"""Counting plays: one play at a time in, a history and a report out."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from bot.sources import refusals
from bot.sources.history import (
    UNDATED,
    ListeningHistory,
    TrackPlays,
    YearPlays,
    each_year,
    in_order,
    in_turn,
)
from bot.sources.report import ImportReport, Package
from recommender.names import clean, normalise

MAX_RECORDS: Final = 2_000_000
MAX_TRACKS: Final = 250_000
SHORTEST_PLAY_MS: Final = 30_000

_TRACK_URI: Final = re.compile(r"spotify:track:[0-9A-Za-z]{22}")


@dataclass(slots=True)
class _Track:
    artist: str
    track: str
    uri: str | None = None
    saved: bool = False
    last_played: date | None = None
    counts: list[int] = field(default_factory=list)

    def add(self, day: date | None, plays: int, skips: int, ms: int) -> None:
        """Adds to the counts of the day's year, which stand in turn as they came."""
        year = UNDATED if day is None else day.year
        at = 0
        while at < len(self.counts) and self.counts[at] != year:
            at += len(YearPlays._fields)
        if at == len(self.counts):
            self.counts += (year, 0, 0, 0)
        self.counts[at + 1] += plays
        self.counts[at + 2] += skips
        self.counts[at + 3] += ms

    def seen(self, day: date | None, uri: str | None) -> None:
        newer = day is not None and (self.last_played is None or day >= self.last_played)
        if uri is not None and (newer or self.uri is None):
            self.uri = uri
        if newer:
            self.last_played = day

    def frozen(self) -> TrackPlays:
        counts = in_turn(sorted(each_year(self.counts)))
        return TrackPlays(self.artist, self.track, self.uri, self.saved, self.last_played, counts)


class Tally:
    """Adds up plays by track. Spellings that differ in case, accents or a guest are one track.

    Raises UserError beyond two million records or a quarter million tracks.
    """

    def __init__(self) -> None:
        self._tracks: dict[tuple[str, str], _Track] = {}
        self._by_spelling: dict[tuple[str, str], _Track | None] = {}
        self._heard: set[int] = set()
        self._records = 0
        self._skipped: Counter[str] = Counter()

    def drop(self, reason: str) -> None:
        """A record that is no play of a song, and why."""
        self._next_record()
        self._skipped[reason] += 1

    def is_repeated(self, *identity: object) -> bool:
        """Whether a record like this was already heard; remembers it."""
        mark = hash(identity)
        if mark in self._heard:
            return True
        self._heard.add(mark)
        return False

    def play(
        self, artist: str, track: str, *, day: date | None, ms: int = 0, uri: str | None = None,
        count: int = 1,
    ) -> None:  # fmt: skip
        """``count`` plays of at least 30 seconds, ``ms`` milliseconds in all."""
        entry = self._entry(artist, track)
        if entry is None:
            self.drop("without artist or title")
            return
        self._next_record()
        entry.seen(day, _link(uri))
        entry.add(day, count, 0, ms)

    def skip(self, artist: str, track: str, *, day: date, uri: str | None = None) -> None:
        """A song that was skipped before 30 seconds were over."""
        entry = self._entry(artist, track)
        if entry is None:
            self.drop("without artist or title")
            return
        self.drop("skipped within 30 seconds")
        if entry.uri is None:
            entry.uri = _link(uri)
        entry.add(day, 0, 1, 0)

    def save(self, artist: str, track: str, uri: str | None) -> None:
        """A song in the person's library."""
        entry = self._entry(artist, track)
        if entry is not None:
            self._next_record()
            entry.saved = True
            entry.uri = entry.uri or _link(uri)

    def history(self) -> ListeningHistory:
        """Everything counted."""
        return in_order(track.frozen() for track in self._tracks.values())

    def report(self, package: Package) -> ImportReport:
        """The counts; NothingFound when neither a play nor a saved song is among them."""
        years: Counter[int] = Counter()
        played = []
        for track in self._tracks.values():
            told = each_year(track.counts)
            if any(year.plays for year in told):
                played.append(track)
                years.update({year.year: year.plays for year in told})
        saved = sum(track.saved for track in self._tracks.values())
        if not played and not saved:
            raise refusals.nothing_heard()
        dated = sorted(year for year, plays in years.items() if year != UNDATED and plays)
        return ImportReport(
            package=package,
            plays=years.total(),
            artists=len({normalise(track.artist) for track in played}),
            tracks=len(played),
            saved=saved,
            first_year=dated[0] if dated else None,
            last_year=dated[-1] if dated else None,
            skipped=dict(self._skipped.most_common()),
            years={year: years[year] for year in dated},
        )

    def _next_record(self) -> None:
        self._records += 1
        if self._records > MAX_RECORDS:
            raise refusals.too_large()

    def _entry(self, artist: str, track: str) -> _Track | None:
        spelling = (artist, track)
        if spelling not in self._by_spelling:
            self._by_spelling[spelling] = self._new_spelling(clean(artist), clean(track))
        return self._by_spelling[spelling]

    def _new_spelling(self, artist: str, track: str) -> _Track | None:
        key = (normalise(artist), normalise(track))
        if not key[0]:
            return None
        if len(self._by_spelling) >= MAX_TRACKS:
            raise refusals.too_large()
        return self._tracks.setdefault(key, _Track(artist, track))


def _link(uri: str | None) -> str | None:
    return uri if uri is not None and _TRACK_URI.fullmatch(uri) else None
