"""How much a track suits a list beyond what its artist does: factors of its own, and EASE between
tracks.

``own = c (s_map (u . e_track + b_track) + share EASE / spread)``: the factor part on the scale that
the artists' have, the EASE part by its spread over the tracks it knows. A track nobody has played
gets 0. Both are linear in the list.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from recommender.arrays import Doubles, Positions, product
from recommender.glance import MANY
from recommender.learnt import Learnt
from recommender.profile import Listened

SONG_SHARE: Final = 0.5
FLAT: Final = 1e-12
ARTISTS: Final = 1_500


@dataclass(frozen=True, slots=True)
class Songs:
    """``own`` (T,) of every track, and the ``scale`` its EASE part was added on."""

    own: Doubles
    scale: float


def score_songs(
    learnt: Learnt,
    listened: Listened,
    vector: Doubles,
    map_scale: float,
    share: float,
    totals: Doubles,
) -> Songs:
    """Score every track for the member ``vector``; ``share`` is the weight of the artists' EASE.

    Of very many tracks those of the best artists by ``totals`` (I,) are scored, of the list's, and
    those that EASE speaks for; the others are at -inf.
    """
    tracks = learnt.tracks
    ease = tracks.neighbours.total(listened.tracks, listened.track_weights)
    spread = float(ease[tracks.covered].std()) if len(tracks.covered) else 0.0
    scale = SONG_SHARE * share / spread if spread > FLAT else 0.0
    direction = vector.astype(np.float32)
    if len(tracks) <= MANY:
        raw = product(tracks.vectors, direction) + tracks.biases
        return Songs(raw.astype(np.float64) * map_scale + ease * scale, scale)
    among = np.zeros(len(totals), dtype=bool)
    among[np.argpartition(-totals, ARTISTS)[:ARTISTS] if len(totals) > ARTISTS else slice(None)] = (
        True
    )
    among[listened.items] = True
    reach = np.flatnonzero(among[tracks.artists] | (ease > 0))
    raw = product(tracks.vectors[reach], direction) + tracks.biases[reach]
    own = np.full(len(tracks), -np.inf)
    own[reach] = raw * map_scale + ease[reach] * scale
    return Songs(own, scale)


def songs_among(learnt: Learnt, items: Positions) -> Positions:
    """Which of ``items`` are tracks: their places in it."""
    return np.flatnonzero(items >= len(learnt.index))


def by_songs(learnt: Learnt, listened: Listened, songs: Songs, items: Positions) -> Doubles:
    """(list, items): what the tracks of each entry of the list add through EASE to each of
    ``items``.
    """
    shares = np.zeros((len(listened.items), len(items)))
    places = songs_among(learnt, items)
    if len(listened.tracks) and len(places):
        wanted = items[places] - len(learnt.index)
        found = learnt.tracks.neighbours.at(listened.tracks, wanted) * songs.scale
        by_entry = np.zeros((len(listened.items), len(places)))
        np.add.at(by_entry, listened.owners, listened.track_weights[:, None] * found)
        shares[:, places] = by_entry
    return shares
