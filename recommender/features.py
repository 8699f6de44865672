"""What a model learns from, as matrices: who plays what, and how artists are tagged."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy import sparse

from recommender.arrays import Floats, Positions
from recommender.catalogue import Catalogue
from recommender.names import NameIndex, clean, normalise
from recommender.plays import MAX_COUNT

MAX_ARTISTS_A_LISTENER: Final = 2_000
RARELY: Final = 5
MOST_CIRCLES: Final = 3_000
BLOCK: Final = 256


@dataclass(frozen=True, slots=True)
class TagFeatures:
    """``names`` of the tags in use and their tf-idf ``matrix`` (items x tags CSR, rows of length 1
    or 0).
    """

    names: tuple[str, ...]
    matrix: Any


def collect_items(
    catalogue: Catalogue, listeners: Mapping[str, Mapping[str, float]]
) -> tuple[NameIndex, tuple[Mapping[str, float], ...]]:
    """Every artist a model knows, with its tags: the catalogue in its order, then those only heard,
    by key.
    """
    heard: dict[str, str] = {}
    for listener in sorted(listeners):
        for name in listeners[listener]:
            heard.setdefault(normalise(clean(name)), clean(name))
    new = sorted(heard.keys() - set(catalogue.index.keys) - {""})
    names = [*(clean(artist.name) for artist in catalogue), *(heard[key] for key in new)]
    tags = (*(artist.tags for artist in catalogue), *({} for _ in new))
    return NameIndex(names, (*catalogue.index.keys, *new)), tags


def play_matrix(index: NameIndex, listeners: Mapping[str, Mapping[str, float]]) -> Any:
    """Listeners (by id, those with no known artist left out) x items CSR of plays.

    A listener counts with their ``MAX_ARTISTS_A_LISTENER`` most played artists; spellings of one
    artist are summed; counts that are not finite and positive are left out.
    """
    return _matrix(list(play_rows(index, listeners).values()), len(index))


def play_rows(
    index: NameIndex, listeners: Mapping[str, Mapping[str, float]]
) -> dict[str, dict[int, float]]:
    """The rows of :func:`play_matrix`, listener -> item -> plays, in its order."""
    rows = {listener: _row(index, listeners[listener]) for listener in sorted(listeners)}
    return {listener: row for listener, row in rows.items() if row}


def _matrix(rows: Sequence[Mapping[int, float]], width: int) -> Any:
    starts = np.concatenate(([0], np.cumsum([len(row) for row in rows], dtype=np.int64)))
    columns = np.fromiter((item for row in rows for item in row), dtype=np.int32)
    plays = np.fromiter((count for row in rows for count in row.values()), dtype=np.float64)
    return sparse.csr_matrix((plays, columns, starts), shape=(len(rows), width))


def _row(index: NameIndex, plays: Mapping[str, float]) -> dict[int, float]:
    sums: dict[int, float] = {}
    for name, count in plays.items():
        item = index.get(name)
        if item is not None and 0.0 < count < math.inf:
            sums[item] = sums.get(item, 0.0) + float(min(count, MAX_COUNT))
    strongest = sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))[:MAX_ARTISTS_A_LISTENER]
    return dict(sorted(strongest))


def relative_log_rows(plays: Any) -> Any:
    """``log(1 + 4 plays / mean plays of the row)`` of a CSR matrix without empty rows, float32."""
    lengths = np.diff(plays.indptr)
    means = np.add.reduceat(plays.data, plays.indptr[:-1]) / lengths if len(lengths) else lengths
    data = np.log1p(4.0 * plays.data / np.repeat(means, lengths)).astype(np.float32)
    return sparse.csr_matrix((data, plays.indices, plays.indptr), shape=plays.shape)


def tag_features(
    tags: Sequence[Mapping[str, float]], *, min_artists: int, per_artist: int
) -> TagFeatures:
    """Tf-idf of weighted tags: ``log(1 + weight) * log(tagged artists / artists with the tag)``, l2
    rows.

    Only tags on at least ``min_artists`` artists count, and of each artist its ``per_artist``
    strongest.
    """
    spread = Counter(tag for given in tags for tag, weight in given.items() if weight > 0)
    tagged = sum(1 for given in tags if given)
    names = tuple(sorted(tag for tag, artists in spread.items() if artists >= min_artists))
    rarity = {tag: float(np.log(tagged / spread[tag])) for tag in names}
    column = {tag: position for position, tag in enumerate(names)}
    starts, columns, values = [0], [], []
    for given in tags:
        strengths = _strongest(given, rarity, per_artist)
        length = sum(value * value for _, value in strengths) ** 0.5
        for tag, value in strengths:
            columns.append(column[tag])
            values.append(value / length)
        starts.append(len(columns))
    shape = (len(tags), len(names))
    matrix = sparse.csr_matrix(
        (np.array(values, np.float32), np.array(columns, np.int32), np.array(starts)), shape=shape
    )
    matrix.sort_indices()
    return TagFeatures(names, matrix)


def _strongest(
    given: Mapping[str, float], rarity: Mapping[str, float], count: int
) -> Iterable[tuple[str, float]]:
    usable = [tag for tag, weight in given.items() if weight > 0 and rarity.get(tag, 0.0) > 0.0]
    strongest = sorted(usable, key=lambda tag: (-given[tag], rarity[tag], tag))[:count]
    return [(tag, float(np.log1p(given[tag])) * rarity[tag]) for tag in strongest]


def tag_circles(played: Any, features: Any, size: int) -> Any:
    """Lists that stand in for missing listening: each tagged artist that fewer than ``RARELY``
    lists hold, with the artists nearest to it by tags, ``size`` in all, as rows of a binary CSR
    matrix.

    They carry what the tags say into the factors while there are few listeners, and disappear
    artist by artist as real lists come in. At most ``MOST_CIRCLES``, the most heard artists first.
    """
    heard = np.bincount(played.indices, minlength=played.shape[1])
    rare = np.flatnonzero((heard < RARELY) & (np.diff(features.indptr) > 0))
    centres = np.sort(rare[np.lexsort((rare, -heard[rare]))][:MOST_CIRCLES])
    rows = [
        _nearest(alike, size)
        for begin in range(0, len(centres), BLOCK)
        for alike in (features[centres[begin : begin + BLOCK]] @ features.T).toarray()
    ]
    rows = [row for row in rows if len(row) > 1]
    starts = np.concatenate(([0], np.cumsum([len(row) for row in rows], dtype=np.int64)))
    columns = np.concatenate([*rows, []]).astype(np.int32)
    return sparse.csr_matrix(
        (np.ones(len(columns)), columns, starts), shape=(len(rows), played.shape[1])
    )


def _nearest(alike: Floats, size: int) -> Positions:
    """Ascending positions of the ``size`` highest values above zero, ties by position."""
    order = np.argsort(-alike, kind="stable")[:size]
    return np.sort(order[alike[order] > 0])
