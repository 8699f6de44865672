"""Whether a freshly trained model may serve: checks that a broken training fails.

From lists the model has learnt from, half is hidden and asked for again. That says nothing about
how good a model is (:mod:`benchmarks.recommender` does), but scrambled, empty or constant arrays
cannot pass: the whole score and each of its parts has to be clearly above popularity, not idle
beside the best part and, where there is a model in use, not far below that one on the same lists.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from recommender.arrays import Doubles, Positions, product
from recommender.catalogue import CRATE_LISTENER
from recommender.contents import contents_of
from recommender.errors import DataError
from recommender.features import play_matrix
from recommender.learnt import Learnt
from recommender.model import Model
from recommender.profile import Profile, listen
from recommender.scoring import score

SEED: Final = 20
TOP: Final = 20
MOST_LISTS: Final = 100
SHORTEST_LIST: Final = 6
ABOVE_POPULARITY: Final = 1.5
SHARE_OF_BEST: Final = 0.1
KEPT_OF_CURRENT: Final = 0.7
"""Honest trainings on the starter's lists with and without 1,324 members of Last.fm-2k stay above
.88 of each other in every part; a scrambled part falls below .1."""

PARTS: Final = ("whole", "factors", "neighbours", "tags")
_READABLE: Final = {"whole": "blended score", "neighbours": "neighbour part", "tags": "tag part"}

Lists = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """``faults``: why the model must not serve, each a clause; none for a sound one.

    ``figures``: mean NDCG@20 over the lists by part, of ``popularity``, and with "current " before
    it of the model in use; ``recall`` is Recall@20 of the whole. Empty when it did not come to
    that.
    """

    faults: tuple[str, ...]
    figures: Mapping[str, float]

    @property
    def sound(self) -> bool:
        return not self.faults


@dataclass(frozen=True, slots=True)
class _Case:
    known: Mapping[str, float]
    hidden: frozenset[str]


def examine(model: Model, lists: Lists, *, expected: int, current: Model | None = None) -> Verdict:
    """Judges ``model``, trained on ``lists`` and a catalogue of ``expected`` artists.

    Deterministic; about a second for each of the two models.
    """
    faults = tuple(faults_in_numbers(model))
    faults += tuple(_missing(model, expected))
    if faults:
        return Verdict(faults, {})
    cases = _cases(model.learnt, lists)
    if not cases:
        return Verdict(("no list is long enough to try it on",), {})
    figures = _measure(model, cases)
    figures["popularity"] = _popularity(model.learnt, lists, cases)
    faults = tuple(_idle(figures))
    if current is not None:
        before = _measure(current, cases)
        figures |= {f"current {name}": value for name, value in before.items()}
        faults += tuple(_fallen(figures, before))
    return Verdict(faults, {name: round(value, 4) for name, value in figures.items()})


def faults_in_numbers(model: Model) -> Iterator[str]:
    """What is wrong with the arrays as such: nothing in them, or numbers that are none."""
    if not len(model):
        yield "it knows no artist"
    for name, array in contents_of(model).arrays.items():
        if array.dtype.kind == "f" and not np.isfinite(array).all():
            yield f"{name} holds numbers that are not finite"


def _missing(model: Model, expected: int) -> Iterator[str]:
    offered = int(np.count_nonzero(model.learnt.offered))
    if offered < expected:
        yield f"it offers {offered} artists where the catalogue has {expected}"


def _idle(figures: Mapping[str, float]) -> Iterator[str]:
    best = max(figures[part] for part in PARTS)
    floor = max(ABOVE_POPULARITY * figures["popularity"], SHARE_OF_BEST * best)
    for part in PARTS:
        # Strictly: a part that says nothing finds nothing, where popularity may find nothing too.
        if not figures[part] > floor:
            yield (
                f"its {_READABLE.get(part, 'factor part')} says next to nothing (NDCG"
                f" {figures[part]:.3f}; popularity {figures['popularity']:.3f}, best {best:.3f})"
            )


def _fallen(figures: Mapping[str, float], before: Mapping[str, float]) -> Iterator[str]:
    for part in PARTS:
        if figures[part] < KEPT_OF_CURRENT * before[part]:
            yield (
                f"its {_READABLE.get(part, 'factor part')} is far below the current model's"
                f" (NDCG {figures[part]:.3f}; {before[part]:.3f})"
            )


def _cases(learnt: Learnt, lists: Lists) -> list[_Case]:
    """Lists of enough artists, each with a random half of them hidden.

    As many crates as others where there are both: what members play may be little tagged, or be
    what everybody plays. By name, so that another model can be asked the same.
    """
    enough = sorted(listener for listener, plays in lists.items() if len(plays) >= SHORTEST_LIST)
    crates = [listener for listener in enough if listener.startswith(CRATE_LISTENER)]
    members = [listener for listener in enough if not listener.startswith(CRATE_LISTENER)]
    draw = np.random.default_rng(SEED)
    cases = []
    for listener in (*_evenly(crates), *_evenly(members)):
        plays = lists[listener]
        names = sorted(plays)
        picks = draw.permutation(len(names))
        known = {names[pick]: plays[names[pick]] for pick in picks[len(names) // 2 :]}
        hidden = (names[pick] for pick in picks[: len(names) // 2])
        offered = frozenset(name for name in hidden if _is_offered(learnt, name))
        if offered:
            cases.append(_Case(known, offered))
    return cases


def _evenly(listeners: list[str]) -> list[str]:
    """At most ``MOST_LISTS`` of them, evenly spaced."""
    places = np.linspace(0, len(listeners) - 1, min(MOST_LISTS, len(listeners)), dtype=int)
    return [listeners[place] for place in places.tolist()]


def _is_offered(learnt: Learnt, name: str) -> bool:
    item = learnt.index.get(name)
    return item is not None and bool(learnt.offered[item])


def _measure(model: Model, cases: list[_Case]) -> dict[str, float]:
    """Mean NDCG@20 by part and ``recall`` of the whole; a list it knows nothing of counts 0."""
    sums = dict.fromkeys((*PARTS, "recall"), 0.0)
    for case in cases:
        try:
            scores, known = _scores(model.learnt, case)
        except DataError:
            continue
        hidden = _positions(model.learnt, case)
        for part, values in scores.items():
            hits = _hits(model.learnt, values, known, hidden)
            sums[part] += _ndcg(hits, len(case.hidden))
            if part == "whole":
                sums["recall"] += float(hits.sum()) / min(TOP, len(case.hidden))
    return {name: total / len(cases) for name, total in sums.items()}


def _scores(learnt: Learnt, case: _Case) -> tuple[dict[str, Doubles], Positions]:
    """Every artist's score by part, and the artists the list shows."""
    listened = listen(Profile(plays=case.known), learnt.index)
    scored = score(learnt, listened)
    factors = product(learnt.vectors, scored.vector.astype(np.float32)) + learnt.biases
    tagged = learnt.tags.project(scored.taste / scored.taste_length)
    scores: dict[str, Doubles] = {
        "whole": scored.total,
        "factors": factors.astype(np.float64),
        "neighbours": scored.ease,
        "tags": tagged.astype(np.float64),
    }
    return scores, listened.items


