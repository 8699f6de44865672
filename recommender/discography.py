"""The tracks of a model: whose they are, what they are called, and what sets each apart from its
artist.

A track is its artist with a little of its own: its vector is the artist's (identity and tags) plus
an identity vector, its EASE score the artist's plus what other tracks say for it. A track nobody
has played yet has no part of its own and stands where its artist does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from scipy import sparse

from recommender.arrays import Flags, Floats, Positions, Rows
from recommender.names import NameIndex, clean, normalise
from recommender.plays import MAX_COUNT, TrackName
from recommender.tracks import Track

MAX_TRACKS_A_LISTENER: Final = 1_000


@dataclass(frozen=True, slots=True)
class Titles:
    """The titles of T tracks, those of one artist side by side and artists in the model's order.

    ``artists`` (T,) positions of artists, ascending; ``keys`` the titles' keys.
    """

    artists: Positions
    names: tuple[str, ...]
    keys: tuple[str, ...]

    @classmethod
    def none(cls) -> Titles:
        return cls(np.zeros(0, dtype=np.int64), (), ())

    def __len__(self) -> int:
        return len(self.names)

    def find(self, artist: int, title: str) -> int | None:
        """The position of that track of the artist (by key), or None."""
        first, last = np.searchsorted(self.artists, (artist, artist + 1)).tolist()
        key = normalise(clean(title)) if first < last else ""
        return next((at for at in range(first, last) if self.keys[at] == key), None)


@dataclass(frozen=True)
class Discography:
    """``titles`` and, for each of T tracks, its own part: ``vectors`` (T, d), ``biases`` (T,) and
    ``neighbours`` T x T EASE rows; how many lists it is in, and whether it may be recommended.

    ``alone`` (artists,): who is listened to as an artist, or has no track anybody plays.
    """

    titles: Titles
    vectors: Floats
    biases: Floats
    neighbours: Rows
    listeners: Floats
    offered: Flags
    alone: Flags

    def __len__(self) -> int:
        return len(self.titles)

    @property
    def artists(self) -> Positions:
        """Whose each track is."""
        return self.titles.artists

    @cached_property
    def covered(self) -> Positions:
        """The tracks that EASE says something of."""
        return np.flatnonzero(np.diff(self.neighbours.starts))


def collect_titles(
    index: NameIndex, known: Iterable[Track], tracks: Mapping[str, Mapping[TrackName, float]]
) -> Titles:
    """The tracks of artists in ``index``: of each artist the ``known`` ones in their order, then
    those only heard, by key.
    """
    found: defaultdict[int, dict[str, str]] = defaultdict(dict)
    for track in known:
        _note(found, index, track.artist, track.title)
    heard: defaultdict[int, dict[str, str]] = defaultdict(dict)
    for listener in sorted(tracks):
        for artist, title in tracks[listener]:
            _note(heard, index, artist, title)
    for item, titles in heard.items():
        found[item] |= {key: titles[key] for key in sorted(titles.keys() - found[item].keys())}
    owners = sorted(item for item, titles in found.items() if titles)
    counts = [len(found[item]) for item in owners]
    return Titles(
        np.repeat(np.array(owners, dtype=np.int64), counts),
        tuple(name for item in owners for name in found[item].values()),
        tuple(key for item in owners for key in found[item]),
    )


def track_matrix(
    index: NameIndex,
    titles: Titles,
    listeners: Sequence[str],
    tracks: Mapping[str, Mapping[TrackName, float]],
) -> Any:
    """``listeners`` x tracks CSR of plays; a listener counts with their ``MAX_TRACKS_A_LISTENER``
    most played tracks.
    """
    place = {
        (artist, key): at
        for at, (artist, key) in enumerate(zip(titles.artists.tolist(), titles.keys, strict=True))
    }
    rows = [_row(index, place, tracks.get(listener, {})) for listener in listeners]
    starts = np.concatenate(([0], np.cumsum([len(row) for row in rows], dtype=np.int64)))
    columns = np.fromiter((track for row in rows for track in row), dtype=np.int32)
    plays = np.fromiter((count for row in rows for count in row.values()), dtype=np.float64)
    return sparse.csr_matrix((plays, columns, starts), shape=(len(rows), len(titles)))


def ownership(artists: Positions, width: int) -> Any:
    """Tracks x ``width`` artists CSR with a one where a track is an artist's."""
    ones = np.ones(len(artists), dtype=np.float32)
    return sparse.csr_matrix(
        (ones, artists.astype(np.int32), np.arange(len(artists) + 1)), shape=(len(artists), width)
    )


def _note(
    found: defaultdict[int, dict[str, str]], index: NameIndex, artist: str, title: str
) -> None:
    item, name = index.get(artist), clean(title)
    key = normalise(name)
    if item is not None and key:
        found[item].setdefault(key, name)


def _row(
    index: NameIndex, place: Mapping[tuple[int, str], int], plays: Mapping[TrackName, float]
) -> dict[int, float]:
    sums: dict[int, float] = {}
    for (artist, title), count in plays.items():
        item = index.get(artist)
        track = None if item is None else place.get((item, normalise(clean(title))))
        if track is not None and 0.0 < count < np.inf:
            sums[track] = sums.get(track, 0.0) + float(min(count, MAX_COUNT))
    strongest = sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))[:MAX_TRACKS_A_LISTENER]
    return dict(sorted(strongest))
