"""A list of artists as a few groups that belong together in the embedding.

Groups form around artists of the list (exemplars), chosen one after the other by facility location:
the next exemplar is the one that brings the list as a whole closest to an exemplar. Greedy choice
reaches 63 % of the best cover at least (Nemhauser, Wolsey and Fisher 1978, doi 10.1007/BF01588971),
needs no random start, and is nested: one exemplar more splits what lies near it and leaves the
other groups as they are. So a few more plays move few artists.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from recommender.arrays import Doubles, Positions, product

MOST: Final = 8
ARTISTS_A_GROUP: Final = 3.0
FEWEST: Final = 3
NEAR: Final = 0.45


@dataclass(frozen=True, slots=True)
class Group:
    """``core`` is the exemplar, ``members`` all artists of the group, the core among them;
    positions in the list.
    """

    core: int
    members: Positions


def group(alike: Doubles, weights: Doubles) -> list[Group]:
    """Groups of a list with these similarities 0..1 (n, n) and ``weights`` (n,), the heaviest
    first.

    ``sqrt(n / 3)`` of them at most, and never more than eight. Each has three artists at least;
    who is near no exemplar is in none. A list that holds no such group is one group.
    """
    count = len(weights)
    cores = _exemplars(alike, weights, wanted=min(MOST, round(math.sqrt(count / ARTISTS_A_GROUP))))
    while cores:
        nearest = alike[:, cores].argmax(axis=1)
        near = alike[np.arange(count), np.array(cores)[nearest]] >= NEAR
        sizes = np.bincount(nearest[near], minlength=len(cores))
        if sizes.min() >= FEWEST:
            groups = [
                Group(core, np.flatnonzero(near & (nearest == at))) for at, core in enumerate(cores)
            ]
            return sorted(groups, key=lambda one: (-weights[one.members].sum(), one.core))
        cores.pop(int(sizes.argmin()))
    return [Group(int(weights.argmax()), np.arange(count))]


def _exemplars(alike: Doubles, weights: Doubles, wanted: int) -> list[int]:
    """Positions of ``wanted`` exemplars in the order they were chosen; ties go to the first."""
    covered = np.zeros(len(weights))
    cores: list[int] = []
    for _ in range(wanted):
        gains = product(np.maximum(alike - covered[:, None], 0.0).T, weights)
        gains[cores] = -np.inf
        cores.append(int(gains.argmax()))
        covered = np.maximum(covered, alike[:, cores[-1]])
    return cores
