from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from recommender.foldin import carrier, effective_number, learn_map


def test_effective_number_is_the_length_of_an_even_list_and_never_under_three() -> None:
    assert effective_number(np.full(17, 0.4)) == pytest.approx(17.0)
    assert effective_number(np.ones(1)) == 3.0
    assert effective_number(np.zeros(0)) == 3.0
    assert effective_number(np.array([5.0, 5.0, 5.0, 5.0, 0.0001])) == pytest.approx(4.0, abs=0.01)


def test_the_map_gives_a_member_the_vector_of_the_formula() -> None:
    draw = np.random.default_rng(5)
    fold_map = draw.normal(size=(2 * 4 + 2, 4)).astype(np.float32)
    mean, number = draw.normal(size=4), 11.0
    profile = np.concatenate([mean, mean * np.sqrt(number), [1.0, np.log(number)]])
    linear, constant = carrier(fold_map, number)
    assert mean @ linear + constant == pytest.approx(profile @ fold_map, rel=1e-5)


def test_the_learnt_map_recovers_members_that_are_linear_in_their_lists() -> None:
    draw = np.random.default_rng(6)
    items = draw.normal(size=(60, 5)).astype(np.float32)
    played = sparse.csr_matrix(draw.random((200, 60)) < 0.3).astype(np.float64)
    number = np.diff(played.indptr)
    means = (played @ items) / number[:, None]
    members = (means * 2.0 + means * np.sqrt(number)[:, None] + np.log(number)[:, None]).astype(
        np.float32
    )
    fold_map = learn_map(played, items, members, ridge=1e-6, seed=0)
    linear, constant = carrier(fold_map, float(number[0]))
    near = np.corrcoef(means[0] @ linear + constant, members[0])[0, 1]
    assert near > 0.95


def test_learning_the_map_depends_on_the_seed_alone() -> None:
    draw = np.random.default_rng(7)
    items = draw.normal(size=(30, 4)).astype(np.float32)
    played = sparse.csr_matrix(draw.random((40, 30)) < 0.6)
    members = draw.normal(size=(40, 4)).astype(np.float32)
    maps = [learn_map(played, items, members, ridge=1e-3, seed=seed) for seed in (1, 1, 2)]
    assert (maps[0] == maps[1]).all()
    assert (maps[0] != maps[2]).any()
