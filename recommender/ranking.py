"""From scores to a list: who may appear, how far from the beaten track, and not five times the
same.

Diversity is maximal marginal relevance: Carbonell and Goldstein (1998), doi 10.1145/290941.291025.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np

from recommender.arrays import Doubles, Flags, Floats, Positions
from recommender.errors import DataError
from recommender.foldin import effective_number
from recommender.learnt import Learnt
from recommender.profile import Listened
from recommender.scoring import Scored, likeness

Mode = Literal["familiar", "balanced", "adventurous"]

Items = Literal["artists", "tracks", "any"]
KINDS: Final[tuple[Items, ...]] = get_args(Items)

ARTIST_CAP: Final = 2
DISLIKE_DAMPING: Final = 1.0
KNOWN_LIFT: Final = 0.8
BLOCK: Final = 64


@dataclass(frozen=True, slots=True)
class Course:
    """One mode: ``damping`` of popularity, half of it for a list of ``half_at`` artists; weight of
    ``diversity`` in 0..1 within the best ``pool`` times as many as are wanted, whether ``known``
    may return.
    """

    damping: float
    half_at: float
    diversity: float
    pool: int
    known: bool

    def damping_for(self, weights: Doubles) -> float:
        """What popularity costs a list of these weights."""
        number = effective_number(weights)
        return self.damping * number / (number + self.half_at)


COURSES: Final[dict[str, Course]] = {
    "familiar": Course(damping=0.0, half_at=0.0, diversity=0.15, pool=5, known=True),
    "balanced": Course(damping=0.2, half_at=10.0, diversity=0.15, pool=5, known=False),
    "adventurous": Course(damping=0.8, half_at=0.0, diversity=0.5, pool=10, known=False),
}


def course(mode: str) -> Course:
    """The course of a mode; DataError names the modes there are."""
    try:
        return COURSES[mode]
    except KeyError:
        raise DataError(f"There is no mode {mode!r}; choose {', '.join(COURSES)}.") from None


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for: ``count`` items of a ``kind`` in a ``mode``, of one artist ``per_artist``
    at most. DataError for a mode or a kind there is not, and for a cap below one.
    """

    mode: str
    count: int
    kind: Items = "artists"
    per_artist: int = ARTIST_CAP

    def __post_init__(self) -> None:
        course(self.mode)
        if self.kind not in KINDS:
            raise DataError(f"There is no kind {self.kind!r} of item; choose {', '.join(KINDS)}.")
        if self.per_artist < 1:
            raise DataError("Of one artist a list holds at least one item; ask for 1 or more.")


@dataclass(frozen=True, slots=True)
class Shortlist:
    """The best items for a wish, best first, several times as many as are wanted, with their final
    ``scores`` and how ``alike`` they are to each other, 0..1, by their tags.
    """

    items: Positions
    scores: Doubles
    alike: Floats


def shortlist(learnt: Learnt, scored: Scored, wish: Wish) -> Shortlist:
    """What may be shown, ranked, before anything is said about variety."""
    chosen = course(wish.mode)
    worth = _worth(learnt, scored, chosen)
    final = worth if wish.kind == "artists" else _with_tracks(learnt, scored, worth, wish.kind)
    if chosen.known:
        _lift_known(final, _known(learnt, scored.listened, wish.kind), final.max(initial=-np.inf))
    final[~_allowed(learnt, scored.listened, chosen, wish.kind)] = -np.inf
    _set_aside(final, _recent(learnt, scored.listened, wish), wish.count)
    items = _pool(learnt, final, chosen.pool * wish.count, wish)
    return Shortlist(items, final[items], learnt.tags.alike(learnt.artists_of(items)))


def pick(
    short: Shortlist, wish: Wish, *, reluctantly: Positions | None = None, spare: int = 0
) -> Positions:
    """Places in a shortlist of at most ``wish.count`` items to show, varied, in the order they are
    picked. With ``spare`` so many more.

    Those in ``reluctantly`` only appear when there are not enough others.
    """
    places = np.arange(len(short.items))
    count = wish.count + spare
    if reluctantly is not None and len(reluctantly):
        preferred = places[~np.isin(short.items, reluctantly)]
        places = preferred if len(preferred) >= wish.count else places
    return _diverse(short, places, course(wish.mode).diversity, count)


def in_order(short: Shortlist, picks: Positions) -> tuple[Positions, Doubles]:
    """What was picked out of a shortlist, best first, with the scores; ties in catalogue order."""
    items, scores = short.items[picks], short.scores[picks]
    order = np.lexsort((items, -scores))
    return items[order], scores[order]


def _worth(learnt: Learnt, scored: Scored, chosen: Course) -> Doubles:
    """(I,): what every artist is worth on this course, allowed or not."""
    factor = np.float32(scored.confidence * chosen.damping_for(scored.listened.weights))
    worth: Doubles = scored.total + factor * learnt.obscurity
    disliked = scored.listened.disliked
    if len(disliked):
        scored_ones = np.flatnonzero(worth > -np.inf)
        alike = (likeness(learnt, scored_ones, disliked) * scored.listened.dislike).sum(axis=1)
        worth[scored_ones] -= scored.confidence * DISLIKE_DAMPING * alike
    return worth


