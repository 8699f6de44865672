from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from recommender.catalogue import Artist, Catalogue
from recommender.features import collect_items, play_matrix, tag_circles, tag_features

CATALOGUE = Catalogue([Artist("Air", {"chill": 2.0}), Artist("Moby")])


def test_items_are_the_catalogue_then_whoever_is_played() -> None:
    listeners = {"b": {"Zed": 1.0, "AIR": 2.0}, "a": {"Nova": 1.0}}
    index, tags = collect_items(CATALOGUE, listeners)
    assert index.names == ("Air", "Moby", "Nova", "Zed")
    assert [dict(given) for given in tags] == [{"chill": 2.0}, {}, {}, {}]


def test_spellings_are_summed_and_counts_that_are_none_left_out() -> None:
    index, _ = collect_items(CATALOGUE, {})
    listeners = {
        "a": {"Air": 2.0, "AIR": 3.0, "Moby": -1.0, "Nobody": 5.0},
        "b": {"Moby": float("nan"), "Air": float("inf")},
        "c": {"Moby": 10**400},
    }
    plays = play_matrix(index, listeners).toarray()
    assert plays.shape == (2, 2)
    assert plays[0].tolist() == [5.0, 0.0]
    assert plays[1, 1] > 0


def test_tags_weigh_by_rarity_and_strength_and_rows_have_length_one() -> None:
    given = [{"rock": 1.0, "doom": 1.0}, {"rock": 9.0, "doom": 1.0}, {"rock": 3.0}, {"odd": 1.0}]
    features = tag_features([*given, {}], min_artists=2, per_artist=10)
    assert features.names == ("doom", "rock")
    rows = features.matrix.toarray()
    assert rows[0, 0] > rows[0, 1]
    assert rows[1, 1] > rows[0, 1]
    expected = np.log1p(1.0) * np.log([4 / 2, 4 / 3])
    assert rows[0] == pytest.approx(expected / np.linalg.norm(expected), rel=1e-5)
    assert np.linalg.norm(rows, axis=1) == pytest.approx([1.0, 1.0, 1.0, 0.0, 0.0])


def test_circles_gather_what_is_alike_around_artists_few_people_play() -> None:
    features = sparse.csr_matrix(
        [[1.0, 0.0], [0.9, 0.1], [0.8, 0.0], [0.0, 1.0], [0.0, 0.9], [0.0, 0.0]]
    )
    often_played = sparse.csr_matrix(np.repeat([[1.0, 0, 0, 0, 0, 0]], 5, axis=0))
    circles = tag_circles(often_played, features, 3).toarray()
    assert {tuple(np.flatnonzero(row)) for row in circles} == {(0, 1, 2), (1, 3, 4)}
