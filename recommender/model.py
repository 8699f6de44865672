"""The recommender's front door: learn from lists, answer anyone from the list they bring."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from recommender.arrays import Doubles, Positions
from recommender.catalogue import Catalogue
from recommender.errors import DataError
from recommender.explain import Reason, explain
from recommender.learning import learn
from recommender.learnt import Learnt
from recommender.plays import TrackName
from recommender.profile import Listened, Profile, listen
from recommender.ranking import ARTIST_CAP, Items, Wish, course, in_order, pick, shortlist
from recommender.recipe import Recipe
from recommender.scoring import Scored, score
from recommender.tracks import Track

__all__ = ["Model", "Profile", "Reason", "Recommendation", "train"]

MOST_AT_ONCE: Final = 1_000
EXPLAIN_ROUNDS: Final = 8
SPARE: Final = 4


@dataclass(frozen=True, slots=True)
class Recommendation:
    """An artist, the score it was ranked by (higher is better, comparable within one answer) and
    why; ``track`` is the title where the item is a track, "" where it is the artist.
    """

    artist: str
    score: float
    reason: Reason
    track: str = ""


@dataclass(frozen=True, slots=True)
class Model:
    """A trained recommender: immutable, shared by all requests, with nothing about any member."""

    learnt: Learnt

    def recommend(
        self,
        profile: Profile,
        *,
        mode: str = "balanced",
        count: int = 10,
        kind: Items = "artists",
        per_artist: int = ARTIST_CAP,
    ) -> list[Recommendation]:
        """At most ``count`` items for ``profile``, best first, at most ``per_artist`` of an artist.

        ``kind`` "tracks": every track known; "any": tracks somebody plays, and artists who are
        listened to as such. What the profile plays, likes, knows, dislikes or names is left out
        (``mode`` "familiar" lets what is played and liked return); a disliked or named artist's
        tracks stay out too, other tracks of an artist who is played do not. What was shown of late
        stays out while there is enough else. Artists the model has never met are passed over;
        DataError when it knows none of them, when a named seed is unknown, or for an unknown mode
        or kind or a count out of range.
        """
        if not 1 <= count <= MOST_AT_ONCE:
            raise DataError(f"Ask for 1 to {MOST_AT_ONCE} {kind} at once, not {count}.")
        wish = Wish(mode, count, kind, per_artist)
        songs = kind != "artists"
        titles = self.learnt.tracks.titles if songs else None
        listened = listen(profile, self.learnt.index, titles)
        scored = score(
            self.learnt, listened, songs=songs, damping=course(mode).damping_for(listened.weights)
        )
        items, scores, reasons = self._explained(scored, wish)
        return [
            Recommendation(artist, round(float(value), 6), reason, track)
            for (artist, track), value, reason in zip(
                map(self.learnt.named, items.tolist()), scores, reasons, strict=True
            )
        ]

    def _explained(self, scored: Scored, wish: Wish) -> tuple[Positions, Doubles, list[Reason]]:
        """A ranked list and its reasons; items that nobody in the list speaks for give way."""
        short = shortlist(self.learnt, scored, wish)
        reasons: dict[int, Reason] = {}
        picks = pick(short, wish, spare=SPARE)
        for _ in range(EXPLAIN_ROUNDS):
            items, scores = in_order(short, picks)
            fresh = np.array([item not in reasons for item in items.tolist()], dtype=bool)
            if reasons and not fresh.any():
                break
            found = explain(self.learnt, scored, items[fresh], scores[fresh])
            reasons |= zip(items[fresh].tolist(), found, strict=True)
            mute = np.array([i for i, why in reasons.items() if not why.because], dtype=np.int64)
            # What is picked first does not depend on how many are picked.
            again = len(mute) > 0
            picks = pick(short, wish, reluctantly=mute) if again else picks[: wish.count]
        return items, scores, [reasons[item] for item in items.tolist()]

    def listen(self, profile: Profile) -> Listened:
        """How this model reads ``profile``, and what it does not know. Raises like recommend."""
        return listen(profile, self.learnt.index, self.learnt.tracks.titles)

    def find(self, text: str) -> str | None:
        """The one artist of this model that ``text`` can mean, or None."""
        item = self.learnt.index.find(text)
        return None if item is None else self.learnt.index.names[item]

    def suggest(self, typed: str, limit: int = 25) -> list[str]:
        """Artist names for autocomplete, best first."""
        return [self.learnt.index.names[item] for item in self.learnt.index.suggest(typed, limit)]

    def nearest(self, text: str, limit: int = 3) -> list[str]:
        """Names to offer when :meth:`find` found none."""
        return [self.learnt.index.names[item] for item in self.learnt.index.nearest(text, limit)]

    def tags(self, name: str, limit: int = 5) -> tuple[str, ...]:
        """The most telling tags of an artist, strongest first; none for an unknown one."""
        item = self.learnt.index.get(name)
        if item is None:
            return ()
        row = self.learnt.tags.dense(np.array([item]))[0]
        order = np.argsort(-row, kind="stable")[:limit]
        return tuple(self.learnt.tag_names[tag] for tag in order if row[tag] > 0)

    def __len__(self) -> int:
        return len(self.learnt.index)


def train(
    catalogue: Catalogue,
    listeners: Mapping[str, Mapping[str, float]],
    *,
    tracks: Mapping[str, Mapping[TrackName, float]] | None = None,
    known_tracks: Collection[Track] = (),
    seed: int = 0,
    min_listeners: int = 1,
    always_offered: int | None = None,
    recipe: Recipe | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Model:
    """Learn from ``listeners`` (id -> artist -> plays): crates, members' histories, a plays table.

    ``tracks`` divides these plays over tracks as far as known (id -> (artist, title) -> plays);
    an artist who stands there alone counts with the sum. ``known_tracks`` are tracks of the
    catalogue's artists, each artist's best to begin with first.

    Every artist of ``catalogue`` becomes an item, and every artist someone plays, and every track;
    one that is in fewer than ``min_listeners`` lists and not in the catalogue is understood but
    never recommended; with
    ``always_offered`` that holds for the catalogue, too, but for its first so many artists.
    ``progress`` is called with (steps done, steps in all). Equal arguments give equal bits: one
    thread, no clock, no order of dictionaries. DataError when there is nothing to learn from.
    """
    return Model(
        learn(
            catalogue,
            listeners,
            tracks=tracks or {},
            known_tracks=known_tracks,
            seed=seed,
            min_listeners=min_listeners,
            always_offered=always_offered,
            recipe=recipe,
            progress=progress,
        )
    )
