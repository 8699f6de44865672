from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from recommender.neighbours import fit_neighbours
from recommender.recipe import Recipe

DRAW = np.random.default_rng(3)
PLAYS = sparse.csr_matrix(np.where(DRAW.random((50, 20)) < 0.3, DRAW.random((50, 20)), 0.0))
TAGS = sparse.csr_matrix(np.where(DRAW.random((20, 6)) < 0.4, DRAW.random((20, 6)), 0.0))
RECIPE = Recipe(ease_ridge=3.0, ease_tag_weight=2.0, ease_dropout=0.2)


def test_rows_are_ease_with_tag_rows_by_its_closed_form() -> None:
    near = fit_neighbours(PLAYS, TAGS, RECIPE)
    together = (PLAYS.T @ PLAYS).toarray()
    gram = together + 2.0 * (TAGS @ TAGS.T).toarray() + np.diag(3.0 + 0.25 * np.diag(together))
    inverse = np.linalg.inv(gram)
    expected = -inverse / np.diag(inverse)
    np.fill_diagonal(expected, 0.0)
    assert near.rows.dense(np.arange(20)) == pytest.approx(expected, abs=1e-4)
    assert near.covered.all()


def test_only_the_strongest_entries_of_a_row_are_kept() -> None:
    whole = fit_neighbours(PLAYS, TAGS, RECIPE).rows.dense(np.arange(20))
    cut = fit_neighbours(PLAYS, TAGS, replace(RECIPE, ease_row=4)).rows.dense(np.arange(20))
    for full, kept in zip(np.abs(whole), np.abs(cut), strict=True):
        assert (kept > 0).sum() == 4
        assert kept[kept > 0].min() >= np.sort(full)[-4] - 1e-6


def test_beyond_the_limit_the_most_heard_artists_are_covered() -> None:
    near = fit_neighbours(PLAYS, TAGS, replace(RECIPE, ease_items=5))
    heard = np.bincount(PLAYS.indices, minlength=20)
    assert near.covered.sum() == 5
    assert heard[near.covered].min() >= np.sort(heard)[-5]
