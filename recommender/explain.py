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
from recommender.leaving import without
from recommender.names import clean
from recommender.profile import Kind, Listened
from recommender.scoring import Scored, Ties, contributions, tag_contributions, ties, totals

BLOCK: Final = 64
CANDIDATES: Final = 3
LEAST_FALL: Final = 0.1
MOST_ARTISTS: Final = 2
SECOND_AT_LEAST: Final = 0.5
MOST_TAGS: Final = 3
TAG_AT_LEAST: Final = 0.25


@dataclass(frozen=True, slots=True)
class Reason:
    """``because``: one or two artists of the member's own that raised the score most, in their
    spelling, their tracks counted in; ``tags``: what the artist shares with the list, strongest
    first; ``text``: both as one phrase.
    """

    because: tuple[str, ...]
    tags: tuple[str, ...]
    text: str


def explain(learnt: Learnt, scored: Scored, items: Positions, scores: Doubles) -> list[Reason]:
    """One reason for each of ``items``, artists or tracks, with the final ``scores`` they have."""
    if not len(items):
        return []
    tied = ties(learnt, scored, items)
    by_artist = contributions(learnt, scored, items, tied)
    own = _are_own(learnt, scored.listened, items)
    candidates = _candidates(by_artist, own)
    named = _those_that_count(learnt, scored, items, scores, candidates, tied)
    by_tag = tag_contributions(learnt, scored, items)
    return [
        _reason(learnt, scored.listened, item, artists, _top_tags(learnt, shares), is_own)
        for item, artists, shares, is_own in zip(items.tolist(), named, by_tag, own, strict=True)
    ]


def _are_own(learnt: Learnt, listened: Listened, items: Positions) -> list[bool]:
    """Which items, artists or tracks, are in the list themselves."""
    listed = {*listened.items.tolist(), *(listened.tracks + len(learnt.index)).tolist()}
    return [item in listed for item in items.tolist()]


def _candidates(shares: Doubles, own: Sequence[bool]) -> list[list[int]]:
    """For each item, positions in the list of the strongest contributors above zero; none for one
    of the list's own.
    """
    left = np.array(shares.T, order="C")
    rows = np.arange(len(left))
    found: list[list[int]] = [[] for _ in own]
    least = np.maximum(SECOND_AT_LEAST * left.max(axis=1), 0.0)
    for _ in range(min(CANDIDATES, len(shares))):
        strongest = left.argmax(axis=1)
        amounts = left[rows, strongest]
        enough = (amounts > 0) & (amounts >= least) & ~np.array(own)
        for row in np.flatnonzero(enough).tolist():
            found[row].append(int(strongest[row]))
        left[rows, strongest] = -np.inf
    return found


def _those_that_count(
    learnt: Learnt,
    scored: Scored,
    items: Positions,
    scores: Doubles,
    candidates: list[list[int]],
    tied: Ties,
) -> list[list[int]]:
    """Of each item's candidates at most two without which its score would be
    lower by more than ``LEAST_FALL``.

    A contribution alone does not say that: an artist far from the rest of the list also thins out
    what the rest says, and leaving it out can raise the score.
    """
    offsets = (scores - totals(learnt, scored, items)) / scored.confidence
    distinct = np.array(sorted({entry for entries in candidates for entry in entries}))
    lower: dict[int, Flags] = {}
    for begin in range(0, len(distinct), BLOCK):
        block = distinct[begin : begin + BLOCK]
        fall = without(learnt, scored, block, items, offsets, tied) < scores - LEAST_FALL
        lower |= dict(zip(block.tolist(), fall, strict=True))
    return [
        [at for at in entries if lower[at][row]][:MOST_ARTISTS]
        for row, entries in enumerate(candidates)
    ]


def _top_tags(learnt: Learnt, shares: list[tuple[int, float]]) -> tuple[str, ...]:
    """Up to three of these tags that raised the score, by what each added to it."""
    order = sorted(shares, key=lambda pair: -pair[1])[:MOST_TAGS]
    least = max(TAG_AT_LEAST * order[0][1], 0.0) if order else 0.0
    return tuple(learnt.tag_names[tag] for tag, share in order if share > 0 and share >= least)


def _reason(
    learnt: Learnt,
    listened: Listened,
    item: int,
    artists: Sequence[int],
    tags: tuple[str, ...],
    own: bool,
) -> Reason:
    if own:
        artists = np.flatnonzero(listened.items == learnt.artists_of(np.array([item]))).tolist()
    because = tuple(clean(listened.labels[at]) for at in artists)
    if own:
        title = learnt.named(item)[1]
        text = f"because you {'play' if title else listened.kinds[artists[0]]}"
        text = f"{text} {title or because[0]} already"
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
