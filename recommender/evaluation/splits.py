"""What is hidden from the models and asked of them afterwards.

*Warm*: a fifth of every list is hidden and the rest trained on. *Unseen listeners*: a fifth of the
listeners is never trained on; models see 80 % of such a list, or five of its artists, and are asked
for the others. *Unseen artists*: a fifth of the tagged artists with at least three listeners loses
every play; models rank those artists among themselves for the listeners who lost them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from recommender.arrays import Doubles, Flags, Positions
from recommender.evaluation.listening import heard_by

HIDDEN: Final = 0.2
KNOWN: Final = 0.8
FIVE: Final = 5
FEWEST_ARTISTS: Final = 10
FEWEST_LISTENERS: Final = 3
FEWEST_CASES: Final = 10
FEWEST_CANDIDATES: Final = 40


@dataclass(frozen=True, slots=True)
class Case:
    """One listener: the ``known`` artists with their ``plays`` and the ``hidden`` ones, all
    ascending.

    ``row`` is theirs in the training plays, None for somebody never trained on.
    """

    row: int | None
    known: Positions
    plays: Doubles
    hidden: Positions


@dataclass(frozen=True, slots=True)
class Protocol:
    """One way to ask: its ``cases``, and which artists may be answered (I,), None for all."""

    name: str
    cases: tuple[Case, ...]
    candidates: Flags | None = None


@dataclass(frozen=True, slots=True)
class Split:
    """``plays`` to train on (no empty rows) and the protocols asked of what was trained."""

    plays: Any
    protocols: tuple[Protocol, ...]


def warm(plays: Any, seed: int) -> Split:
    """A fifth of every list hidden, each artist by its own chance."""
    hidden = np.random.default_rng(seed).random(plays.nnz) < HIDDEN
    return _by_pairs("warm", plays, hidden)


def unseen_listeners(plays: Any, seed: int) -> Split:
    """A fifth of the listeners set aside; of those, who have ``FEWEST_ARTISTS`` are asked."""
    draw = np.random.default_rng(seed)
    order = draw.permutation(plays.shape[0])
    count = int(HIDDEN * len(order))
    aside = np.sort(order[:count])
    rows = [
        plays[row] for row in aside if plays.indptr[row + 1] - plays.indptr[row] >= FEWEST_ARTISTS
    ]
    most = tuple(_cut(row, round(KNOWN * row.nnz), draw) for row in rows)
    five = tuple(_cut(row, FIVE, draw) for row in rows)
    protocols = (Protocol("unseen listeners, 80 %", most), Protocol("unseen listeners, five", five))
    return Split(plays[np.sort(order[count:])], _asked(protocols))


def unseen_artists(plays: Any, tagged: Flags, seed: int) -> Split:
    """A fifth of the ``tagged`` (I,) artists that ``FEWEST_LISTENERS`` play lose their plays."""
    eligible = np.flatnonzero(tagged & (heard_by(plays) >= FEWEST_LISTENERS))
    chosen = np.random.default_rng(seed).permutation(eligible)[: int(HIDDEN * len(eligible))]
    candidates = np.zeros(plays.shape[1], dtype=bool)
    candidates[chosen] = True
    split = _by_pairs("unseen artists", plays, candidates[plays.indices], candidates)
    return split if len(chosen) >= FEWEST_CANDIDATES else Split(split.plays, ())


def _by_pairs(name: str, plays: Any, hidden: Flags, candidates: Flags | None = None) -> Split:
    """Train on the pairs that are not ``hidden`` (nnz,); ask everyone who has some of both."""
    kept = plays.copy()
    kept.data[hidden] = 0.0
    kept.eliminate_zeros()
    trained = np.diff(kept.indptr) > 0
    new_row = np.cumsum(trained) - 1
    cases = []
    for listener in np.flatnonzero(trained):
        pairs = slice(plays.indptr[listener], plays.indptr[listener + 1])
        case = _case(plays.indices[pairs], plays.data[pairs], hidden[pairs], int(new_row[listener]))
        if len(case.hidden):
            cases.append(case)
    return Split(kept[trained], _asked((Protocol(name, tuple(cases), candidates),)))


def _cut(row: Any, known: int, draw: np.random.Generator) -> Case:
    hidden = np.ones(row.nnz, dtype=bool)
    hidden[draw.permutation(row.nnz)[:known]] = False
    return _case(row.indices, row.data, hidden, None)


def _case(items: Any, plays: Any, hidden: Flags, row: int | None) -> Case:
    items = items.astype(np.int64)
    return Case(row, items[~hidden], plays[~hidden].astype(np.float64), items[hidden])


def _asked(protocols: tuple[Protocol, ...]) -> tuple[Protocol, ...]:
    """Those with enough cases to say anything."""
    return tuple(protocol for protocol in protocols if len(protocol.cases) >= FEWEST_CASES)
