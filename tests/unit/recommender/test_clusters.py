from __future__ import annotations

import numpy as np

from recommender.clusters import group


def blocks(*sizes: int, within: float = 0.9, across: float = 0.1) -> np.ndarray:
    of = np.repeat(np.arange(len(sizes)), sizes)
    alike = np.where(of[:, None] == of[None, :], within, across)
    np.fill_diagonal(alike, 1.0)
    return alike


def test_what_is_alike_is_one_group_and_the_heaviest_comes_first() -> None:
    weights = np.array([1.0] * 10 + [2.0] * 8 + [1.0] * 9)
    found = group(blocks(10, 8, 9), weights)
    assert [one.members.tolist() for one in found] == [
        list(range(10, 18)),
        list(range(10)),
        list(range(18, 27)),
    ]
    assert all(one.core in one.members for one in found)


def test_who_is_near_nobody_is_in_no_group() -> None:
    found = group(blocks(6, 6, 1), np.ones(13))
    assert sorted(at for one in found for at in one.members.tolist()) == list(range(12))


def test_a_group_of_two_joins_the_nearest_or_none() -> None:
    found = group(blocks(9, 2, 9, across=0.5), np.array([1.0] * 9 + [9.0] * 2 + [1.0] * 9))
    assert sum(len(one.members) for one in found) == 20
    assert min(len(one.members) for one in found) >= 3


def test_a_list_without_any_group_is_one() -> None:
    [alone] = group(np.eye(4), np.array([1.0, 3.0, 2.0, 1.0]))
    assert (alone.core, alone.members.tolist()) == (1, [0, 1, 2, 3])


def test_there_are_never_more_than_eight() -> None:
    assert len(group(blocks(*[20] * 12), np.ones(240))) == 8
