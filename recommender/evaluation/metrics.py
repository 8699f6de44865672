"""What an answer is worth.

Relevance is binary. Recall@k is ``hits / min(k, hidden)``; NDCG@k has discounts ``1 / log2(place +
1)`` and the best possible list as its unit (Jarvelin and Kekalainen 2002, doi
10.1145/582415.582418). Coverage is the share of the artists that may be answered that anybody was
shown; novelty the mean of ``-log2(listeners / all listeners)`` over what was shown, in bits
(Castells et al. 2011), an artist nobody plays counting as one that a single listener plays;
diversity the mean of ``1 - cosine of tags`` over the pairs of a list (Smyth and McClave 2001).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from recommender.arrays import Doubles, Positions

TOP: Final = 20
SHORT: Final = 10


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean over listeners and its standard error."""

    value: float
    error: float

    @classmethod
    def of(cls, values: Doubles) -> Mean:
        spread = float(np.std(values, ddof=1)) if len(values) > 1 else 0.0
        return cls(float(np.mean(values)), spread / len(values) ** 0.5)


@dataclass(frozen=True, slots=True)
class Hits:
    """Per case (C,): ``recall`` and ``ndcg`` at ``TOP``, ``short_ndcg`` at ``SHORT``."""

    recall: Doubles
    ndcg: Doubles
    short_ndcg: Doubles


def hits(answers: Sequence[Positions], hidden: Sequence[Positions]) -> Hits:
    """Compare ranked ``answers`` with what was ``hidden``, case by case; an answer may be short."""
    found = [np.isin(answer, away) for answer, away in zip(answers, hidden, strict=True)]
    counts = [len(away) for away in hidden]
    pairs = list(zip(found, counts, strict=True))
    return Hits(
        recall=np.array([hit[:TOP].sum() / min(TOP, count) for hit, count in pairs]),
        ndcg=np.array([ndcg(hit, count, TOP) for hit, count in pairs]),
        short_ndcg=np.array([ndcg(hit, count, SHORT) for hit, count in pairs]),
    )


def ndcg(hit: Any, hidden: int, places: int) -> float:
    """NDCG of one list: ``hit`` says place by place whether it was one of ``hidden`` artists."""
    discounts = 1.0 / np.log2(np.arange(2, places + 2))
    gained = discounts[: len(hit)][np.asarray(hit[:places], dtype=bool)].sum()
    return float(gained / discounts[: min(places, hidden)].sum())


def coverage(answers: Sequence[Positions], answerable: int) -> float:
    """Share of ``answerable`` artists that some answer shows."""
    return len(np.unique(np.concatenate([*answers, []]))) / answerable


def novelty(answers: Sequence[Positions], heard: Positions, listeners: int) -> float:
    """Bits of surprise an artist shown, by how many of ``listeners`` play it (``heard``, (I,))."""
    shown = np.concatenate([*answers, []]).astype(np.int64)
    if not len(shown):
        return 0.0
    return float(np.mean(np.log2(listeners / np.maximum(heard[shown], 1))))


def diversity(answers: Sequence[Positions], features: Any) -> float:
    """Mean over lists of two or more of the mean tag distance within; ``features`` has rows of
    length 1 or 0.
    """
    spreads = []
    for answer in answers:
        count = len(answer)
        if count > 1:
            rows = features[answer]
            total = np.asarray(rows.sum(axis=0)).ravel()
            own = float(rows.multiply(rows).sum())
            spreads.append(1.0 - (float(total @ total) - own) / (count * (count - 1)))
    return float(np.mean(spreads)) if spreads else 0.0
