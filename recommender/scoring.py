"""How much an artist suits a list: factors, neighbours and tags, each on one scale, and who
contributed what.

``score = c (map + n/(n + 20) EASE + 0.2 tags)``, each part z-scored over all artists. Every part is
linear in the list, so the contributions of its artists are exact: they and a remainder no artist
owns add up to the score.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeVar

import numpy as np

from recommender.arrays import Doubles, Entries, Floats, Positions, product
from recommender.foldin import carrier, effective_number
from recommender.glance import glance
from recommender.learnt import Learnt
from recommender.profile import DISLIKED, Listened
from recommender.songs import FLAT, Songs, by_songs, score_songs, songs_among

EASE_HALF: Final = 20.0
TAG_SHARE: Final = 0.2
HALF_TRUSTED: Final = 3.0
LOOKED_AT: Final = 4_096

Number = TypeVar("Number", float, Doubles)


@dataclass(frozen=True, slots=True)
class Scored:
    """Scores of one list: ``total`` (I,) of artists, what tracks get beyond their artist's in
    ``songs``, and what they were made of.

    ``confidence`` 0..1 is the factor that the list's weight puts on all of them alike;
    ``mean`` (d,) of the list's vectors, ``linear`` (d, d) from it to the member's ``vector`` (d,);
    ``near`` the EASE rows of the list and of what is disliked, ``ease`` (I,) their raw sum;
    ``tagged`` the same ones' tags, ``taste`` (T,) their raw sum, ``taste_length`` its length. The
    scales take a part's own units to ``total``'s (0 where a part says nothing); ``tag_centre`` is
    the tag part's mean over all artists.
    """

    listened: Listened
    total: Doubles
    songs: Songs | None
    confidence: float
    mean: Doubles
    linear: Doubles
    vector: Doubles
    near: Entries
    ease: Doubles
    tagged: Entries
    taste: Doubles
    taste_length: float
    map_scale: float
    ease_scale: float
    tag_scale: float
    tag_centre: float


def score(
    learnt: Learnt, listened: Listened, *, songs: bool = False, damping: float = 0.0
) -> Scored:
    """Score every artist for ``listened``, and every track if ``songs`` are asked for.

    Time is linear in artists x components and the list. Of very many artists those are scored that
    may come first, also where popularity is damped by ``damping``; the others' totals are -inf.
    """
    items, weights = _with_disliked(listened)
    number = effective_number(listened.weights)
    mean = product(learnt.vectors[items].T, weights / listened.weights.sum())
    linear, constant = carrier(learnt.fold_map, number)
    vector = product(linear.T, mean) + constant
    near = learnt.neighbours.entries(items)
    ease = near.total(weights)
    tagged = learnt.tags.entries(items)
    taste = tagged.total(weights)
    taste_length = _length(taste)
    trust = confidence(float(listened.weights.sum()))
    share = trust * ease_share(number)
    reach = _reach(learnt, vector, ease, items, damping)
    by_map = _by_factors(learnt, vector, reach)
    by_ease = _by_ease(learnt, ease, reach)
    by_tags = _by_tags(learnt, taste / taste_length, reach)
    total = by_map.on(trust)
    total += by_ease.on(share)
    total += by_tags.on(trust * TAG_SHARE)
    if reach is not None:
        total = _placed(total, reach, len(learnt.index))
    map_scale = by_map.scale(trust)
    return Scored(
        listened=listened,
        total=total,
        songs=score_songs(learnt, listened, vector, map_scale, share, total) if songs else None,
        confidence=trust,
        mean=mean,
        linear=linear,
        vector=vector,
        near=near,
        ease=ease,
        tagged=tagged,
        taste=taste,
        taste_length=taste_length,
        map_scale=map_scale,
        ease_scale=by_ease.scale(share),
        tag_scale=by_tags.scale(trust * TAG_SHARE),
        tag_centre=by_tags.mean,
    )


def _placed(values: Doubles, places: Positions, width: int) -> Doubles:
    """(width,): ``values`` at their ``places``, -inf elsewhere."""
    total = np.full(width, -np.inf)
    total[places] = values
    return total


@dataclass(frozen=True, slots=True)
class _Part:
    """Raw values of the artists looked at, and mean and spread of all artists' values."""

    values: Doubles
    mean: float
    spread: float

    @classmethod
    def of(cls, values: Doubles | Floats, among: Doubles | Floats | None = None) -> _Part:
        """``values`` with the mean and the spread of ``among``, which may be they themselves."""
        values = values.astype(np.float64, copy=False)
        everyone = values if among is None else among.astype(np.float64, copy=False)
        mean = float(everyone.mean())
        centred = everyone - mean
        spread = float(np.sqrt(np.einsum("i,i->", centred, centred) / len(centred)))
        return cls(values, mean, spread)

    def scale(self, share: float) -> float:
        """What takes the part's own units to ``share`` of a z-score; 0 where it says nothing."""
        return share / self.spread if self.spread > FLAT else 0.0

    def on(self, share: float) -> Doubles:
        """``share`` of the values' z-scores."""
        scaled = self.values - self.mean
        scaled *= self.scale(share)
        return scaled


