"""Reasons that are true: named from the exact contributions to the score shown, never from a
template.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from recommender.arrays import Doubles, Flags, Positions
from recommender.learnt import Learnt
from recommender.names import clean
from recommender.profile import Kind, Listened
from recommender.scoring import Scored, contributions, tag_contributions, without

BLOCK: Final = 32
CANDIDATES: Final = 3
LEAST_FALL: Final = 0.1
MOST_ARTISTS: Final = 2
SECOND_AT_LEAST: Final = 0.5
MOST_TAGS: Final = 3
TAG_AT_LEAST: Final = 0.25


@dataclass(frozen=True, slots=True)
class Reason:
    """``because``: one or two artists of the member's own that raised the score most, in their
    spelling; ``tags``: what the artist shares with the list, strongest first; ``text``: both as one
    phrase.
    """

    because: tuple[str, ...]
    tags: tuple[str, ...]
    text: str


def explain(learnt: Learnt, scored: Scored, items: Positions, scores: Doubles) -> list[Reason]:
    """One reason for each of ``items`` and the final ``scores`` they are shown with."""
    if not len(items):
        return []
    by_artist = contributions(learnt, scored, items)
    candidates = [
        _candidates(by_artist[:, at], scored.listened, item) for at, item in enumerate(items)
    ]
    named = _those_that_count(learnt, scored, items, scores, candidates)
    by_tag = tag_contributions(learnt, scored, items)
    return [
        _reason(scored.listened, item, artists, _top_tags(learnt, scored, row))
        for item, artists, row in zip(items.tolist(), named, by_tag, strict=True)
    ]


def _candidates(shares: Doubles, listened: Listened, item: int) -> list[int]:
    """Positions in the list of the strongest contributors above zero; none for one of its own."""
    if item in listened.items:
        return []
    order = np.argsort(-shares, kind="stable")[:CANDIDATES]
    floor = SECOND_AT_LEAST * shares[order[0]]
    return [int(at) for at in order if shares[at] > 0 and shares[at] >= floor]


def _those_that_count(
    learnt: Learnt,
    scored: Scored,
    items: Positions,
    scores: Doubles,
    candidates: list[list[int]],
) -> list[list[int]]:
    """Of each item's candidates at most two without which its score would be
    lower by more than ``LEAST_FALL``.

    A contribution alone does not say that: an artist far from the rest of the list also thins out
    what the rest says, and leaving it out can raise the score.
    """
    offsets = (scores - scored.total[items]) / scored.confidence
    distinct = np.array(sorted({entry for entries in candidates for entry in entries}))
    lower: dict[int, Flags] = {}
    for begin in range(0, len(distinct), BLOCK):
        block = distinct[begin : begin + BLOCK]
        fall = without(learnt, scored, block, items, offsets) < scores - LEAST_FALL
        lower |= dict(zip(block.tolist(), fall, strict=True))
    return [
        [at for at in entries if lower[at][row]][:MOST_ARTISTS]
        for row, entries in enumerate(candidates)
    ]


def _top_tags(learnt: Learnt, scored: Scored, shares: Doubles) -> tuple[str, ...]:
    """Up to three tags that raised the score and that the member's own list has too."""
    shares = np.where(scored.taste > 0, shares, 0.0)
    order = np.argsort(-shares, kind="stable")[:MOST_TAGS]
    floor = TAG_AT_LEAST * max(shares[order[0]], 0.0) if len(order) else 0.0
    return tuple(learnt.tag_names[tag] for tag in order if shares[tag] > 0 and shares[tag] >= floor)


def _reason(listened: Listened, item: int, artists: Sequence[int], tags: tuple[str, ...]) -> Reason:
    own = np.flatnonzero(listened.items == item)
    because = tuple(clean(listened.labels[at]) for at in (own if len(own) else artists))
    if len(own):
        text = f"because you {listened.kinds[own[0]]} {because[0]} already"
    else:
        text = _new(because, [listened.kinds[at] for at in artists], tags)
    return Reason(because, tags, f"{text}: {', '.join(tags)}" if tags and because else text)


def _new(because: Sequence[str], kinds: Sequence[Kind], tags: Sequence[str]) -> str:
    """The phrase for an artist new to the member: "because you play A and like B", "close to C"."""
    named: dict[Kind, list[str]] = {"play": [], "like": [], "know": [], "seed": []}
    for kind, name in zip(kinds, because, strict=True):
        named[kind].append(name)
    mine = " and ".join(
        f"{kind} {' and '.join(named[kind])}" for kind in ("play", "like", "know") if named[kind]
    )
    seeds = f"close to {' and '.join(named['seed'])}" if named["seed"] else ""
    if seeds and mine:
        return f"{seeds}, and you {mine}"
    if seeds or mine:
        return seeds or f"because you {mine}"
    if tags:
        return f"shares {', '.join(tags)} with your list as a whole"
    return "for variety: nothing in your list speaks for it in particular"
