"""What training leaves behind: the arrays a recommendation is computed from, and nothing about any
member.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from recommender.arrays import Flags, Floats, Rows
from recommender.names import NameIndex


@dataclass(frozen=True, slots=True)
class Learnt:
    """Arrays over I artists, T tags and d components, read-only and possibly memory-mapped.

    ``vectors`` (I, d) and ``biases`` (I,) of artists, ``centre`` (d,) their mean and ``spread`` (d
    + 1, d + 1) the covariance of vectors and biases, ``tag_vectors`` (T, d); ``fold_map`` (2d + 2,
    d) from a list's profile to a member vector; ``tags`` I x T tf-idf rows; ``neighbours`` I x I
    EASE rows over the artists in ``covered`` (I,); ``listeners`` (I,) how many lists an artist is
    in; ``offered`` (I,) whether it may be recommended; ``details`` how it was trained.
    """

    index: NameIndex
    tag_names: tuple[str, ...]
    vectors: Floats
    biases: Floats
    centre: Floats
    spread: Floats
    tag_vectors: Floats
    fold_map: Floats
    tags: Rows
    neighbours: Rows
    covered: Flags
    listeners: Floats
    offered: Flags
    details: Mapping[str, int | float]
