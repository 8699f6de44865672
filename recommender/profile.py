"""What is known of a member when they ask: plays, votes and the artists they named, weighed and
resolved.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np

from recommender.arrays import Doubles, Positions
from recommender.discography import Titles
from recommender.errors import DataError
from recommender.names import NameIndex, clean, normalise
from recommender.plays import MAX_COUNT, TrackName, with_tracks

Kind = Literal["play", "know", "like", "seed"]
Said = Collection[str] | Mapping[str, float]
"""Names, or names with the share 0..1 of its weight that each has left."""

SAID_AS_PLAYS: Final[Mapping[Kind, float]] = {"know": 3.0, "like": 20.0, "seed": 20.0}
LEAST_SHARE: Final = 1e-6
DISLIKED: Final = -0.5
SEEDS_SHARE: Final = 0.8


@dataclass(frozen=True, slots=True)
class Profile:
    """A member by artist names: ``plays`` (name -> count), ``likes`` and ``dislikes`` they voted or
    added, ``known`` ones they need not be shown, ``seeds`` they asked to hear more like. ``tracks``
    divides the plays over tracks, as far as known ((artist, title) -> count); an artist who stands
    there alone counts with the sum. ``recent`` is what they were shown of late: (artist, title), or
    (artist, "") for the artist. Any part may be empty.
    """

    plays: Mapping[str, float] = field(default_factory=dict)
    likes: Said = ()
    known: Said = ()
    dislikes: Said = ()
    seeds: Collection[str] = ()
    tracks: Mapping[TrackName, float] = field(default_factory=dict)
    recent: Collection[TrackName] = ()


def _nothing() -> Positions:
    return np.zeros(0, dtype=np.int64)


def _no_weights() -> Doubles:
    return np.zeros(0)


@dataclass(frozen=True, slots=True)
class Listened:
    """A profile as a model sees it. ``items`` are distinct and ascending; ``weights`` > 0 say how
    much each counts; ``labels`` are the member's own spellings, ``kinds`` how each came in.
    ``disliked`` lowers its neighbours, each by its share 0..1 in ``dislike``; neither it nor
    ``hidden`` is ever recommended; ``unknown`` are names the model has never met. ``tracks``
    are known tracks of the list, distinct and ascending, with their weights and, in ``owners``, the
    entry of the list that each belongs to; ``recent`` are artists and ``recent_tracks`` tracks that
    were shown of late.
    """

    items: Positions
    weights: Doubles
    labels: tuple[str, ...]
    kinds: tuple[Kind, ...]
    disliked: Positions
    dislike: Doubles
    hidden: Positions
    unknown: tuple[str, ...]
    tracks: Positions = field(default_factory=_nothing)
    track_weights: Doubles = field(default_factory=_no_weights)
    owners: Positions = field(default_factory=_nothing)
    recent: Positions = field(default_factory=_nothing)
    recent_tracks: Positions = field(default_factory=_nothing)

    @property
    def seeds(self) -> Positions:
        seeds: Positions = self.items[np.array([kind == "seed" for kind in self.kinds], dtype=bool)]
        return seeds


@dataclass(slots=True)
class _Entry:
    label: str
    kind: Kind
    plays: float = 0.0
    said: float = 0.0  # the weight of what was said of the artist


def listen(profile: Profile, index: NameIndex, titles: Titles | None = None) -> Listened:
    """Resolve ``profile`` against a model's artists and their tracks' ``titles``; DataError when
    no artist of it is known.
    """
    titles = titles or Titles.none()
    entries: dict[int, _Entry] = {}
    plays = with_tracks(profile.plays, profile.tracks)
    seeded = _positions(dict.fromkeys(profile.seeds, 1.0), index)
    disliked = {
        item: share
        for item, share in _positions(_shares(profile.dislikes), index).items()
        if item not in seeded
    }
    unknown = _add_plays(entries, plays, index, disliked)
    unknown += _add_said(entries, profile.known, "know", index, disliked)
    unknown += _add_said(entries, profile.likes, "like", index, disliked)
    unknown_seeds = _add_said(entries, profile.seeds, "seed", index, {})
    if unknown_seeds and len(unknown_seeds) == len(profile.seeds):
        raise DataError(_nobody_called(unknown_seeds[0], index))
    if not entries:
        raise DataError(_nothing_known(unknown, index))
    items = sorted(entries)
    found = [entries[item] for item in items]
    weights = _weights(found)
    tracks, track_weights, owners = _tracks(profile.tracks, index, titles, items, found, weights)
    shown, shown_tracks = _recent(profile.recent, index, titles)
    return Listened(
        items=np.array(items, dtype=np.int64),
        weights=weights,
        labels=tuple(entry.label for entry in found),
        kinds=tuple(entry.kind for entry in found),
        disliked=np.array(sorted(disliked), dtype=np.int64),
        dislike=np.array([disliked[item] for item in sorted(disliked)], dtype=np.float64),
        hidden=np.array(sorted(_positions(_shares(profile.known), index)), dtype=np.int64),
        unknown=tuple(dict.fromkeys([*unknown, *unknown_seeds])),
        tracks=tracks,
        track_weights=track_weights,
        owners=owners,
        recent=shown,
        recent_tracks=shown_tracks,
    )


def _shares(said: Said) -> Mapping[str, float]:
    return said if isinstance(said, Mapping) else dict.fromkeys(said, 1.0)


def _positions(shares: Mapping[str, float], index: NameIndex) -> dict[int, float]:
    """The known artists, each with the largest share any of its spellings has."""
    found: dict[int, float] = {}
    for name, share in shares.items():
        if (item := index.get(name)) is not None:
            found[item] = max(found.get(item, 0.0), min(share, 1.0))
    return found


def _add_plays(
    entries: dict[int, _Entry],
    plays: Mapping[str, float],
    index: NameIndex,
    disliked: Collection[int],
) -> list[str]:
    """Add the known artists (spellings of one summed), give back the others' names."""
    unknown = []
    for name, count in plays.items():
        if not 0.0 < count < math.inf:
            continue
        item, times = index.get(name), float(min(count, MAX_COUNT))
        if item is None:
            unknown.append(name)
        elif item in entries:
            entries[item].plays += times
        elif item not in disliked:
            entries[item] = _Entry(name, "play", times)
    return unknown


