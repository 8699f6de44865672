"""How much an artist suits a list: factors, neighbours and tags, each on one scale, and who
contributed what.

``score = c (map + n/(n + 20) EASE + 0.2 tags)``, each part z-scored over all artists. Every part is
linear in the list, so the contributions of its artists are exact: they and a remainder no artist
owns add up to the score.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np

from recommender.arrays import Doubles, Positions, product
from recommender.foldin import FEWEST, carrier, effective_number
from recommender.learnt import Learnt
from recommender.profile import DISLIKED, Listened

EASE_HALF: Final = 20.0
TAG_SHARE: Final = 0.2
HALF_TRUSTED: Final = 3.0
FLAT: Final = 1e-12

Number = TypeVar("Number", float, Doubles)


@dataclass(frozen=True, slots=True)
class Scored:
    """Scores of one list: ``total`` (I,), and what they were made of.

    ``confidence`` 0..1 is the factor that the list's weight puts on all of them alike;
    ``mean`` (d,) of the list's vectors, ``linear`` (d, d) from it to the member's ``vector`` (d,);
    ``ease`` (I,) raw; ``taste`` (T,) the list's tags, ``taste_length`` their length. The scales
    take a part's own units to ``total``'s (0 where a part says nothing); ``tag_centre`` is the tag
    part's mean over all artists.
    """

    listened: Listened
    total: Doubles
    confidence: float
    mean: Doubles
    linear: Doubles
    vector: Doubles
    ease: Doubles
    taste: Doubles
    taste_length: float
    map_scale: float
    ease_scale: float
    tag_scale: float
    tag_centre: float


def score(learnt: Learnt, listened: Listened) -> Scored:
    """Score every artist for ``listened``; time linear in artists x components and the list."""
    items, weights = _with_disliked(listened)
    number = effective_number(listened.weights)
    mean = product(learnt.vectors[items].T, weights / listened.weights.sum())
    linear, constant = carrier(learnt.fold_map, number)
    vector = product(linear.T, mean) + constant
    factors = product(learnt.vectors, vector.astype(np.float32)) + learnt.biases
    ease = learnt.neighbours.total(items, weights)
    taste = learnt.tags.total(items, weights)
    taste_length = _length(taste)
    tagged = learnt.tags.project(taste / taste_length)
    total = np.zeros(len(learnt.index))
    trust = _confidence(float(listened.weights.sum()))
    return Scored(
        listened=listened,
        total=total,
        confidence=trust,
        mean=mean,
        linear=linear,
        vector=vector,
        ease=ease,
        taste=taste,
        taste_length=taste_length,
        map_scale=_add(total, factors.astype(np.float64), trust),
        ease_scale=_add(total, _filled(learnt, ease), trust * _ease_share(number)),
        tag_scale=_add(total, tagged, trust * TAG_SHARE),
        tag_centre=float(tagged.mean()),
    )


def contributions(learnt: Learnt, scored: Scored, items: Positions) -> Doubles:
    """(list, items): what each listed artist adds to the total of each of ``items``.

    The factor part is measured from the average artist, so that lifting every artist alike counts
    for none.
    """
    listened = scored.listened
    tilt = product(learnt.vectors[items] - learnt.centre, scored.linear)
    by_map = product(learnt.vectors[listened.items], tilt)
    by_map *= scored.map_scale / listened.weights.sum()
    by_ease = learnt.neighbours.at(listened.items, items) * scored.ease_scale
    alike = learnt.tags.against(listened.items, learnt.tags.dense(items))
    by_tags = alike * (scored.tag_scale / scored.taste_length)
    shares: Doubles = listened.weights[:, None] * (by_map + by_ease + by_tags)
    return shares


def without(
    learnt: Learnt,
    scored: Scored,
    entries: Positions,
    items: Positions,
    offsets: Doubles | float = 0.0,
) -> Doubles:
    """(entries, items): the totals ``items`` would have if one entry of the list were not in it.

    -inf where that entry is the whole list. ``offsets`` (items,) is what a mode adds to each of the
    totals before the list's confidence. Exact but for the tag part, the smallest, which keeps
    its scale. Takes entries x artists of memory.
    """
    listened = scored.listened
    weights = listened.weights[entries]
    mass = listened.weights.sum() - weights
    if len(listened.items) == 1:
        return np.full((len(entries), len(items)), -np.inf)
    dropped = listened.items[entries]
    squares = np.square(listened.weights).sum() - np.square(weights)
    numbers = np.maximum(np.square(mass) / squares, FEWEST)
    sums = scored.mean * listened.weights.sum() - weights[:, None] * learnt.vectors[dropped]
    total = _map_without(learnt, sums / mass[:, None], numbers, items)
    ease = scored.ease - weights[:, None] * learnt.neighbours.dense(dropped)
    if learnt.covered.any():
        ease[:, ~learnt.covered] = ease[:, learnt.covered].min(axis=1, keepdims=True)
    total += _standard(ease[:, items], ease) * _ease_share(numbers)[:, None]
    taste = scored.taste - weights[:, None] * learnt.tags.dense(dropped)
    lengths = np.linalg.norm(taste, axis=1, keepdims=True)
    taste = np.divide(taste, lengths, out=taste, where=lengths > 0)
    tagged = product(taste, learnt.tags.dense(items)) - scored.tag_centre
    total += tagged * (scored.tag_scale / scored.confidence)
    reduced: Doubles = (total + offsets) * _confidence(mass)[:, None]
    return reduced


def _map_without(learnt: Learnt, means: Doubles, numbers: Doubles, items: Positions) -> Doubles:
    """The z-scored factor part of lists with these ``means`` (k, d), by ``learnt.spread``."""
    size = learnt.vectors.shape[1]
    first, second = learnt.fold_map[:size], learnt.fold_map[size : 2 * size]
    vectors = product(means, first.T) + np.sqrt(numbers)[:, None] * product(means, second.T)
    vectors += learnt.fold_map[2 * size] + np.log(numbers)[:, None] * learnt.fold_map[2 * size + 1]
    raw = product(vectors, learnt.vectors[items] - learnt.centre)
    raw += learnt.biases[items] - learnt.biases.mean()
    along = np.column_stack([vectors, np.ones(len(vectors))])
    spread = np.sqrt(np.einsum("ki,ki->k", product(along, learnt.spread), along))[:, None]
    standard: Doubles = np.divide(raw, spread, out=np.zeros_like(raw), where=spread > FLAT)
    return standard


def _standard(values: Doubles, among: Doubles) -> Doubles:
    """``values`` (k, ...) z-scored by the rows of ``among`` (k, I)."""
    spread = among.std(axis=1, keepdims=True)
    centred = values - among.mean(axis=1, keepdims=True)
    standard: Doubles = np.divide(centred, spread, out=np.zeros_like(centred), where=spread > FLAT)
    return standard


def tag_contributions(learnt: Learnt, scored: Scored, items: Positions) -> Doubles:
    """(items, T): what each tag of each of ``items`` adds to its total through the factor and tag
    parts.
    """
    pull = product(learnt.tag_vectors, scored.vector) * scored.map_scale
    pull += scored.taste * (scored.tag_scale / scored.taste_length)
    shares: Doubles = learnt.tags.dense(items) * pull
    return shares


def likeness(learnt: Learnt, items: Positions, to: Positions) -> Doubles:
    """(items, to): the cosine of artists' vectors, 0 below 0."""
    left, right = _directions(learnt, items), _directions(learnt, to)
    cosines: Doubles = np.maximum(product(left, right), 0.0)
    return cosines


