"""Reasons that are true: named from the exact contributions to the score shown, never from a
template.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from recommender.arrays import Doubles, Positions
from recommender.learnt import Learnt
from recommender.names import clean
from recommender.profile import Kind, Listened
from recommender.scoring import Scored, contributions, tag_contributions

SECOND_AT_LEAST: Final = 0.5
MOST_TAGS: Final = 3
TAG_AT_LEAST: Final = 0.25

_VERBS: Final[dict[Kind, str]] = {
    "play": "because you play",
    "like": "because you like",
    "seed": "close to",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """``because``: one or two artists of the member's own that raised the score most, in their
    spelling; ``tags``: what the artist shares with the list, strongest first; ``text``: both as one
    phrase.
    """

    because: tuple[str, ...]
    tags: tuple[str, ...]
    text: str


def explain(learnt: Learnt, scored: Scored, items: Positions) -> list[Reason]:
    """One reason for each of ``items``."""
    if not len(items):
        return []
    listened = scored.listened
    by_artist = contributions(learnt, scored, items)
    by_tag = tag_contributions(learnt, scored, items)
    return [
        _reason(
            listened, _top_artists(by_artist[:, at], listened, item), _top_tags(learnt, scored, row)
        )
        for at, (item, row) in enumerate(zip(items, by_tag, strict=True))
    ]


def _top_artists(shares: Doubles, listened: Listened, item: int) -> list[int]:
    """Positions in the list of the one or two strongest contributors above zero, not the item
    itself.
    """
    shares = np.where(listened.items == item, -np.inf, shares)
    order = np.argsort(-shares, kind="stable")[:2]
    best = shares[order[0]]
    return [int(at) for at in order if shares[at] > 0 and shares[at] >= SECOND_AT_LEAST * best]


def _top_tags(learnt: Learnt, scored: Scored, shares: Doubles) -> tuple[str, ...]:
    """Up to three tags that raised the score and that the member's own list has too."""
    shares = np.where(scored.taste > 0, shares, 0.0)
    order = np.argsort(-shares, kind="stable")[:MOST_TAGS]
    floor = TAG_AT_LEAST * max(shares[order[0]], 0.0) if len(order) else 0.0
    return tuple(learnt.tag_names[tag] for tag in order if shares[tag] > 0 and shares[tag] >= floor)


def _reason(listened: Listened, artists: Sequence[int], tags: tuple[str, ...]) -> Reason:
    because = tuple(clean(listened.labels[at]) for at in artists)
    phrases = _phrases(
        [(listened.kinds[at], name) for at, name in zip(artists, because, strict=True)]
    )
    if not phrases:
        return Reason(because, tags, _without_artist(tags))
    text = f"{phrases}: {', '.join(tags)}" if tags else phrases
    return Reason(because, tags, text)


def _phrases(named: list[tuple[Kind, str]]) -> str:
    """ "because you play A and B", "close to A", "close to A and because you play B"."""
    grouped: dict[Kind, list[str]] = {}
    for kind, name in sorted(named, key=lambda pair: pair[0] != "seed"):
        grouped.setdefault(kind, []).append(name)
    return " and ".join(f"{_VERBS[kind]} {' and '.join(names)}" for kind, names in grouped.items())


def _without_artist(tags: tuple[str, ...]) -> str:
    if tags:
        return f"shares {', '.join(tags)} with your list as a whole"
    return "for variety: nothing in your list speaks for it in particular"