def _with_tracks(learnt: Learnt, scored: Scored, worth: Doubles, kind: Items) -> Doubles:
    """(I + T,): artists' worth, and that of tracks: their artist's and what they add to it."""
    songs = scored.songs
    if songs is None:
        raise ValueError("the list was scored without its tracks")
    artists = worth if kind == "any" else np.full(len(worth), -np.inf)
    return np.concatenate([artists, worth[learnt.tracks.artists] + songs.own])


def _known(learnt: Learnt, listened: Listened, kind: Items) -> tuple[Positions, Doubles]:
    """What of the list is of that kind, and how much each counts."""
    tracks = listened.tracks + len(learnt.index)
    if kind == "artists":
        return listened.items, listened.weights
    if kind == "tracks":
        return tracks, listened.track_weights
    return (
        np.concatenate([listened.items, tracks]),
        np.concatenate([listened.weights, listened.track_weights]),
    )


def _lift_known(final: Doubles, known: tuple[Positions, Doubles], best: float) -> None:
    """Take what is played most of the way up to the best score, by how much it is played.

    EASE says nothing of an artist's own place in a list, so the known would come too low.
    """
    items, weights = known
    if len(items):
        final[items] += KNOWN_LIFT * weights / weights.max() * (best - final[items])


def _allowed(learnt: Learnt, listened: Listened, chosen: Course, kind: Items) -> Flags:
    artists = np.array(learnt.offered)
    artists[listened.items] = chosen.known
    artists[listened.seeds] = False
    artists[listened.disliked] = False
    artists[listened.hidden] = False
    if kind == "artists":
        return artists
    tracks = np.array(learnt.tracks.offered)
    tracks[listened.tracks] = chosen.known
    barred = np.zeros(len(artists), dtype=bool)
    barred[listened.seeds] = True
    barred[listened.disliked] = True
    tracks &= ~barred[learnt.tracks.artists]
    if kind == "any":
        tracks &= learnt.tracks.listeners > 0
        artists &= learnt.tracks.alone
    return np.concatenate([artists, tracks])


def _recent(learnt: Learnt, listened: Listened, wish: Wish) -> Positions:
    """What was shown of late; but where the known may return, one's favourites may do so daily."""
    recent = listened.recent
    if wish.kind != "artists":
        recent = np.concatenate([recent, listened.recent_tracks + len(learnt.index)])
    if course(wish.mode).known:
        recent = np.setdiff1d(recent, _known(learnt, listened, wish.kind)[0])
    return recent


def _set_aside(final: Doubles, recent: Positions, count: int) -> None:
    """Leave out what was shown of late while ``count`` others are left."""
    if not len(recent):
        return
    others = np.isfinite(final).sum() - np.isfinite(final[recent]).sum()
    if others >= count:
        final[recent] = -np.inf


def _pool(learnt: Learnt, final: Doubles, size: int, wish: Wish) -> Positions:
    """The best ``size`` items, of one artist only the best ``wish.per_artist``."""
    if wish.kind == "artists":
        return _best(final, size)
    wanted = size
    while True:
        best = _best(final, wanted)
        capped = best[_place_among_own(learnt.artists_of(best)) < wish.per_artist]
        if len(capped) >= size or len(best) < wanted:
            return capped[:size]
        wanted *= 4


def _place_among_own(artists: Positions) -> Positions:
    """(n,): how many items of the same artist stand before each."""
    order = np.argsort(artists, kind="stable")
    ordered = artists[order]
    first = np.searchsorted(ordered, ordered)
    places = np.empty(len(artists), dtype=np.int64)
    places[order] = np.arange(len(artists)) - first
    return places


def _best(final: Doubles, count: int) -> Positions:
    """Positions of the ``count`` highest finite scores, best first, ties by position.

    As many blocks have a highest score of at least the ``count``-th highest of these: nothing below
    that can be among the best.
    """
    floor = -np.inf
    blocks = len(final) // BLOCK
    if count < blocks:
        highest = final[: blocks * BLOCK].reshape(blocks, BLOCK).max(axis=1)
        floor = np.partition(highest, blocks - count)[blocks - count]
    candidates = np.flatnonzero((final >= floor) & (final > -np.inf))
    return candidates[np.lexsort((candidates, -final[candidates]))][:count]


def _diverse(short: Shortlist, places: Positions, weight: float, count: int) -> Positions:
    """Which of ``places`` to show, ``count`` of them."""
    if not len(places):
        return places
    final = short.scores[places]
    alike = short.alike[np.ix_(places, places)]
    spread = float(final[0] - final[-1]) or 1.0
    gain = (1.0 - weight) * (final - final[-1]) / spread
    closest = np.zeros(len(places))
    picks = []
    for _ in range(min(count, len(places))):
        best = int((gain - weight * closest).argmax())
        picks.append(best)
        gain[best] = -np.inf
        np.maximum(closest, alike[best], out=closest)
    return places[picks]
