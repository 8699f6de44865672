"""Two members' tastes beside each other: how much they share, and what one has for the other.

The share is the part of the listening that both have in common, by histogram intersection: the sum
over everything played of the smaller of the two shares (Swain and Ballard 1991, doi
10.1007/BF00130487; 1 minus the total variation distance). It is taken over artists and over tags,
and both count half: 100 is the same artists as much, 50 the same kinds of music by other artists,
0 nothing in common.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from recommender.arrays import Doubles, Positions, product
from recommender.explain import explain
from recommender.learnt import Learnt
from recommender.model import Model, Profile
from recommender.names import clean, normalise
from recommender.profile import Listened
from recommender.scoring import score

__all__ = ["Comparison", "Place", "Showing", "compare", "loved"]

Whose = Literal["first", "second", "both"]

LOVED: Final = 10
SHOWN: Final = 5
SHOWN_TAGS: Final = 5
MUCH: Final = 0.5  # of an own list counts as "plays a lot", the heavier half
PLACED: Final = 16  # of each side alone, and of what both play
FLAT: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Showing:
    """An artist one member could show the other, and whose artists of the other's own speak for
    it.
    """

    artist: str
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an artist stands between two tastes: ``x`` from the first member's side (-1) to the
    second's (1), ``y`` -1..1 by kind of music; ``weight`` 0..1 how much it is played.
    """

    artist: str
    whose: Whose
    weight: float
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two members share: ``share`` 0..100, the mean of ``by_artists`` and ``by_tags`` (0..1).

    ``both`` are artists both play, the most loved first. ``first_shows`` are artists the first
    plays a lot that the second does not play, in the order of the second's own scores, and
    the other way round. ``tags_first`` and ``tags_second`` tell them apart, ``tags_both`` they
    share.
    """

    share: int
    by_artists: float
    by_tags: float
    both: tuple[str, ...]
    first_shows: tuple[Showing, ...]
    second_shows: tuple[Showing, ...]
    tags_first: tuple[str, ...]
    tags_second: tuple[str, ...]
    tags_both: tuple[str, ...]
    places: tuple[Place, ...]


def loved(model: Model, profile: Profile) -> Listened:
    """What of a profile is compared: what is played and liked. To know an artist is not to like
    them. DataError when none of these is known.
    """
    return model.listen(replace(profile, known=()))


def compare(model: Model, first: Profile, second: Profile) -> Comparison:
    """Both members by what they play and like; neither is shown whom they said they know.
    DataError when nothing of a profile is known.
    """
    one, other = loved(model, first), loved(model, second)
    mine, theirs = _evidence(model.learnt, first, one), _evidence(model.learnt, second, other)
    by_artists = _in_common(mine, theirs)
    tags_one, tags_other = _tag_shares(model.learnt, one), _tag_shares(model.learnt, other)
    by_tags = float(np.minimum(tags_one, tags_other).sum())
    names = model.learnt.tag_names
    return Comparison(
        share=round(100 * (by_artists + by_tags) / 2),
        by_artists=by_artists,
        by_tags=by_tags,
        both=_loved(mine, theirs, {**_labels(model.learnt, other), **_labels(model.learnt, one)}),
        first_shows=_shows(model.learnt, one, other, model.listen(second).hidden),
        second_shows=_shows(model.learnt, other, one, model.listen(first).hidden),
        tags_first=_top(tags_one - tags_other, names),
        tags_second=_top(tags_other - tags_one, names),
        tags_both=_top(np.minimum(tags_one, tags_other), names),
        places=_places(model.learnt, one, other),
    )


def _evidence(learnt: Learnt, profile: Profile, listened: Listened) -> dict[str, float]:
    """Each artist's share of a list by its key, from the weights the model gives the list. Artists
    it does not know count by ``log(1 + plays)`` as well: to share these says most.
    """
    weights = {
        learnt.index.keys[item]: float(weight)
        for item, weight in zip(listened.items.tolist(), listened.weights, strict=True)
    }
    for name in listened.unknown:
        if (count := profile.plays.get(name, 0.0)) > 0.0:
            weights[normalise(name)] = float(np.log1p(count))
    whole = sum(weights.values())
    return {key: weight / whole for key, weight in weights.items()}


def _in_common(mine: Mapping[str, float], theirs: Mapping[str, float]) -> float:
    return sum(min(share, theirs.get(key, 0.0)) for key, share in mine.items())


def _labels(learnt: Learnt, listened: Listened) -> dict[str, str]:
    """The member's own spelling by an artist's key."""
    known = zip(listened.items.tolist(), listened.labels, strict=True)
    return {
        **{normalise(name): clean(name) for name in listened.unknown},
        **{learnt.index.keys[item]: clean(label) for item, label in known},
    }


def _loved(
    mine: Mapping[str, float], theirs: Mapping[str, float], labels: Mapping[str, str]
) -> tuple[str, ...]:
    shared = {key: min(share, theirs[key]) for key, share in mine.items() if theirs.get(key)}
    order = sorted((key for key in shared if shared[key]), key=lambda key: (-shared[key], key))
    return tuple(labels[key] for key in order[:LOVED])


def _tag_shares(learnt: Learnt, listened: Listened) -> Doubles:
    """(T,) shares of a list's tags, by tf-idf and how much their artists are played."""
    total = learnt.tags.total(listened.items, listened.weights)
    return total / (total.sum() or 1.0)


