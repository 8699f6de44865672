"""What is kept of a person's listening: plays a track and year, and nothing about the person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

UNDATED = 0
"""The year of plays whose source says no time (a CSV)."""


class YearPlays(NamedTuple):
    """Plays of at least 30 seconds, short skips, and the plays' milliseconds within one year."""

    year: int
    plays: int
    skips: int
    ms: int


class TrackPlays(NamedTuple):
    """One track: names as somebody wrote them, ``uri`` as a link if known, ``years`` rising.

    ``saved`` tells that it stands in the person's library; such a track may have no year at all.
    """

    artist: str
    track: str
    uri: str | None
    saved: bool
    last_played: date | None
    years: tuple[YearPlays, ...]

    @property
    def plays(self) -> int:
        return sum(year.plays for year in self.years)

    @property
    def skips(self) -> int:
        return sum(year.skips for year in self.years)

    @property
    def ms(self) -> int:
        return sum(year.ms for year in self.years)


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
        years=tuple(sorted(years.values())),
    )


def in_order(tracks: Iterable[TrackPlays]) -> ListeningHistory:
    """A history of these tracks, which must be different ones."""
    return ListeningHistory(tuple(sorted(tracks, key=lambda track: track[:2])))


def _recency(track: TrackPlays) -> tuple[date, str, str]:
    return track.last_played or date.min, track.artist, track.track
