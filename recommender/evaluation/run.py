"""One evaluation: every model trained on the same splits and asked the same."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from recommender.arrays import Doubles, Positions
from recommender.errors import DataError
from recommender.evaluation import metrics
from recommender.evaluation.factor_peers import LIGHTFM
from recommender.evaluation.listening import Listening, heard_by
from recommender.evaluation.metrics import Hits, Mean
from recommender.evaluation.ours import NAME, ours
from recommender.evaluation.peers import SIMPLE, Peer, Training
from recommender.evaluation.splits import (
    FEWEST_ARTISTS,
    FEWEST_CASES,
    Protocol,
    Split,
    unseen_artists,
    unseen_listeners,
    warm,
)

SEED: Final = 2026
SPLITS: Final = ("warm", "listeners", "artists")


@dataclass(frozen=True, slots=True)
class Shown:
    """What the answers hold besides hits; see metrics. ``diversity`` is None without tags."""

    coverage: float
    novelty: float
    diversity: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    """One model under one protocol. ``fit_seconds`` of CPU to train, ``score_ms`` of CPU a list."""

    model: str
    recall: Mean
    ndcg: Mean
    short_ndcg: Mean
    shown: Shown
    fit_seconds: float
    score_ms: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Nightjar over its best peer by ``measure``: the ``gain`` of listener by listener, and the
    ``ratio`` of the means.
    """

    measure: str
    peer: str
    gain: Mean
    ratio: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """A protocol's figures, in the order of the models; ``candidates`` could be answered."""

    protocol: str
    cases: int
    candidates: int
    rows: tuple[Figures, ...]
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class Report:
    """What was evaluated and what came of it; equal but for the times with an equal ``seed``."""

    seed: int
    listeners: int
    artists: int
    pairs: int
    tagged: int
    outcomes: tuple[Outcome, ...]


def evaluate(
    listening: Listening,
    *,
    seed: int = SEED,
    quick: bool = False,
    others: Sequence[Peer] = (),
    only: str | None = None,
    progress: Callable[[float], None] | None = None,
) -> Report:
    """Compare the peers, ``others`` and Nightjar on ``listening``.

    ``quick`` leaves out the models that take longest; without tags those that need them are absent.
    Protocols with too few cases are absent; DataError when that is all of them. ``only`` runs one
    of ``SPLITS``. ``progress`` is called with the share done, 0..1.
    """
    models = _models(listening, quick=quick, others=others)
    splits = _splits(listening, seed, only)
    asked = [(split, _able(models, split)) for split in splits]
    step = _Share(sum(peer.steps for _, peers in asked for peer in peers), progress)
    with threadpool_limits(limits=1):
        outcomes = [
            outcome
            for split, peers in asked
            for outcome in _compare(listening, split, peers, seed, step)
        ]
    return Report(
        seed=seed,
        listeners=int(listening.plays.shape[0]),
        artists=int(listening.plays.shape[1]),
        pairs=int(listening.plays.nnz),
        tagged=int((np.diff(listening.features.indptr) > 0).sum()),
        outcomes=tuple(outcomes),
    )


def _models(listening: Listening, *, quick: bool, others: Sequence[Peer]) -> list[Peer]:
    peers = (*SIMPLE, *others, *LIGHTFM)
    kept = [
        peer for peer in peers if (listening.tagged or not peer.tags) and not (quick and peer.slow)
    ]
    return [*kept, ours(listening.plays.nnz)]


def _splits(listening: Listening, seed: int, only: str | None) -> list[Split]:
    tagged = np.diff(listening.features.indptr) > 0
    makers: dict[str, Callable[[], Split]] = {
        "warm": lambda: warm(listening.plays, seed),
        "listeners": lambda: unseen_listeners(listening.plays, seed),
        "artists": lambda: unseen_artists(listening.plays, tagged, seed),
    }
    splits = (makers[name]() for name in SPLITS if only in (None, name))
    usable = [split for split in splits if split.protocols]
    if not usable:
        raise DataError(
            f"There is too little listening to compare models on: {listening.plays.shape[0]}"
            f" listeners are known; it takes {FEWEST_CASES} or more who each play several artists,"
            f" better hundreds with {FEWEST_ARTISTS} or more."
        )
    return usable


