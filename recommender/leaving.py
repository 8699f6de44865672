"""What a score would be if one entry of the list were not in it, without scoring everything again.

Taking an entry out changes few of EASE's sums, so its mean, spread and lowest value follow from
those of the whole list; those of the factor part follow from ``learnt.spread``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from recommender.arrays import Doubles, Entries, Positions, product
from recommender.foldin import FEWEST, effective_number
from recommender.learnt import Learnt
from recommender.scoring import Scored, Ties, confidence, ease_share, ties
from recommender.songs import FLAT, Songs, by_songs, songs_among

SHORT: Final = 1e-4
"""Shorter than this, what is left of a list's tags is what rounding left."""


@dataclass(frozen=True, slots=True)
class _Rest:
    """Lists with one entry less: which, of what weight, what is left in all (``mass``), and their
    effective ``numbers``.
    """

    entries: Positions
    dropped: Positions
    weights: Doubles
    mass: Doubles
    numbers: Doubles


def without(
    learnt: Learnt,
    scored: Scored,
    entries: Positions,
    items: Positions,
    offsets: Doubles | float = 0.0,
    tied: Ties | None = None,
) -> Doubles:
    """(entries, items): the totals ``items`` would have if one entry of the list were not in it.

    -inf where that entry is the whole list. ``offsets`` (items,) is what a mode adds to each of the
    totals before the list's confidence, ``tied`` the items' ties if they are known. Exact but for
    the tag part, the smallest, and the tracks' own EASE part, which keep their scales.
    """
    listened = scored.listened
    if len(listened.items) == 1:
        return np.full((len(entries), len(items)), -np.inf)
    weights = listened.weights[entries]
    mass = listened.weights.sum() - weights
    squares = np.square(listened.weights).sum() - np.square(weights)
    numbers = np.maximum(np.square(mass) / squares, FEWEST)
    rest = _Rest(entries, listened.items[entries], weights, mass, numbers)
    tied = tied or ties(learnt, scored, items)
    total = _map_without(learnt, scored, rest, tied)
    artists = learnt.artists_of(items)
    total += _ease_without(learnt, scored, rest, artists, tied) * ease_share(numbers)[:, None]
    total += _tags_without(scored, rest, tied) / scored.confidence
    if scored.songs is not None and len(songs_among(learnt, items)):
        total += _songs_without(learnt, scored, scored.songs, rest, items)
    reduced: Doubles = (total + offsets) * confidence(mass)[:, None]
    return reduced


def _map_without(learnt: Learnt, scored: Scored, rest: _Rest, tied: Ties) -> Doubles:
    """The z-scored factor part of what is left of the list, by ``learnt.spread``."""
    whole = scored.mean * scored.listened.weights.sum()
    means = (whole - rest.weights[:, None] * learnt.vectors[rest.dropped]) / rest.mass[:, None]
    means = means.astype(np.float32)
    size = learnt.vectors.shape[1]
    first, second = learnt.fold_map[:size], learnt.fold_map[size : 2 * size]
    numbers = rest.numbers[:, None].astype(np.float32)
    vectors = product(means, first.T) + np.sqrt(numbers) * product(means, second.T)
    vectors += learnt.fold_map[2 * size] + np.log(numbers) * learnt.fold_map[2 * size + 1]
    raw = product(vectors, tied.vectors - learnt.centre) + (tied.biases - learnt.middle_bias)
    along = np.column_stack([vectors, np.ones(len(vectors), dtype=np.float32)])
    spread = np.sqrt(np.einsum("ki,ki->k", product(along, learnt.spread), along))[:, None]
    standard: Doubles = np.zeros(raw.shape)
    np.divide(raw, spread, out=standard, where=spread > FLAT)
    return standard


def _ease_without(
    learnt: Learnt, scored: Scored, rest: _Rest, artists: Positions, tied: Ties
) -> Doubles:
    """The z-scored EASE part of what is left of the list."""
    everyone = len(learnt.index)
    known = scored.ease[learnt.covered_items]
    if not len(known):
        return np.zeros((len(rest.dropped), len(artists)))
    taken = scored.near.only(rest.entries)
    change = np.repeat(-rest.weights, taken.lengths) * taken.values
    former = scored.ease[taken.columns]
    lowest = _lowest(learnt, known, taken, former, former + change)
    missing = everyone - len(known)
    sums = known.sum() + _by_row(taken, change) + missing * lowest
    squared = np.square(known).sum() + _by_row(taken, change * (2.0 * former + change))
    squared += missing * np.square(lowest)
    means = sums / everyone
    spread = np.sqrt(np.maximum(squared / everyone - np.square(means), 0.0))[:, None]
    left = scored.ease[artists] - rest.weights[:, None] * tied.ease[rest.entries]
    left = np.where(learnt.covered[artists], left, lowest[:, None]) - means[:, None]
    standard: Doubles = np.divide(left, spread, out=np.zeros_like(left), where=spread > FLAT)
    return standard


def _lowest(
    learnt: Learnt, known: Doubles, taken: Entries, former: Doubles, changed: Doubles
) -> Doubles:
    """(entries,): the lowest EASE score that a covered artist has in what is left of the list,
    where what is ``taken`` out leaves the ``former`` ones ``changed``.

    The lowest of those an entry leaves alone is among as many of the lowest as its row is long,
    and one more.
    """
    enough = int(taken.lengths.max(initial=0)) + 1
    cut = np.partition(known, enough)[enough] if enough < len(known) else np.inf
    low = np.flatnonzero(known <= cut)
    hit = np.flatnonzero(former <= cut)
    spared = np.tile(known[low], (taken.rows, 1))
    at = np.searchsorted(learnt.covered_items[low], taken.columns[hit])
    spared[taken.row_of[hit], at] = np.inf
    lowest: Doubles = spared.min(axis=1)
    some = np.flatnonzero(taken.lengths)
    if len(some):
        by_row = np.minimum.reduceat(changed, taken.starts[some])
        lowest[some] = np.minimum(lowest[some], by_row)
    return lowest


def _by_row(taken: Entries, values: Doubles) -> Doubles:
    return np.bincount(taken.row_of, weights=values, minlength=taken.rows).astype(np.float64)


def _tags_without(scored: Scored, rest: _Rest, tied: Ties) -> Doubles:
    """The tag part of what is left of the list, on the whole list's scale."""
    taken = scored.tagged.only(rest.entries)
    shared = _by_row(taken, taken.values * scored.taste[taken.columns])
    own = _by_row(taken, np.square(taken.values))
    square = np.square(scored.taste).sum() - 2.0 * rest.weights * shared
    square += np.square(rest.weights) * own
    lengths = np.sqrt(np.maximum(square, 0.0))[:, None]
    whole = product(tied.tag_rows, scored.taste.astype(np.float32))
    tagged = whole - rest.weights[:, None] * tied.tags[rest.entries]
    tagged = np.divide(tagged, lengths, out=np.zeros_like(tagged), where=lengths > SHORT)
    scaled: Doubles = (tagged - scored.tag_centre) * scored.tag_scale
    return scaled


def _songs_without(
    learnt: Learnt, scored: Scored, songs: Songs, rest: _Rest, items: Positions
) -> Doubles:
    """What the tracks among ``items`` get from the tracks that are left in the list."""
    by_entry = by_songs(learnt, scored.listened, songs, items)
    left = by_entry.sum(axis=0) - by_entry[rest.entries]
    number = effective_number(scored.listened.weights)
    again = ease_share(rest.numbers)[:, None] / (ease_share(number) * scored.confidence)
    scaled: Doubles = left * again
    return scaled
