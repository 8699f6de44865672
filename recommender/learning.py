"""Training, step by step: items, factors, fold-in map, neighbours; then the tracks on top of them.

The artists are learnt from plays summed by artist, and do not depend on the tracks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy import sparse
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from recommender.arrays import Flags, Floats, Positions, Rows
from recommender.catalogue import Catalogue
from recommender.discography import (
    Discography,
    Titles,
    collect_titles,
    ownership,
    track_matrix,
)
from recommender.errors import DataError
from recommender.features import (
    collect_items,
    play_matrix,
    play_rows,
    relative_log_rows,
    tag_circles,
    tag_features,
)
from recommender.foldin import learn_map
from recommender.glance import by_component
from recommender.hybrid import Factors, fit_factors, fit_tracks
from recommender.learnt import Learnt
from recommender.names import NameIndex
from recommender.neighbours import fit_neighbours
from recommender.plays import MAX_COUNT, TrackName, with_tracks
from recommender.recipe import Recipe
from recommender.tracks import Track

Tracks = Mapping[str, Mapping[TrackName, float]]

CLEARLY: Final = 1.0 - 1e-6


def learn(
    catalogue: Catalogue,
    listeners: Mapping[str, Mapping[str, float]],
    *,
    tracks: Tracks,
    known_tracks: Collection[Track],
    seed: int,
    min_listeners: int,
    always_offered: int | None,
    recipe: Recipe | None,
    progress: Callable[[int, int], None] | None,
) -> Learnt:
    """The arrays of a model; see :func:`recommender.model.train`."""
    listeners = _with_all_tracks(listeners, tracks)
    index, tags = collect_items(catalogue, listeners)
    if not len(index):
        raise DataError("There are no artists to learn from; give plays, tags or a catalogue.")
    plays = play_matrix(index, listeners)
    recipe = recipe or Recipe.for_pairs(plays.nnz)
    features = tag_features(
        tags, min_artists=recipe.min_artists_per_tag, per_artist=recipe.tags_per_artist
    )
    titles = collect_titles(index, known_tracks, tracks)
    songs = track_matrix(index, titles, list(play_rows(index, listeners)), tracks)
    step = _Steps(recipe.steps + (recipe.epochs + 1 if songs.nnz else 0), progress)
    with threadpool_limits(limits=1):
        factors, fold_map = _learn_factors(plays, features.matrix, recipe, seed, step)
        near = fit_neighbours(relative_log_rows(plays), features.matrix, recipe)
        step()
        own = _learn_tracks(songs, titles, factors, recipe, seed, step)
    heard = np.bincount(plays.indices, minlength=len(index)).astype(np.float32)
    always = len(catalogue) if always_offered is None else always_offered
    offered = _offered(always, heard, min_listeners)
    shown = _shown_tracks(index, titles, known_tracks, own.listeners, min_listeners)
    return Learnt(
        index=index.showing(np.flatnonzero(offered).tolist()),
        tag_names=features.names,
        vectors=factors.items,
        biases=factors.biases,
        centre=factors.items.mean(axis=0),
        spread=_covariance(factors),
        tag_vectors=factors.tags,
        fold_map=fold_map,
        tags=Rows.of(features.matrix),
        neighbours=near.rows,
        covered=near.covered,
        listeners=heard,
        offered=offered,
        tracks=Discography(
            titles=titles,
            vectors=own.vectors,
            biases=own.biases,
            neighbours=own.neighbours,
            listeners=own.listeners,
            offered=shown & offered[titles.artists],
            alone=_alone(index, titles, songs, listeners, tracks),
        ),
        columns=by_component(factors.items),
        details=_details(seed, plays, songs),
    )


def _details(seed: int, plays: Any, songs: Any) -> dict[str, int | float]:
    return {
        "seed": seed,
        "listeners": plays.shape[0],
        "pairs": int(plays.nnz),
        "track_pairs": int(songs.nnz),
    }


def _with_all_tracks(
    listeners: Mapping[str, Mapping[str, float]], tracks: Tracks
) -> Mapping[str, Mapping[str, float]]:
    return {
        **listeners,
        **{
            listener: with_tracks(listeners.get(listener, {}), heard)
            for listener, heard in tracks.items()
        },
    }


def _learn_factors(
    plays: Any, features: Any, recipe: Recipe, seed: int, step: Callable[[], None]
) -> tuple[Factors, Floats]:
    """Factors and fold-in map from the lists, with tag circles where lists are few."""
    lists = plays
    if recipe.circle:
        circles = tag_circles(plays, features, recipe.circle)
        lists = sparse.vstack([plays, circles], "csr")
    factors = fit_factors(lists, features, recipe, seed, step)
    fold_map = learn_map(lists, factors.items, factors.members, ridge=recipe.map_ridge, seed=seed)
    step()
    return factors, fold_map


@dataclass(frozen=True, slots=True)
class _Own:
    """Tracks' own part: vectors (T, d), biases (T,), T x T EASE rows, and lists each is in (T,)."""

    vectors: Floats
    biases: Floats
    neighbours: Rows
    listeners: Floats