def _able(models: Sequence[Peer], split: Split) -> list[Peer]:
    """Those that can tell apart what is asked for: nothing but tags tells unseen artists apart."""
    by_tags = all(protocol.candidates is not None for protocol in split.protocols)
    return [peer for peer in models if peer.tags or peer.name == NAME or not by_tags]


def _compare(
    listening: Listening, split: Split, peers: Sequence[Peer], seed: int, step: _Share
) -> Iterator[Outcome]:
    results: dict[str, list[tuple[Figures, Hits]]] = {p.name: [] for p in split.protocols}
    for peer in peers:
        started = time.process_time()
        answerer = peer.fit(Training(listening, split.plays, seed, step.one))
        spent = time.process_time() - started
        step.finish(peer.steps)
        for protocol in split.protocols:
            started = time.process_time()
            answers = answerer(protocol)
            each = 1000.0 * (time.process_time() - started) / len(protocol.cases)
            found = metrics.hits(answers, [case.hidden for case in protocol.cases])
            figures = Figures(
                model=peer.name,
                recall=Mean.of(found.recall),
                ndcg=Mean.of(found.ndcg),
                short_ndcg=Mean.of(found.short_ndcg),
                shown=_shown(listening, split, protocol, answers),
                fit_seconds=spent,
                score_ms=each,
            )
            results[protocol.name].append((figures, found))
    for protocol in split.protocols:
        yield _outcome(listening, protocol, results[protocol.name])


def _shown(
    listening: Listening, split: Split, protocol: Protocol, answers: Sequence[Positions]
) -> Shown:
    features, listeners = listening.features, split.plays.shape[0]
    return Shown(
        coverage=metrics.coverage(answers, answerable(listening, protocol)),
        novelty=metrics.novelty(answers, heard_by(split.plays), listeners),
        diversity=metrics.diversity(answers, features) if listening.tagged else None,
    )


def answerable(listening: Listening, protocol: Protocol) -> int:
    """How many artists may be answered."""
    if protocol.candidates is None:
        return int(listening.plays.shape[1])
    return int(protocol.candidates.sum())


def _outcome(
    listening: Listening, protocol: Protocol, results: Sequence[tuple[Figures, Hits]]
) -> Outcome:
    measure = "ndcg" if protocol.candidates is None else "recall"

    def values(hits: Hits) -> Doubles:
        return hits.ndcg if measure == "ndcg" else hits.recall

    *peers, mine = [(figures.model, values(hits)) for figures, hits in results]
    best, theirs = max(peers, key=lambda peer: float(peer[1].mean()))
    gain = Mean.of(mine[1] - theirs)
    ratio = float(mine[1].mean() / theirs.mean()) if theirs.any() else float("inf")
    return Outcome(
        protocol.name,
        len(protocol.cases),
        answerable(listening, protocol),
        tuple(figures for figures, _ in results),
        Comparison(f"{measure}@{metrics.TOP}", best, gain, ratio),
    )


class _Share:
    """Steps done of all steps, told as a share."""

    def __init__(self, total: int, tell: Callable[[float], None] | None) -> None:
        self._total = total
        self._finished = 0
        self._within = 0
        self._tell = tell

    def one(self) -> None:
        """One more step of the model being trained."""
        self._within += 1
        self._say()

    def finish(self, steps: int) -> None:
        """The model is trained, which took ``steps``."""
        self._finished += steps
        self._within = 0
        self._say()

    def _say(self) -> None:
        if self._tell:
            self._tell(min((self._finished + self._within) / self._total, 1.0))