def _reach(
    learnt: Learnt, vector: Doubles, ease: Doubles, items: Positions, damping: float
) -> Positions | None:
    """Which artists to score, ascending: the list, and some ``LOOKED_AT`` that may come first by a
    glance at their factors and by EASE. None where it is all of them.
    """
    if not learnt.columns.shape[1]:
        return None
    hint = glance(learnt.columns, vector, learnt.spread.diagonal()[:-1].astype(np.float64))
    hint += learnt.biases
    hint /= max(_factor_spread(learnt, vector), FLAT)
    hint += np.float32(damping) * learnt.obscurity
    known = learnt.covered_items
    if len(known):
        by_ease = _by_ease(learnt, ease, known)
        lowest = (by_ease.values.min() - by_ease.mean) * by_ease.scale(1.0)
        hint[known] += by_ease.on(1.0) - lowest
    floor = np.quantile(hint[learnt.sample], 1.0 - LOOKED_AT / len(hint))
    hint[items] = np.inf
    return np.flatnonzero(hint >= floor)


def _factor_spread(learnt: Learnt, vector: Doubles) -> float:
    """The standard deviation of all artists' factor scores, by ``learnt.spread``."""
    along = np.append(vector, 1.0)
    return float(np.sqrt(max(along @ product(learnt.spread, along), 0.0)))


def _by_factors(learnt: Learnt, vector: Doubles, reach: Positions | None) -> _Part:
    """The factor part; its mean and spread follow from the vectors' own, without all the scores."""
    direction = vector.astype(np.float32)
    rows = slice(None) if reach is None else reach
    values = product(learnt.vectors[rows], direction) + learnt.biases[rows]
    mean = float(learnt.centre @ direction) + learnt.middle_bias
    return _Part(values.astype(np.float64), mean, _factor_spread(learnt, vector))


def _by_ease(learnt: Learnt, ease: Doubles, reach: Positions | None) -> _Part:
    """The EASE part; where EASE does not know an artist its lowest score: missing, not 0."""
    known = ease[learnt.covered_items]
    missing = len(ease) - len(known)
    if not len(known):
        return _Part.of(ease if reach is None else ease[reach], ease)
    floor = known.min()
    if reach is None:
        filled = np.full(len(ease), floor)
        filled[learnt.covered_items] = known
        return _Part.of(filled)
    mean = (known.sum() + missing * floor) / len(ease)
    squares = np.square(known - mean).sum() + missing * np.square(floor - mean)
    values = np.where(learnt.covered[reach], ease[reach], floor)
    return _Part(values, float(mean), float(np.sqrt(squares / len(ease))))


def _by_tags(learnt: Learnt, taste: Doubles, reach: Positions | None) -> _Part:
    """The tag part; its mean and spread from a fixed sample where not all artists are looked at."""
    if reach is None:
        return _Part.of(learnt.tags.project(taste))
    return _Part.of(learnt.tags.project(taste, reach), learnt.sample_tags.project(taste))


def totals(learnt: Learnt, scored: Scored, items: Positions) -> Doubles:
    """(items,): the totals of artists and tracks."""
    found: Doubles = scored.total[learnt.artists_of(items)]
    if scored.songs is not None:
        places = songs_among(learnt, items)
        found[places] += scored.songs.own[items[places] - len(learnt.index)]
    return found


