"""From scores to a list: who may appear, how far from the beaten track, and not five times the
same.

Diversity is maximal marginal relevance: Carbonell and Goldstein (1998), doi 10.1145/290941.291025.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from recommender.arrays import Doubles, Flags, Positions, product
from recommender.errors import DataError
from recommender.foldin import effective_number
from recommender.learnt import Learnt
from recommender.scoring import Scored, likeness

Mode = Literal["familiar", "balanced", "adventurous"]

DISLIKE_DAMPING: Final = 1.0
KNOWN_LIFT: Final = 0.8


@dataclass(frozen=True, slots=True)
class Course:
    """One mode: ``damping`` of popularity, half of it for a list of ``half_at`` artists; weight of
    ``diversity`` in 0..1 within the best ``pool`` times as many as are wanted, whether ``known``
    may return.
    """

    damping: float
    half_at: float
    diversity: float
    pool: int
    known: bool


COURSES: Final[dict[str, Course]] = {
    "familiar": Course(damping=0.0, half_at=0.0, diversity=0.15, pool=5, known=True),
    "balanced": Course(damping=0.2, half_at=10.0, diversity=0.15, pool=5, known=False),
    "adventurous": Course(damping=0.8, half_at=0.0, diversity=0.5, pool=10, known=False),
}


def course(mode: str) -> Course:
    """The course of a mode; DataError names the modes there are."""
    try:
        return COURSES[mode]
    except KeyError:
        raise DataError(f"There is no mode {mode!r}; choose {', '.join(COURSES)}.") from None


def rank(
    learnt: Learnt, scored: Scored, mode: str, count: int, *, reluctantly: Positions | None = None
) -> tuple[Positions, Doubles]:
    """At most ``count`` artists and their final scores, best first; ties in catalogue order.

    Those in ``reluctantly`` only appear when there are not enough others.
    """
    chosen = course(mode)
    obscurity = np.log1p(learnt.listeners.max()) - np.log1p(learnt.listeners)
    number = effective_number(scored.listened.weights)
    damping = chosen.damping * number / (number + chosen.half_at)
    final = scored.total + scored.confidence * damping * obscurity
    disliked = scored.listened.disliked
    if len(disliked):
        everyone = np.arange(len(final))
        alike = (likeness(learnt, everyone, disliked) * scored.listened.dislike).sum(axis=1)
        final -= scored.confidence * DISLIKE_DAMPING * alike
    if chosen.known:
        _lift_known(final, scored)
    final[~_allowed(learnt, scored, chosen)] = -np.inf
    pool = _best(final, chosen.pool * count)
    if reluctantly is not None:
        preferred = pool[~np.isin(pool, reluctantly)]
        pool = preferred if len(preferred) >= count else pool
    picks = _diverse(learnt, pool, final[pool], chosen.diversity, count)
    picks = picks[np.lexsort((picks, -final[picks]))]
    return picks, final[picks]


def _lift_known(final: Doubles, scored: Scored) -> None:
    """Take what is played most of the way up to the best score, by how much it is played.

    EASE says nothing of an artist's own place in a list, so the known would come too low.
    """
    items, weights = scored.listened.items, scored.listened.weights
    final[items] += KNOWN_LIFT * weights / weights.max() * (final.max() - final[items])


def _allowed(learnt: Learnt, scored: Scored, chosen: Course) -> Flags:
    allowed = np.array(learnt.offered)
    listened = scored.listened
    allowed[listened.items] = chosen.known
    allowed[listened.seeds] = False
    allowed[listened.disliked] = False
    allowed[listened.hidden] = False
    return allowed


def _best(final: Doubles, count: int) -> Positions:
    """Positions of the ``count`` highest finite scores, best first, ties by position."""
    if count < len(final):
        floor = np.partition(final, len(final) - count)[len(final) - count]
        candidates = np.flatnonzero(final >= floor)
    else:
        candidates = np.arange(len(final))
    candidates = candidates[np.isfinite(final[candidates])]
    return candidates[np.lexsort((candidates, -final[candidates]))][:count]


def _diverse(
    learnt: Learnt, pool: Positions, final: Doubles, weight: float, count: int
) -> Positions:
    if len(pool) <= count:
        return pool
    spread = float(final[0] - final[-1]) or 1.0
    worth = (1.0 - weight) * (final - final[-1]) / spread
    rows = learnt.tags.dense(pool)
    closest = np.zeros(len(pool))
    free = np.ones(len(pool), dtype=bool)
    picks = []
    for _ in range(count):
        gain = np.where(free, worth - weight * closest, -np.inf)
        best = int(gain.argmax())
        picks.append(best)
        free[best] = False
        closest = np.maximum(closest, product(rows, rows[best]))
    return pool[picks]
