"""Peers of the benchmark alone: ALS and BPR of `implicit`, which Nightjar does not depend on.

Hu et al. (2008), doi 10.1109/ICDM.2008.22; Rendle et al. (2009), arXiv 1205.2618. ALS folds an
unseen listener in by its own `recalculate_user`; BPR has no such way, so an unseen listener is the
mean of their artists. Settings were chosen by benchmarks/tuning.py.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import sparse

from recommender.arrays import Positions
from recommender.evaluation.peers import Answerer, Peer, Training, best, relative_log
from recommender.evaluation.splits import Protocol
from recommender.features import relative_log_rows


def implicit_peers() -> list[Peer]:
    """ALS and BPR; none, with the reason printed, where `implicit` is not installed."""
    if importlib.util.find_spec("implicit") is None:
        print("No ALS and BPR: implicit is not installed here; `make bench` installs it.")
        return []
    return [
        Peer("ALS (implicit)", als(64, 20.0, 5.0), steps=3),
        Peer("BPR (implicit)", bpr(128, 0.02, 0.01, 100), steps=3),
    ]


def als(factors: int, ridge: float, alpha: float) -> Callable[[Training], Answerer]:
    from implicit.als import AlternatingLeastSquares

    def fit(training: Training) -> Answerer:
        model = AlternatingLeastSquares(
            factors=factors,
            regularization=ridge,
            alpha=alpha,
            iterations=15,
            random_state=training.seed,
            num_threads=1,
            use_gpu=False,
        )
        model.fit(relative_log_rows(training.plays), show_progress=False)

        def answer(protocol: Protocol) -> list[Positions]:
            members = _known(model.user_factors, protocol)
            if members is None:
                lists = _lists(protocol, training.plays.shape[1])
                members = model.recalculate_user(np.arange(len(protocol.cases)), lists)
            return _ranked(members @ model.item_factors.T, protocol)

        return answer

    return fit


def bpr(factors: int, rate: float, ridge: float, epochs: int) -> Callable[[Training], Answerer]:
    from implicit.bpr import BayesianPersonalizedRanking

    def fit(training: Training) -> Answerer:
        model = BayesianPersonalizedRanking(
            factors=factors,
            learning_rate=rate,
            regularization=ridge,
            iterations=epochs,
            random_state=training.seed,
            num_threads=1,
            use_gpu=False,
        )
        model.fit((training.plays > 0).astype(np.float32), show_progress=False)

        def answer(protocol: Protocol) -> list[Positions]:
            members = _known(model.user_factors, protocol)
            if members is None:
                rows = [model.item_factors[case.known].mean(axis=0) for case in protocol.cases]
                members = np.stack(rows)
                members[:, -1] = 1.0  # implicit keeps the artists' biases in the last column
            return _ranked(members @ model.item_factors.T, protocol)

        return answer

    return fit


def _known(factors: Any, protocol: Protocol) -> Any:
    rows = [case.row for case in protocol.cases]
    return None if any(row is None for row in rows) else factors[rows]


def _lists(protocol: Protocol, artists: int) -> Any:
    starts = np.cumsum([0, *(len(case.known) for case in protocol.cases)])
    columns = np.concatenate([case.known for case in protocol.cases])
    weights = np.concatenate([relative_log(case.plays) for case in protocol.cases])
    shape = (len(protocol.cases), artists)
    return sparse.csr_matrix((weights.astype(np.float32), columns, starts), shape=shape)


def _ranked(scores: Any, protocol: Protocol) -> list[Positions]:
    return [
        best(row, case.known, protocol.candidates)
        for row, case in zip(scores, protocol.cases, strict=True)
    ]
