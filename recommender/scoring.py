"""How much an artist suits a list: factors, neighbours and tags, each on one scale, and who
contributed what.

``score = map + n/(n + 10) EASE + 0.2 tags``, each part z-scored over all artists. Every part is
linear in the list, so the contributions of its artists are exact: they and a remainder no artist
owns add up to the score.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from recommender.arrays import Doubles, Positions, product
from recommender.foldin import carrier, effective_number
from recommender.learnt import Learnt
from recommender.profile import DISLIKED, Listened

EASE_HALF: Final = 10.0
TAG_SHARE: Final = 0.2


@dataclass(frozen=True, slots=True)
class Scored:
    """Scores of one list. ``total`` (I,); ``vector`` (d,) is the member's; ``taste`` (T,) their
    tags at length 1, ``taste_length`` before that; ``linear`` (d, d) takes the list's mean to
    ``vector``. The scales take a part's own units to ``total``'s; 0 where a part says nothing.
    """

    listened: Listened
    total: Doubles
    vector: Doubles
    taste: Doubles
    taste_length: float
    linear: Doubles
    map_scale: float
    ease_scale: float
    tag_scale: float


def score(learnt: Learnt, listened: Listened) -> Scored:
    """Score every artist for ``listened``; time linear in artists x components and in the list's
    length.
    """
    items, weights = _with_disliked(listened)
    mass = float(listened.weights.sum())
    number = effective_number(listened.weights)
    linear, constant = carrier(learnt.fold_map, number)
    mean = product(learnt.vectors[items].T, weights / mass)
    vector = product(linear.T, mean) + constant
    factors = product(learnt.vectors, vector.astype(np.float32)) + learnt.biases
    ease = learnt.neighbours.total(items, weights)
    if learnt.covered.any():
        ease[~learnt.covered] = ease[learnt.covered].min()
    taste = learnt.tags.total(items, weights)
    taste_length = float(np.linalg.norm(taste)) or 1.0
    taste /= taste_length
    total = np.zeros(len(learnt.index))
    map_scale = _add(total, factors.astype(np.float64), 1.0)
    ease_scale = _add(total, ease, number / (number + EASE_HALF))
    tag_scale = _add(total, learnt.tags.project(taste), TAG_SHARE)
    return Scored(
        listened, total, vector, taste, taste_length, linear, map_scale, ease_scale, tag_scale
    )


def contributions(learnt: Learnt, scored: Scored, items: Positions) -> Doubles:
    """(list, items): what each listed artist adds to the total of each of ``items``.

    The factor part is measured from the average artist, so that lifting every artist alike counts
    for none.
    """
    listened = scored.listened
    mass = float(listened.weights.sum())
    tilt = product(learnt.vectors[items] - learnt.centre, scored.linear)
    by_map = product(learnt.vectors[listened.items], tilt) * (scored.map_scale / mass)
    by_ease = learnt.neighbours.at(listened.items, items) * scored.ease_scale
    alike = learnt.tags.against(listened.items, learnt.tags.dense(items))
    by_tags = alike * (scored.tag_scale / scored.taste_length)
    shares: Doubles = listened.weights[:, None] * (by_map + by_ease + by_tags)
    return shares


def tag_contributions(learnt: Learnt, scored: Scored, items: Positions) -> Doubles:
    """(items, T): what each tag of each of ``items`` adds to its total through the factor and tag
    parts.
    """
    pull = product(learnt.tag_vectors, scored.vector) * scored.map_scale
    pull += scored.taste * scored.tag_scale
    shares: Doubles = learnt.tags.dense(items) * pull
    return shares


def likeness(learnt: Learnt, items: Positions, to: Positions) -> Doubles:
    """(items, to): the cosine of artists' vectors, 0 below 0."""
    left, right = _directions(learnt, items), _directions(learnt, to)
    cosines: Doubles = np.maximum(product(left, right), 0.0)
    return cosines


def _with_disliked(listened: Listened) -> tuple[Positions, Doubles]:
    against = np.full(len(listened.disliked), DISLIKED * float(listened.weights.mean()))
    items = np.concatenate([listened.items, listened.disliked])
    return items, np.concatenate([listened.weights, against])


def _add(total: Doubles, part: Doubles, share: float) -> float:
    """Add ``share`` of the z-scored ``part`` to ``total``; gives back the scale it was added on."""
    spread = float(part.std())
    if spread <= 1e-12:
        return 0.0
    scale = share / spread
    total += (part - part.mean()) * scale
    return scale


def _directions(learnt: Learnt, items: Positions) -> Doubles:
    rows = learnt.vectors[items].astype(np.float64)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    directions: Doubles = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
    return directions