def _learn_tracks(
    songs: Any,
    titles: Titles,
    factors: Factors,
    recipe: Recipe,
    seed: int,
    step: Callable[[], None],
) -> _Own:
    """What the tracks have of their own; zeros where nobody plays them. In EASE a track carries its
    artist as artists carry their tags.
    """
    width, size = len(titles), factors.items.shape[1]
    listeners = np.bincount(songs.indices, minlength=width).astype(np.float32)
    if not songs.nnz:
        nothing = Rows.of(sparse.csr_matrix((width, width), dtype=np.float32))
        vectors = np.zeros((width, size), np.float32)
        return _Own(vectors, np.zeros(width, np.float32), nothing, listeners)
    own, bias = fit_tracks(songs, titles.artists, factors, recipe, seed, step)
    heard = np.unique(songs.indices)
    listening = songs[:, heard]
    owned = ownership(titles.artists[heard], len(factors.items))
    listening = relative_log_rows(listening[np.diff(listening.indptr) > 0])
    near = fit_neighbours(listening, owned, recipe)
    step()
    return _Own(own, bias, _spread_out(near.rows, heard, width), listeners)


def _spread_out(rows: Rows, items: Positions, width: int) -> Rows:
    """``rows`` over ``items`` as rows over all ``width`` of which these are some, ascending."""
    lengths = np.zeros(width, dtype=np.int64)
    lengths[items] = np.diff(rows.starts)
    columns = items[rows.columns].astype(np.int32)
    return Rows(np.concatenate(([0], np.cumsum(lengths))), columns, rows.values, width)


def _covariance(factors: Factors) -> Floats:
    both = np.column_stack([factors.items, factors.biases]).astype(np.float64)
    both -= both.mean(axis=0)
    return (both.T @ both / len(both)).astype(np.float32)


def _offered(always: int, heard: Floats, min_listeners: int) -> Flags:
    offered: Flags = heard >= min_listeners
    offered[:always] = True
    return offered


def _shown_tracks(
    index: NameIndex,
    titles: Titles,
    known: Collection[Track],
    heard: Floats,
    min_listeners: int,
) -> Flags:
    """Which tracks may be shown: those the catalogue knows, and those in enough lists."""
    offered: Flags = heard >= min_listeners
    for track in known:
        artist = index.get(track.artist)
        at = None if artist is None else titles.find(artist, track.title)
        if at is not None:
            offered[at] = True
    return offered


def _alone(
    index: NameIndex,
    titles: Titles,
    songs: Any,
    listeners: Mapping[str, Mapping[str, float]],
    tracks: Tracks,
) -> Flags:
    """Who is an item without a track: artists somebody plays beyond their tracks, and those of
    whom nobody plays a track.
    """
    alone: Flags = np.ones(len(index), dtype=bool)
    alone[titles.artists[np.unique(songs.indices)]] = False
    for listener, by_track in tracks.items():
        beyond: defaultdict[int, float] = defaultdict(float)
        for artist, count in listeners[listener].items():
            beyond[_place(index, artist)] += CLEARLY * min(count, MAX_COUNT)
        for (artist, _), count in by_track.items():
            beyond[_place(index, artist)] -= min(count, MAX_COUNT)
        alone[[item for item, plays in beyond.items() if item >= 0 and plays > 0.0]] = True
    for listener in listeners.keys() - tracks.keys():
        alone[[item for item in map(index.get, listeners[listener]) if item is not None]] = True
    return alone


def _place(index: NameIndex, artist: str) -> int:
    item = index.get(artist)
    return -1 if item is None else item


class _Steps:
    """Counts the steps of a training and tells whoever asked."""

    def __init__(self, total: int, tell: Callable[[int, int], None] | None) -> None:
        self._total = total
        self._done = 0
        self._tell = tell

    def __call__(self) -> None:
        self._done += 1
        if self._tell:
            self._tell(self._done, self._total)