@dataclass(frozen=True, slots=True)
class Ties:
    """What ties k items to the entries of a list, before any weight: ``ease`` and ``tags`` (list,
    k) between entry and item, the items' ``vectors`` and ``biases`` and, dense, their ``tag_rows``
    (k, T).
    """

    vectors: Floats
    biases: Floats
    ease: Floats
    tags: Floats
    tag_rows: Floats


def ties(learnt: Learnt, scored: Scored, items: Positions) -> Ties:
    """What ties ``items`` to the list; what is said of a track's artist holds for the track."""
    artists = learnt.artists_of(items)
    vectors, biases = learnt.described(items)
    rows = learnt.tags.dense(artists)
    return Ties(
        vectors=vectors,
        biases=biases,
        ease=scored.near.at(artists)[: len(scored.listened.items)],
        tags=scored.tagged.against(rows)[: len(scored.listened.items)],
        tag_rows=rows,
    )


def contributions(
    learnt: Learnt, scored: Scored, items: Positions, tied: Ties | None = None
) -> Doubles:
    """(list, items): what each entry of the list adds to the total of each of ``items``.

    The factor part is measured from the average artist, so that lifting every artist alike counts
    for none. ``tied`` are the items' ties where the caller has them already.
    """
    listened = scored.listened
    tied = tied or ties(learnt, scored, items)
    tilt = product(tied.vectors - learnt.centre, scored.linear.astype(np.float32))
    by_map = product(learnt.vectors[listened.items], tilt).astype(np.float64)
    by_map *= scored.map_scale / listened.weights.sum()
    by_ease = tied.ease * scored.ease_scale
    by_tags = tied.tags * (scored.tag_scale / scored.taste_length)
    shares: Doubles = listened.weights[:, None] * (by_map + by_ease + by_tags)
    if scored.songs is not None:
        shares += by_songs(learnt, listened, scored.songs, items)
    return shares


def tag_contributions(
    learnt: Learnt, scored: Scored, items: Positions
) -> list[list[tuple[int, float]]]:
    """For each of ``items``, its tags that the list has too, ascending, with what each adds to its
    total through the factor and tag parts.
    """
    found = learnt.tags.entries(learnt.artists_of(items))
    taste = scored.taste[found.columns]
    pull = product(learnt.tag_vectors[found.columns], scored.vector) * scored.map_scale
    pull += taste * (scored.tag_scale / scored.taste_length)
    pairs = list(zip(found.columns.tolist(), (found.values * pull).tolist(), strict=True))
    shared = (taste > 0).tolist()
    starts = found.starts.tolist()
    return [
        [pair for pair, common in zip(pairs[a:b], shared[a:b], strict=True) if common]
        for a, b in pairwise(starts)
    ]


def likeness(learnt: Learnt, items: Positions, to: Positions) -> Doubles:
    """(items, to): the cosine of artists' vectors, 0 below 0."""
    cosines: Doubles = product(learnt.vectors[items], _directions(learnt, to)).astype(np.float64)
    lengths = learnt.lengths[items][:, None]
    np.divide(cosines, lengths, out=cosines, where=lengths > 0)
    return np.maximum(cosines, 0.0)


def _with_disliked(listened: Listened) -> tuple[Positions, Doubles]:
    against = listened.dislike * (DISLIKED * float(listened.weights.mean()))
    items = np.concatenate([listened.items, listened.disliked])
    return items, np.concatenate([listened.weights, against])


def ease_share(number: Number) -> Number:
    return number / (number + EASE_HALF)


def confidence(mass: Number) -> Number:
    """How much a list of this weight is trusted, 0..1. One factor for all artists: it changes no
    order, but lets a score grow with the evidence, so that each of two artists who would do alone
    still adds to it.
    """
    return mass / (mass + HALF_TRUSTED)


def _length(taste: Doubles) -> float:
    return float(np.linalg.norm(taste)) or 1.0


def _directions(learnt: Learnt, items: Positions) -> Floats:
    rows = learnt.vectors[items]
    lengths = learnt.lengths[items][:, None]
    return np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
