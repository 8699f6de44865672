"""The fold-in map: a member's vector straight from the list of what they play, no member ever
trained.

A list is summed up as ``[m, m sqrt(n), 1, log n]`` with ``m`` the weighted mean of its artists'
vectors and ``n`` their effective number; a ridge regression, learnt from the trained listeners'
whole lists and random parts of them, takes that profile to a member vector. The map is linear in
``m``, so each artist's share of a score is exact.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from scipy import sparse

from recommender.arrays import Doubles, Floats

PART_SIZES: Final = (3, 5, 10, 20)
FEWEST: Final = 3.0


def effective_number(weights: Doubles) -> float:
    """``(sum w)^2 / sum w^2`` (Kish): the list's length when weights are equal; at least
    ``FEWEST``.

    Below three artists the map would extrapolate from what it was taught.
    """
    square = float(np.square(weights).sum())
    return max(float(weights.sum()) ** 2 / square if square > 0 else 0.0, FEWEST)


def learn_map(played: Any, items: Floats, members: Floats, *, ridge: float, seed: int) -> Floats:
    """The (2d + 2, d) map from profiles to ``members`` (L, d); ``played`` is L x I CSR, binary or
    not.
    """
    draw = np.random.default_rng(seed)
    lists = [played, *(_random_part(played, size, draw) for size in PART_SIZES)]
    profiles = np.vstack([_profiles(part, items) for part in lists])
    targets = np.vstack([members] * len(lists)).astype(np.float64)
    gram = profiles.T @ profiles
    gram[np.diag_indices(len(gram))] += ridge * np.trace(gram) / len(gram) + 1e-9
    return np.linalg.solve(gram, profiles.T @ targets).astype(np.float32)


def carrier(fold_map: Floats, number: float) -> tuple[Doubles, Doubles]:
    """``(A, c)``: the member vector of a list is ``m @ A + c``, with A (d, d) and c (d,)."""
    size = fold_map.shape[1]
    linear = fold_map[:size] + np.sqrt(number) * fold_map[size : 2 * size]
    constant = fold_map[2 * size] + np.log(number) * fold_map[2 * size + 1]
    return linear.astype(np.float64), constant.astype(np.float64)


def _profiles(played: Any, items: Floats) -> Doubles:
    binary = sparse.csr_matrix(
        (np.ones(played.nnz), played.indices, played.indptr), shape=played.shape
    )
    number = np.maximum(np.diff(played.indptr), 1).astype(np.float64)[:, None]
    mean = np.asarray(binary @ items.astype(np.float64)) / number
    clamped = np.maximum(number, FEWEST)
    return np.hstack([mean, mean * np.sqrt(clamped), np.ones_like(number), np.log(clamped)])


def _random_part(played: Any, size: int, draw: np.random.Generator) -> Any:
    """Every row cut to at most ``size`` entries chosen at random."""
    lengths = np.diff(played.indptr)
    row_of = np.repeat(np.arange(len(lengths)), lengths)
    order = np.lexsort((draw.random(played.nnz), row_of))
    place = np.arange(played.nnz) - np.repeat(played.indptr[:-1], lengths)
    kept = np.sort(order[place < size])
    columns, rows = played.indices[kept], row_of[kept]
    return sparse.csr_matrix((np.ones(len(kept)), (rows, columns)), shape=played.shape)