def _with_disliked(listened: Listened) -> tuple[Positions, Doubles]:
    against = listened.dislike * (DISLIKED * float(listened.weights.mean()))
    items = np.concatenate([listened.items, listened.disliked])
    return items, np.concatenate([listened.weights, against])


def _ease_share(number: Number) -> Number:
    return number / (number + EASE_HALF)


def _confidence(mass: Number) -> Number:
    """How much a list of this weight is trusted, 0..1. One factor for all artists: it changes no
    order, but lets a score grow with the evidence, so that each of two artists who would do alone
    still adds to it.
    """
    return mass / (mass + HALF_TRUSTED)


def _filled(learnt: Learnt, ease: Doubles) -> Doubles:
    """EASE scores, with the lowest of them where EASE does not know the artist: missing, not 0."""
    if not learnt.covered.any():
        return ease
    return np.where(learnt.covered, ease, ease[learnt.covered].min())


def _length(taste: Doubles) -> float:
    return float(np.linalg.norm(taste)) or 1.0


def _add(total: Doubles, part: Doubles, share: float) -> float:
    """Add ``share`` of the z-scored ``part`` to ``total``; gives back the scale it was added on."""
    spread = float(part.std())
    if spread <= FLAT:
        return 0.0
    scale = share / spread
    total += (part - part.mean()) * scale
    return scale


def _directions(learnt: Learnt, items: Positions) -> Doubles:
    rows = learnt.vectors[items].astype(np.float64)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    directions: Doubles = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
    return directions
