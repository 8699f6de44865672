"""LightFM as it comes, as peers: out of the box, tuned, and hybrid with tags.

A trained listener is scored with their own vector. LightFM has no fold-in, so an unseen listener's
vector is trained on their list with everything about the artists held still.
"""

from __future__ import annotations

import copy
from typing import Any, Final

import numpy as np
from lightfm import LightFM
from scipy import sparse

from recommender.arrays import Floats, Positions
from recommender.evaluation.peers import Answerer, Peer, Training, best
from recommender.evaluation.splits import Case, Protocol
from recommender.hybrid import described_by, fit_lightfm
from recommender.recipe import Recipe

STILL: Final = 1e30
REFIT_EPOCHS: Final = 20
PLAIN: Final = Recipe(components=10, epochs=10, learning_rate=0.05, max_sampled=10)
TUNED: Final = Recipe(components=128, epochs=60, learning_rate=0.02, max_sampled=30)


def _peer(name: str, recipe: Recipe, *, tags: bool, slow: bool) -> Peer:
    def fit(training: Training) -> Answerer:
        features = training.listening.features
        if not tags:
            features = sparse.csr_matrix((features.shape[0], 0), dtype=np.float32)
        described = described_by(features, recipe)
        model = fit_lightfm(training.plays, described, recipe, training.seed, training.step)
        return _answerer(model, described, training.seed)

    return Peer(name, fit, steps=recipe.epochs, tags=tags, slow=slow)


LIGHTFM: Final = (
    _peer("LightFM plain", PLAIN, tags=False, slow=False),
    _peer("LightFM tuned", TUNED, tags=False, slow=True),
    _peer("LightFM hybrid", TUNED, tags=True, slow=True),
)


def _answerer(model: LightFM, described: Any, seed: int) -> Answerer:
    biases, vectors = model.get_item_representations(described)

    def answer(protocol: Protocol) -> list[Positions]:
        members = _members(model, described, protocol, seed)
        return [
            best(vectors @ member + biases, case.known, protocol.candidates)
            for member, case in zip(members, protocol.cases, strict=True)
        ]

    return answer


def _members(model: LightFM, described: Any, protocol: Protocol, seed: int) -> Floats:
    """(cases, d): the listeners' vectors, trained now where they were not before."""
    rows = [case.row for case in protocol.cases if case.row is not None]
    trained: Floats = model.user_embeddings
    if len(rows) == len(protocol.cases):
        return trained[rows]
    return _refit(model, described, protocol.cases, seed)


def _refit(model: LightFM, described: Any, cases: tuple[Case, ...], seed: int) -> Floats:
    """Vectors of new listeners: the same training with steps of the artists' side made nil.

    Adagrad divides a step by the root of the squares summed so far; with ``STILL`` there it moves
    nothing.
    """
    fresh = copy.deepcopy(model)
    size = (len(cases), model.no_components)
    draw = np.random.default_rng(seed)
    fresh.user_embeddings = ((draw.random(size) - 0.5) / size[1]).astype(np.float32)
    fresh.user_embedding_gradients = np.ones(size, np.float32)
    fresh.user_embedding_momentum = np.zeros(size, np.float32)
    fresh.user_biases = np.zeros(size[0], np.float32)
    fresh.user_bias_gradients = np.ones(size[0], np.float32)
    fresh.user_bias_momentum = np.zeros(size[0], np.float32)
    fresh.item_embedding_gradients = np.full_like(model.item_embeddings, STILL)
    fresh.item_bias_gradients = np.full_like(model.item_biases, STILL)
    lengths = [len(case.known) for case in cases]
    columns = np.concatenate([case.known for case in cases])
    rows = np.repeat(np.arange(len(cases)), lengths)
    lists = sparse.coo_matrix(
        (np.ones(len(columns), np.float32), (rows, columns)), shape=(len(cases), described.shape[0])
    )
    fresh.fit_partial(lists, item_features=described, epochs=REFIT_EPOCHS, num_threads=1)
    vectors: Floats = fresh.user_embeddings
    return vectors