def _add_said(
    entries: dict[int, _Entry],
    said: Said,
    kind: Kind,
    index: NameIndex,
    disliked: Collection[int],
) -> list[str]:
    """Raise what was said to its weight, give back the names nobody knows.

    The strongest word for an artist is the one that stands: seed, like, play, know.
    """
    unknown = []
    for name, share in _shares(said).items():
        item = index.find(name) if kind == "seed" else index.get(name)
        if item is None:
            unknown.append(name)
        elif item not in disliked:
            label = index.names[item] if kind == "seed" else name
            entry = entries.setdefault(item, _Entry(label, kind))
            weight = math.log1p(SAID_AS_PLAYS[kind]) * min(max(share, LEAST_SHARE), 1.0)
            entry.said = max(entry.said, weight)
            if kind != "know":
                entry.label, entry.kind = label, kind
    return unknown


def _weights(entries: list[_Entry]) -> Doubles:
    """Evidence per artist: ``log(1 + plays)``, where a like or a seed counts as 20 plays at least
    and "know it" as 3, times what is left of it (``SAID_AS_PLAYS``). Seeds beside other artists
    carry ``SEEDS_SHARE`` of the whole.

    No weight depends on the rest of the list, so what one artist does to a score can be told
    exactly by leaving it out; plays relative to the list's mean, which EASE is trained on, measured
    no better here.
    """
    plays = np.array([entry.plays for entry in entries], dtype=np.float64)
    said = np.array([entry.said for entry in entries], dtype=np.float64)
    weights: Doubles = np.maximum(np.log1p(plays), said)
    seeds = np.array([entry.kind == "seed" for entry in entries], dtype=bool)
    if seeds.any() and not seeds.all():
        rest = weights[~seeds].sum()
        weights[~seeds] *= weights[seeds].sum() * (1.0 - SEEDS_SHARE) / SEEDS_SHARE / rest
    return weights


def _tracks(
    plays: Mapping[TrackName, float],
    index: NameIndex,
    titles: Titles,
    items: list[int],
    entries: list[_Entry],
    weights: Doubles,
) -> tuple[Positions, Doubles, Positions]:
    """Known tracks of the list's artists, what each counts, and whose entry it belongs to.

    A track weighs ``log(1 + plays)``, raised or lowered as its artist's entry is by a like or by
    seeds.
    """
    row_of = {item: row for row, item in enumerate(items)}
    sums: dict[int, float] = {}
    for (artist, title), count in plays.items():
        item = index.get(artist)
        track = titles.find(item, title) if item in row_of and item is not None else None
        if track is not None and 0.0 < count < math.inf:
            sums[track] = sums.get(track, 0.0) + float(min(count, MAX_COUNT))
    found = np.array(sorted(sums), dtype=np.int64)
    owners = np.array([row_of[item] for item in titles.artists[found].tolist()], dtype=np.int64)
    heard = np.array([entry.plays for entry in entries])[owners]
    counts = np.array([sums[track] for track in found.tolist()], dtype=np.float64)
    lift = weights[owners] / np.log1p(np.maximum(heard, counts))
    return found, np.log1p(counts) * lift, owners


def _recent(
    shown: Collection[TrackName], index: NameIndex, titles: Titles
) -> tuple[Positions, Positions]:
    artists, tracks = set(), set()
    for artist, title in shown:
        item = index.get(artist)
        track = None if item is None or not title else titles.find(item, title)
        if track is not None:
            tracks.add(track)
        elif item is not None and not title:
            artists.add(item)
    return np.array(sorted(artists), np.int64), np.array(sorted(tracks), np.int64)


def _nobody_called(name: str, index: NameIndex) -> str:
    nearest = [index.names[item] for item in index.nearest(name)]
    if not nearest:
        return f"No artist called {clean(name)!r} is known here yet; name another one you like."
    return f"No artist called {clean(name)!r} is known here yet; did you mean {_either(nearest)}?"


def _nothing_known(unknown: list[str], index: NameIndex) -> str:
    if not unknown:
        return "There is no listening to go by yet; import a history or name an artist you like."
    if len({normalise(name) for name in unknown}) == 1:
        return _nobody_called(unknown[0], index)
    nearest = dict.fromkeys(
        index.names[item] for name in unknown[:50] for item in index.nearest(name, 1)
    )
    hint = f" such as {_either(list(nearest)[:3])}" if nearest else ""
    return (
        f"None of these {len(unknown)} artists is known here yet;"
        f" name one you like{hint} to start from."
    )


def _either(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
