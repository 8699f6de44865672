"""The recommender's front door: learn from lists, answer anyone from the list they bring."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy import sparse
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from recommender.arrays import Doubles, Flags, Floats, Positions, Rows
from recommender.catalogue import Catalogue
from recommender.errors import DataError
from recommender.explain import Reason, explain
from recommender.features import (
    collect_items,
    play_matrix,
    relative_log_rows,
    tag_circles,
    tag_features,
)
from recommender.foldin import learn_map
from recommender.hybrid import Factors, fit_factors
from recommender.learnt import Learnt
from recommender.neighbours import fit_neighbours
from recommender.profile import Listened, Profile, listen
from recommender.ranking import rank
from recommender.recipe import Recipe
from recommender.scoring import Scored, score

__all__ = ["Model", "Profile", "Reason", "Recommendation", "train"]

MOST_AT_ONCE: Final = 1_000
EXPLAIN_ROUNDS: Final = 8


@dataclass(frozen=True, slots=True)
class Recommendation:
    """An artist, the score it was ranked by (higher is better, comparable within one answer) and
    why.
    """

    artist: str
    score: float
    reason: Reason


@dataclass(frozen=True, slots=True)
class Model:
    """A trained recommender: immutable, shared by all requests, with nothing about any member."""

    learnt: Learnt

    def recommend(
        self, profile: Profile, *, mode: str = "balanced", count: int = 10
    ) -> list[Recommendation]:
        """At most ``count`` artists for ``profile``, best first.

        What the profile plays, likes, knows, dislikes or names is left out (``mode`` "familiar"
        lets played and liked artists return). Artists the model has never met are passed over;
        DataError when it knows none of them, when a named seed is unknown, or for an unknown mode
        or a count out of range.
        """
        if not 1 <= count <= MOST_AT_ONCE:
            raise DataError(f"Ask for 1 to {MOST_AT_ONCE} artists at once, not {count}.")
        scored = score(self.learnt, listen(profile, self.learnt.index))
        items, scores, reasons = self._explained(scored, mode, count)
        return [
            Recommendation(self.learnt.index.names[item], round(float(value), 6), reason)
            for item, value, reason in zip(items, scores, reasons, strict=True)
        ]

    def _explained(
        self, scored: Scored, mode: str, count: int
    ) -> tuple[Positions, Doubles, list[Reason]]:
        """A ranked list and its reasons; artists that nobody in the list speaks for give way."""
        reasons: dict[int, Reason] = {}
        for _ in range(EXPLAIN_ROUNDS):
            mute = np.array([i for i, why in reasons.items() if not why.because], dtype=np.int64)
            items, scores = rank(self.learnt, scored, mode, count, reluctantly=mute)
            fresh = np.array([item not in reasons for item in items.tolist()], dtype=bool)
            if not fresh.any():
                break
            found = explain(self.learnt, scored, items[fresh], scores[fresh])
            reasons |= zip(items[fresh].tolist(), found, strict=True)
        return items, scores, [reasons[item] for item in items.tolist()]

    def listen(self, profile: Profile) -> Listened:
        """How this model reads ``profile``: which artists it knows, which not. Raises like
        recommend.
        """
        return listen(profile, self.learnt.index)

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
    seed: int = 0,
    min_listeners: int = 1,
    always_offered: int | None = None,
    recipe: Recipe | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Model:
    """Learn from ``listeners`` (id -> artist -> plays): crates, members' histories, a plays table.

    Every artist of ``catalogue`` becomes an item, and every artist someone plays; one that is in
    fewer than ``min_listeners`` lists and not in the catalogue is understood but never recommended;
    with ``always_offered`` that holds for the catalogue, too, but for its first so many artists.
    ``progress`` is called with (steps done, steps in all). Equal arguments give equal bits: one
    thread, no clock, no order of dictionaries. DataError when there is nothing to learn from.
    """
    index, tags = collect_items(catalogue, listeners)
    if not len(index):
        raise DataError("There are no artists to learn from; give plays, tags or a catalogue.")
    plays = play_matrix(index, listeners)
    recipe = recipe or Recipe.for_pairs(plays.nnz)
    features = tag_features(
        tags, min_artists=recipe.min_artists_per_tag, per_artist=recipe.tags_per_artist
    )
    step = _Steps(recipe.steps, progress)
    with threadpool_limits(limits=1):
        factors, fold_map = _learn_factors(plays, features.matrix, recipe, seed, step)
        near = fit_neighbours(relative_log_rows(plays), features.matrix, recipe)
        step()
    heard = np.bincount(plays.indices, minlength=len(index)).astype(np.float32)
    always = len(catalogue) if always_offered is None else always_offered
    offered = _offered(always, heard, min_listeners)
    learnt = Learnt(
        index=index.showing(np.flatnonzero(offered).tolist()),
        tag_names=features.names,
        vectors=factors.items,
        biases=factors.biases,
        centre=factors.items.mean(axis=0),
        spread=_covariance(factors),
        tag_vectors=factors.tags,
        fold_map=fold_map,
        tags=Rows.of(features.matrix),
        neighbours=near.rows,
        covered=near.covered,
        listeners=heard,
        offered=offered,
        details={"seed": seed, "listeners": plays.shape[0], "pairs": int(plays.nnz)},
    )
    return Model(learnt)


def _learn_factors(
    plays: Any, features: Any, recipe: Recipe, seed: int, step: Callable[[], None]
) -> tuple[Factors, Floats]:
    """Factors and fold-in map from the lists, with tag circles where lists are few."""
    lists = plays
    if recipe.circle:
        circles = tag_circles(plays, features, recipe.circle)
        lists = sparse.vstack([plays, circles], "csr")
    factors = fit_factors(lists, features, recipe, seed, step)
    fold_map = learn_map(lists, factors.items, factors.members, ridge=recipe.map_ridge, seed=seed)
    step()
    return factors, fold_map


def _covariance(factors: Factors) -> Floats:
    both = np.column_stack([factors.items, factors.biases]).astype(np.float64)
    both -= both.mean(axis=0)
    return (both.T @ both / len(both)).astype(np.float32)


def _offered(always: int, heard: Floats, min_listeners: int) -> Flags:
    offered: Flags = heard >= min_listeners
    offered[:always] = True
    return offered


class _Steps:
    """Counts the steps of a training and tells whoever asked."""

    def __init__(self, total: int, tell: Callable[[int, int], None] | None) -> None:
        self._total = total
        self._done = 0
        self._tell = tell

    def __call__(self) -> None:
        self._done += 1
        if self._tell:
            self._tell(self._done, self._total)
