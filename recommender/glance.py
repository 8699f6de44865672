"""Where to look among very many artists: a glance at every factor score, before any is computed
whole.

With hundreds of thousands of artists most of the time of a recommendation would go into reading
vectors that do not matter. A score is a sum over components, and for one member few of these carry
most of its variance over the artists: only those are added up, from vectors kept by component.
Whoever may come first by that is then scored exactly.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.linalg.blas import saxpy

from recommender.arrays import Doubles, Floats

MANY: Final = 50_000
"""Up to so many artists, all are scored exactly and none is glanced at."""

SHARE: Final = 0.75
BLOCK: Final = 8_192
"""Artists at a time: the sums stay in the cache, and OpenBLAS in one thread."""


def by_component(vectors: Floats, many: int = MANY) -> Floats:
    """``vectors`` (I, d) as (d, I) where there are very many, else (d, 0)."""
    chosen = vectors if len(vectors) > many else vectors[:0]
    return np.ascontiguousarray(chosen.T)


def glance(columns: Floats, vector: Doubles, variances: Doubles) -> Floats:
    """(I,): ``vector . columns`` over as many components as carry ``SHARE`` of its variance, given
    each component's variance over the artists.
    """
    energy = np.square(vector) * variances
    order = np.argsort(-energy, kind="stable")
    enough = int(np.searchsorted(np.cumsum(energy[order]), SHARE * energy.sum())) + 1
    chosen = [(columns[at], float(vector[at])) for at in order[:enough].tolist()]
    scores = np.zeros(columns.shape[1], dtype=np.float32)
    for begin in range(0, len(scores), BLOCK):
        block = slice(begin, begin + BLOCK)
        sums = scores[block]
        for column, factor in chosen:
            saxpy(column[block], sums, a=factor)
    return scores
