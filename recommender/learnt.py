"""What training leaves behind: the arrays a recommendation is computed from, and nothing about any
member.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from recommender.arrays import Flags, Floats, Positions, Rows
from recommender.discography import Discography
from recommender.names import NameIndex
from recommender.plays import TrackName

SAMPLE: Final = 8_192


@dataclass(frozen=True)
class Learnt:
    """Arrays over I artists, T tags and d components, read-only and possibly memory-mapped.

    ``vectors`` (I, d) and ``biases`` (I,) of artists, ``centre`` (d,) their mean and ``spread`` (d
    + 1, d + 1) the covariance of vectors and biases, ``tag_vectors`` (T, d); ``fold_map`` (2d + 2,
    d) from a list's profile to a member vector; ``tags`` I x T tf-idf rows; ``neighbours`` I x I
    EASE rows over the artists in ``covered`` (I,); ``listeners`` (I,) how many lists an artist is
    in; ``offered`` (I,) whether it may be recommended; ``tracks`` are the artists' tracks,
    ``columns`` (d, I) the vectors by component where there are very many artists, else (d, 0);
    ``details`` how it was trained.

    An item is an artist by its position, or a track by ``I +`` its position among the tracks.
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
    tracks: Discography
    columns: Floats
    details: Mapping[str, int | float]

    @cached_property
    def covered_items(self) -> Positions:
        """The artists that EASE knows."""
        return np.flatnonzero(self.covered)

    @cached_property
    def sample(self) -> Positions:
        """Some artists that stand for all, ascending; the same in every process."""
        few = min(SAMPLE, len(self.index))
        return np.sort(np.random.default_rng(0).choice(len(self.index), few, replace=False))

    @cached_property
    def sample_tags(self) -> Rows:
        """The tags of the artists in ``sample``."""
        return self.tags.only(self.sample)

    @cached_property
    def middle_bias(self) -> float:
        """The mean of the artists' biases."""
        return float(self.biases.mean(dtype=np.float64))

    @cached_property
    def lengths(self) -> Floats:
        """(I,): the lengths of the artists' vectors."""
        squares: Floats = np.einsum("ij,ij->i", self.vectors, self.vectors)
        return np.sqrt(squares)

    @cached_property
    def obscurity(self) -> Floats:
        """(I,): how much less an artist is heard than the one most heard, in logarithms."""
        heard = np.log1p(self.listeners)
        obscurity: Floats = heard.max(initial=0.0) - heard
        return obscurity

    def named(self, item: int) -> TrackName:
        """The artist's name and, of a track, its title (of an artist "")."""
        artists = len(self.index)
        if item < artists:
            return self.index.names[item], ""
        track = item - artists
        owner = int(self.tracks.artists[track])
        return self.index.names[owner], self.tracks.titles.names[track]

    def artists_of(self, items: Positions) -> Positions:
        """Whose each item is: an artist its own, a track its artist's."""
        artists = len(self.index)
        owners = np.array(items)
        songs = owners >= artists
        owners[songs] = self.tracks.artists[owners[songs] - artists]
        return owners

    def described(self, items: Positions) -> tuple[Floats, Floats]:
        """Vectors (k, d) and biases (k,) of items: a track's are its artist's and its own added."""
        artists = self.artists_of(items)
        vectors, biases = self.vectors[artists], self.biases[artists]
        places = np.flatnonzero(items >= len(self.index))
        tracks = items[places] - len(self.index)
        vectors[places] += self.tracks.vectors[tracks]
        biases[places] += self.tracks.biases[tracks]
        return vectors, biases
