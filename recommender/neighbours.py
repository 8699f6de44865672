"""Item-item neighbours: EASE with tag rows, cut to the strongest entries.

Steck (2019), "Embarrassingly Shallow Autoencoders for Sparse Data", arXiv 1905.03375; the tag rows
join the play rows as in Jeunen et al. (2020), "Closed-Form Models for Collaborative Filtering with
Side-Information", doi 10.1145/3383313.3418480. With ``G = X'X + beta FF' + Lambda`` and ``P =
inverse(G)``, ``B_ij = -P_ij / P_jj`` and ``B_ii = 0``; a list ``x`` scores ``x B``. ``Lambda =
lambda I + p / (1 - p) diag(X'X)`` is what dropping each artist of a list with probability p comes
to (Steck 2020, "Autoencoders that don't overfit towards the Identity", NeurIPS 33).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy.linalg import lapack

from recommender.arrays import Flags, Floats, Positions, Rows
from recommender.recipe import Recipe

BLOCK: Final = 512
SMALL: Final = 3_000


@dataclass(frozen=True, slots=True)
class Neighbours:
    """``rows``: from each artist to those it speaks for. ``covered`` (I,): whether EASE knows the
    artist.
    """

    rows: Rows
    covered: Flags


def fit_neighbours(weights: Any, features: Any, recipe: Recipe) -> Neighbours:
    """EASE over ``weights`` (listeners x items CSR) and ``features`` (items x tags CSR).

    Covers artists with two listeners or with tags only (all of them while there are few), at most
    ``recipe.ease_items``, the most heard first. Memory: 8 n^2 bytes; time O(n^3).
    """
    items = _covered_items(weights, features, recipe.ease_items)
    covered = np.zeros(weights.shape[1], dtype=bool)
    covered[items] = True
    inverse = _inverse(_gram(weights[:, items], features[items], recipe))
    return Neighbours(_strongest(inverse, items, weights.shape[1], recipe.ease_row), covered)


def _covered_items(weights: Any, features: Any, most: int) -> Positions:
    heard = np.bincount(weights.indices, minlength=weights.shape[1])
    tagged = np.diff(features.indptr) > 0
    known = (heard >= 2) | (tagged & (heard == 0))
    if weights.shape[1] <= SMALL:
        known = tagged | (heard > 0)
    candidates = np.flatnonzero(known)
    busiest = candidates[np.lexsort((candidates, -heard[candidates]))][:most]
    return np.sort(busiest).astype(np.int64)


def _gram(weights: Any, features: Any, recipe: Recipe) -> Floats:
    together = weights.T @ weights + np.float32(recipe.ease_tag_weight) * (features @ features.T)
    gram: Floats = together.astype(np.float32).toarray(order="F")
    odds = recipe.ease_dropout / (1.0 - recipe.ease_dropout)
    squares = np.asarray(weights.multiply(weights).sum(axis=0)).ravel()
    gram[np.diag_indices(len(gram))] += (recipe.ease_ridge + odds * squares).astype(np.float32)
    return gram


def _inverse(gram: Floats) -> Floats:
    """The upper triangle of the inverse of a positive definite matrix, by Cholesky, in place."""
    if not len(gram):
        return gram
    factor, failed = lapack.spotrf(gram, lower=0, overwrite_a=1)
    inverse, failed_too = lapack.spotri(factor, lower=0, overwrite_c=1)
    if failed or failed_too:
        raise ArithmeticError("the ridge is too small for this listening: the matrix is singular")
    upper: Floats = inverse
    return upper


def _full_rows(upper: Floats, begin: int, end: int) -> Floats:
    """Rows ``begin:end`` of the symmetric matrix whose upper triangle is given."""
    corner = np.triu(upper[begin:end, begin:end])
    corner = corner + np.triu(corner, 1).T
    return np.hstack([upper[:begin, begin:end].T, corner, upper[begin:end, end:]])


def _strongest(upper: Floats, items: Positions, width: int, most: int) -> Rows:
    diagonal: Floats = upper.diagonal()
    kept_columns, kept_values = [], []
    lengths = np.zeros(width, dtype=np.int64)
    for begin in range(0, len(items), BLOCK):
        end = min(begin + BLOCK, len(items))
        block = -_full_rows(upper, begin, end) / diagonal
        block[np.arange(end - begin), np.arange(begin, end)] = 0.0
        for item, row in zip(items[begin:end], block, strict=True):
            columns = _top(np.abs(row), most)
            columns = columns[row[columns] != 0.0]
            lengths[item] = len(columns)
            kept_columns.append(items[columns])
            kept_values.append(row[columns])
    return Rows(
        np.concatenate(([0], np.cumsum(lengths))),
        np.concatenate([*kept_columns, []]).astype(np.int32),
        np.concatenate([*kept_values, []]).astype(np.float32),
        width,
    )


def _top(strength: Floats, most: int) -> Positions:
    if len(strength) <= most:
        return np.arange(len(strength))
    return np.sort(np.argpartition(-strength, most)[:most])
