"""The models Nightjar is compared with, each in a screen: what it learns and how it scores a list.

All read the same training plays and tags, and answer the best of the artists that are not in the
list. Settings were chosen on other splits than any that is reported (benchmarks/tuning.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
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

RP3_ALPHA: Final = 1.0
RP3_BETA: Final = 0.3
EASE_RIDGE: Final = 200.0
WHOLE: Final = 1_000_000

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
        return [
            best(scores_of(case), case.known, protocol.candidates) for case in protocol.cases
        ]

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
    return ranked(
        lambda case: scaled.T @ (scaled[:, case.known] @ relative_log(case.plays))
    )


def rp3beta(training: Training) -> Answerer:
    """Three random steps list, artist, listener, artist, popularity damped (Paudel et al. 2017, doi
    10.1145/2955101).
    """
    heard = np.maximum(heard_by(training.plays), 1)
    lengths = np.diff(training.plays.indptr)
    rows = np.repeat(1.0 / lengths, lengths) ** RP3_ALPHA
    forth = sparse.csr_matrix(
        (rows, training.plays.indices, training.plays.indptr), shape=training.plays.shape
    )
    back = forth.copy()
    back.data = (1.0 / heard[back.indices]) ** RP3_ALPHA
    back = back.tocsc()
    damping = heard**-RP3_BETA
    return ranked(
        lambda case: forth.T @ (back[:, case.known] @ relative_log(case.plays)) * damping
    )


def ease(training: Training) -> Answerer:
    recipe = replace(Recipe(), ease_ridge=EASE_RIDGE, ease_tag_weight=0.0, ease_row=WHOLE)
    return _ease(training, recipe, sparse.csr_matrix((training.plays.shape[1], 0)))


def ease_with_tags(training: Training) -> Answerer:
    recipe = replace(Recipe(), ease_ridge=300.0, ease_tag_weight=30.0, ease_row=WHOLE)
    return _ease(training, recipe, training.listening.features)


def _ease(training: Training, recipe: Recipe, features: Any) -> Answerer:
    """Whole rows, not cut as Nightjar serves them; unknown artists come last."""
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
    Peer("RP3beta", rp3beta),
    Peer("EASE", ease, steps=5),
    Peer("EASE + tags", ease_with_tags, steps=10, tags=True),
)
