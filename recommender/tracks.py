"""Well-known tracks of the starter artists: where to begin with somebody one has not heard yet."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from recommender.errors import DataError
from recommender.names import clean, normalise

__all__ = ["Track", "beginnings", "read_tracks", "starter_tracks", "tracks_of"]


@dataclass(frozen=True, slots=True)
class Track:
    """A track by the artist named as the catalogue does; its title as on the record."""

    artist: str
    title: str


def tracks_of(artist: str) -> tuple[Track, ...]:
    """The artist's well-known tracks, the best to begin with first; () where none is known.

    Any spelling with the artist's key will do. The file is read on the first call.
    """
    return _starter_tracks().get(normalise(artist), ())


def starter_tracks() -> tuple[Track, ...]:
    """Every well-known track of the starter artists, each artist's best to begin with first."""
    return tuple(track for tracks in _starter_tracks().values() for track in tracks)


def beginnings(artists: Iterable[str], played: Iterable[str]) -> list[Track | None]:
    """The track to begin with for each artist; None where none is known or where the artist is
    among ``played``: who plays somebody has begun already.
    """
    begun = set(map(normalise, played))
    return [
        next(iter(tracks_of(artist)), None) if normalise(artist) not in begun else None
        for artist in artists
    ]


def read_tracks(lines: Iterable[str]) -> Mapping[str, tuple[Track, ...]]:
    """Tracks by their artist's key, in the order of ``lines`` (CSV with ``artist,track``).

    DataError names the line that lacks one of the two.
    """
    found: dict[str, list[Track]] = {}
    rows = csv.DictReader(lines)
    for row in rows:
        track = Track(clean(row.get("artist") or ""), clean(row.get("track") or ""))
        if not (track.artist and track.title):
            raise DataError(f"Line {rows.line_num} of tracks.csv needs an artist and a track.")
        found.setdefault(normalise(track.artist), []).append(track)
    return {key: tuple(tracks) for key, tracks in found.items()}


@cache
def _starter_tracks() -> Mapping[str, tuple[Track, ...]]:
    file = resources.files("recommender.starter").joinpath("tracks.csv")
    with file.open(encoding="utf-8") as lines:
        return read_tracks(lines)
