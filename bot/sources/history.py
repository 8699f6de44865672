"""What is kept of a person's listening: plays a track and year, and nothing about the person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Final, NamedTuple

UNDATED = 0
"""The year of plays whose source says no time (a CSV)."""


class YearPlays(NamedTuple):
    """Plays of at least 30 seconds, short skips, and the plays' milliseconds within one year."""

    year: int
    plays: int
    skips: int
    ms: int


class TrackPlays(NamedTuple):
    """One track: names as somebody wrote them, ``uri`` as a link if known.

    ``saved`` tells that it stands in the person's library; such a track may have no year at all.
    ``counts`` are the fields of its years in turn, years rising: plain numbers, because a long
    history has hundred thousands of them and a garbage collector that visits each stops the bot.
    """

    artist: str
    track: str
    uri: str | None
    saved: bool
    last_played: date | None
    counts: tuple[int, ...]

    @property
    def years(self) -> tuple[YearPlays, ...]:
        return each_year(self.counts)

    @property
    def plays(self) -> int:
        return sum(self.counts[1::_FIELDS])

    @property
    def skips(self) -> int:
        return sum(self.counts[2::_FIELDS])

    @property
    def ms(self) -> int:
        return sum(self.counts[3::_FIELDS])


_FIELDS: Final = len(YearPlays._fields)


@dataclass(frozen=True, slots=True)
class ListeningHistory:
    """Every track once, in a fixed order; equal listening gives equal histories."""

    tracks: tuple[TrackPlays, ...]


def same_track(one: TrackPlays, other: TrackPlays) -> TrackPlays:
    """Two sightings of one track as one. Of each year the larger count stands, not the sum: two
    exports that cover the same year tell of the same plays."""
    later = max(one, other, key=_recency)
    years = {year.year: year for year in one.years}
    for year in other.years:
        known = years.get(year.year, year)
        years[year.year] = YearPlays(year.year, *map(max, year[1:], known[1:]))
    return TrackPlays(
        artist=later.artist,
        track=later.track,
        uri=max(one.uri or "", other.uri or "") or None,
        saved=one.saved or other.saved,
        last_played=later.last_played,
        counts=in_turn(sorted(years.values())),
    )


def each_year(counts: Sequence[int]) -> tuple[YearPlays, ...]:
    """The years of these ``counts``."""
    return tuple(map(YearPlays._make, zip(*[iter(counts)] * _FIELDS, strict=True)))


def in_turn(years: Iterable[YearPlays]) -> tuple[int, ...]:
    """The ``counts`` of these years."""
    return tuple(chain.from_iterable(years))


def in_order(tracks: Iterable[TrackPlays]) -> ListeningHistory:
    """A history of these tracks, which must be different ones."""
    return ListeningHistory(tuple(sorted(tracks, key=lambda track: track[:2])))


def _recency(track: TrackPlays) -> tuple[date, str, str]:
    return track.last_played or date.min, track.artist, track.track
