"""The models Nightjar is compared with, each in a screen: what it learns and how it scores a list.

All read the same training plays and tags, and answer the best of the artists that are not in the
list. Settings were chosen on other splits than any that is reported (benchmarks/tuning.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy import sparse

from recommender.arrays import Doubles, Flags, Positions
from recommender.evaluation.listening import Listening, heard_by
from recommender.evaluation.metrics import TOP
from recommender.evaluation.splits import Case, Protocol
from recommender.features import relative_log_rows
from recommender.neighbours import fit_neighbours
from recommender.recipe import Recipe

WHOLE_ROWS: Final = 1_000_000

Answerer = Callable[[Protocol], list[Positions]]
"""Ranked answers to every case of a protocol, at most ``TOP`` each."""


@dataclass(frozen=True, slots=True)
class Training:
    """What a model may learn from: ``plays`` of a split, the tags in ``listening``, a ``seed``; it
    calls ``step`` once for each of its steps.
    """

    listening: Listening
    plays: Any
    seed: int
    step: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Peer:
    """A model by ``name``: how to ``fit`` it and in how many ``steps`` of progress.

    ``tags``: it reads tags, and so can tell artists apart that nobody plays; without tags it is
    left out. ``slow``: a quick evaluation leaves it out.
    """

    name: str
    fit: Callable[[Training], Answerer]
    steps: int = 1
    tags: bool = False
    slow: bool = False


def ranked(scores_of: Callable[[Case], Any]) -> Answerer:
    """Answers by score (I,): best first, ties by position, nothing of the list itself."""

    def answer(protocol: Protocol) -> list[Positions]:
        return [best(scores_of(case), case.known, protocol.candidates) for case in protocol.cases]

    return answer


def best(scores: Any, known: Positions, candidates: Flags | None) -> Positions:
    """The ``TOP`` highest finite scores among ``candidates`` and not ``known``."""
    scores = np.array(scores, dtype=np.float64).ravel()
    scores[known] = -np.inf
    if candidates is not None:
        scores[~candidates] = -np.inf
    if len(scores) > TOP:
        floor = np.partition(scores, len(scores) - TOP)[len(scores) - TOP]
        places = np.flatnonzero((scores >= floor) & np.isfinite(scores))
    else:
        places = np.flatnonzero(np.isfinite(scores))
    found: Positions = places[np.lexsort((places, -scores[places]))][:TOP]
    return found


def relative_log(plays: Doubles) -> Doubles:
    """``log(1 + 4 plays / mean plays)`` of one list: how much an artist counts in it."""
    weights: Doubles = np.log1p(4.0 * plays / plays.mean())
    return weights


def popularity(training: Training) -> Answerer:
    heard = heard_by(training.plays)
    return ranked(lambda _: heard)


def tag_cosine(training: Training) -> Answerer:
    """The artists whose tags point where the list's tags do."""
    features = training.listening.features
    return ranked(lambda case: features @ (features[case.known].T @ relative_log(case.plays)))


def item_knn(training: Training) -> Answerer:
    """Cosine of the artists' columns, all neighbours (Sarwar et al. 2001)."""
    weights = relative_log_rows(training.plays)
    lengths = np.sqrt(np.asarray(weights.multiply(weights).sum(axis=0)).ravel())
    scaled = (weights @ sparse.diags_array(1.0 / np.maximum(lengths, 1e-9))).tocsc()
    return ranked(lambda case: scaled.T @ (scaled[:, case.known] @ relative_log(case.plays)))


def rp3beta(alpha: float, beta: float) -> Callable[[Training], Answerer]:
    """Three random steps, artist to listener to artist, each to the power ``alpha``, popularity
    damped by ``beta`` (Paudel et al. 2017, doi 10.1145/2955101).
    """

    def fit(training: Training) -> Answerer:
        heard = np.maximum(heard_by(training.plays), 1).astype(np.float64)
        lengths = np.diff(training.plays.indptr)
        forth = training.plays.astype(np.float64)
        forth.data = np.repeat(1.0 / lengths, lengths) ** alpha
        back = training.plays.astype(np.float64)
        back.data = (1.0 / heard[back.indices]) ** alpha
        back = back.tocsc()
        damping = heard**-beta
        return ranked(
            lambda case: forth.T @ (back[:, case.known] @ relative_log(case.plays)) * damping
        )

    return fit


def ease(ridge: float) -> Callable[[Training], Answerer]:
    """EASE on plays alone; see recommender.neighbours."""

    def fit(training: Training) -> Answerer:
        untagged = sparse.csr_matrix((training.plays.shape[1], 0), dtype=np.float32)
        return _ease(training, untagged, ridge, 0.0)

    return fit


def ease_with_tags(ridge: float, tag_weight: float) -> Callable[[Training], Answerer]:
    """EASE with tag rows."""
    return lambda training: _ease(training, training.listening.features, ridge, tag_weight)


def _ease(training: Training, features: Any, ridge: float, tag_weight: float) -> Answerer:
    """Whole rows, not cut as Nightjar serves them; artists that EASE does not know are left out."""
    recipe = Recipe(
        ease_ridge=ridge, ease_dropout=0.0, ease_tag_weight=tag_weight, ease_row=WHOLE_ROWS
    )
    near = fit_neighbours(relative_log_rows(training.plays), features, recipe)

    def scores(case: Case) -> Doubles:
        found = near.rows.total(case.known, relative_log(case.plays))
        found[~near.covered] = -np.inf
        return found

    return ranked(scores)


SIMPLE: Final[Sequence[Peer]] = (
    Peer("popularity", popularity),
    Peer("tag cosine", tag_cosine, tags=True),
    Peer("item-kNN", item_knn),
    Peer("RP3beta", rp3beta(0.8, 0.2)),
    Peer("EASE", ease(300.0), steps=5),
    Peer("EASE + tags", ease_with_tags(300.0, 30.0), steps=10, tags=True),
)
