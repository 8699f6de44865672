"""The listening an evaluation is about, as matrices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from recommender.catalogue import Artist, Catalogue
from recommender.features import collect_items, play_matrix, tag_features
from recommender.names import NameIndex
from recommender.recipe import Recipe

Table = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Listening:
    """``plays`` L x I CSR of counts above zero, ``features`` I x T CSR of tf-idf tags (no column
    without tags), over the artists of ``index``; ``catalogue`` are the tagged ones.
    """

    index: NameIndex
    catalogue: Catalogue
    plays: Any
    features: Any

    @classmethod
    def of(cls, plays: Table, tags: Table) -> Listening:
        """From rows as :func:`recommender.plays.read_plays` and ``read_tags`` give them."""
        catalogue = Catalogue(Artist(name, given) for name, given in tags.items())
        index, tagged = collect_items(catalogue, plays)
        matrix = play_matrix(index, plays)
        recipe = Recipe.for_pairs(matrix.nnz)
        features = tag_features(
            tagged, min_artists=recipe.min_artists_per_tag, per_artist=recipe.tags_per_artist
        )
        return cls(index, catalogue, matrix, features.matrix)

    @property
    def tagged(self) -> bool:
        """Whether any artist has a tag that counts."""
        return bool(self.features.nnz)

    def lists(self, plays: Any) -> dict[str, dict[str, float]]:
        """``plays`` (rows x I CSR) by name again, as :func:`recommender.model.train` takes it."""
        names = self.index.names
        return {
            f"{row:09}": {
                names[plays.indices[at]]: float(plays.data[at])
                for at in range(plays.indptr[row], plays.indptr[row + 1])
            }
            for row in range(plays.shape[0])
        }


def heard_by(plays: Any) -> np.typing.NDArray[np.int64]:
    """(I,) how many lists hold each artist."""
    counts: np.typing.NDArray[np.int64] = np.bincount(plays.indices, minlength=plays.shape[1])
    return counts