def _top(strength: Doubles, names: tuple[str, ...]) -> tuple[str, ...]:
    order = np.argsort(-strength, kind="stable")[:SHOWN_TAGS]
    return tuple(names[tag] for tag in order if strength[tag] > 0)


def _shows(
    learnt: Learnt, giver: Listened, taker: Listened, hidden: Positions
) -> tuple[Showing, ...]:
    """Of the heavier half of the giver's list what suits the taker best, by the taker's score;
    nothing that is ``hidden`` from the taker.
    """
    known = np.concatenate([taker.items, taker.disliked, hidden])
    played = np.argsort(-giver.weights, kind="stable")[: max(SHOWN, round(MUCH * len(giver.items)))]
    offered = np.sort(giver.items[played][~np.isin(giver.items[played], known)])
    scored = score(learnt, taker)
    best = offered[np.argsort(-scored.total[offered], kind="stable")][:SHOWN]
    reasons = explain(learnt, scored, best, scored.total[best])
    labels = dict(zip(giver.items.tolist(), giver.labels, strict=True))
    return tuple(
        Showing(clean(labels[item]), reason.because)
        for item, reason in zip(best.tolist(), reasons, strict=True)
    )


def _places(learnt: Learnt, one: Listened, other: Listened) -> tuple[Place, ...]:
    """The most played artists of both on a plane through the embedding.

    ``x`` is the direction in which the two lists lie apart (the line between their means), ``y``
    the one in which what is left varies most (first principal component).
    """
    shares = [
        dict(zip(member.items.tolist(), member.weights / member.weights.max(), strict=True))
        for member in (one, other)
    ]
    labels = dict(zip(other.items.tolist(), other.labels, strict=True))
    labels |= zip(one.items.tolist(), one.labels, strict=True)
    whose = {item: _whose(item, shares) for item in sorted(labels)}
    weight = {item: max(share.get(item, 0.0) for share in shares) for item in whose}
    chosen: list[int] = []
    for kind in ("both", "first", "second"):
        of_kind = [item for item in whose if whose[item] == kind]
        chosen += sorted(of_kind, key=lambda item: (-weight[item], item))[:PLACED]
    plane = _plane(learnt, np.array(chosen, dtype=np.int64), one, other)
    return tuple(
        Place(clean(labels[item]), whose[item], float(weight[item]), float(x), float(y))
        for item, (x, y) in zip(chosen, plane, strict=True)
    )


def _whose(item: int, shares: list[dict[int, float]]) -> Whose:
    if item not in shares[1]:
        return "first"
    return "both" if item in shares[0] else "second"


def _plane(learnt: Learnt, items: Positions, one: Listened, other: Listened) -> Doubles:
    """(items, 2) within -1..1."""
    rows = _unit(learnt.vectors[items].astype(np.float64))
    apart = _mean(learnt, other) - _mean(learnt, one)
    across = apart / max(float(np.linalg.norm(apart)), FLAT)
    x = product(rows, across)
    rest = rows - x[:, None] * across
    rest -= rest.mean(axis=0)
    up = np.linalg.svd(rest, full_matrices=False)[2][0]
    up = up * (1.0 if up[np.abs(up).argmax()] > 0 else -1.0)
    return np.column_stack([_within(x), _within(product(rest, up))])


def _mean(learnt: Learnt, listened: Listened) -> Doubles:
    rows = _unit(learnt.vectors[listened.items].astype(np.float64))
    mean: Doubles = product(rows.T, listened.weights) / listened.weights.sum()
    return mean


def _unit(rows: Doubles) -> Doubles:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Doubles = rows / np.maximum(lengths, FLAT)
    return unit


def _within(values: Doubles) -> Doubles:
    """Values moved and scaled to -1..1; 0 where all are the same."""
    low, high = float(values.min()), float(values.max())
    if high - low < FLAT:
        return np.zeros_like(values)
    scaled: Doubles = 2.0 * (values - low) / (high - low) - 1.0
    return scaled