def _popularity(learnt: Learnt, lists: Lists, cases: list[_Case]) -> float:
    heard = np.bincount(play_matrix(learnt.index, lists).indices, minlength=len(learnt.index))
    total = 0.0
    for case in cases:
        known = listen(Profile(plays=case.known), learnt.index).items
        hits = _hits(learnt, heard.astype(np.float64), known, _positions(learnt, case))
        total += _ndcg(hits, len(case.hidden))
    return total / len(cases)


def _positions(learnt: Learnt, case: _Case) -> list[int]:
    found = (learnt.index.get(name) for name in case.hidden)
    return [item for item in found if item is not None]


def _hits(learnt: Learnt, values: Doubles, known: Positions, hidden: list[int]) -> Doubles:
    """1 where the best 20 by ``values`` are hidden ones, else 0. Equal values find nothing."""
    values = np.where(learnt.offered, values, -np.inf)
    values[known] = -np.inf
    best = np.argpartition(-values, min(TOP, len(values) - 1))[:TOP]
    best = best[np.lexsort((best, -values[best]))]
    found = np.isin(best, hidden) & (values[best] > np.median(values))
    return found.astype(np.float64)


def _ndcg(hits: Doubles, wanted: int) -> float:
    """Normalised discounted cumulative gain, binary: Järvelin and Kekäläinen (2002),
    doi 10.1145/582415.582418."""
    discount = 1.0 / np.log2(np.arange(2, TOP + 2))
    return float((hits * discount[: len(hits)]).sum() / discount[: min(TOP, wanted)].sum())
