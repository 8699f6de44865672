"""Nightjar as a model among the others: the product as it is, with its default mode, diversity and
reasons.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from recommender.arrays import Flags, Positions
from recommender.errors import DataError
from recommender.evaluation.listening import Listening
from recommender.evaluation.metrics import TOP
from recommender.evaluation.peers import Answerer, Peer, Training
from recommender.evaluation.splits import Case, Protocol
from recommender.model import Model, Profile, train
from recommender.recipe import Recipe

NAME: Final = "Nightjar"


def ours(pairs: int) -> Peer:
    """Nightjar with the settings it takes for that many pairs."""
    return Peer(NAME, _fit, steps=Recipe.for_pairs(pairs).steps)


def _fit(training: Training) -> Answerer:
    listening = training.listening
    model = train(
        listening.catalogue,
        listening.lists(training.plays),
        seed=training.seed,
        recipe=Recipe.for_pairs(listening.plays.nnz),
        progress=lambda *_: training.step(),
    )

    def answer(protocol: Protocol) -> list[Positions]:
        asked = _offering(model, listening, protocol.candidates)
        return [_ask(asked, listening, case) for case in protocol.cases]

    return answer


def _offering(model: Model, listening: Listening, candidates: Flags | None) -> Model:
    """``model``, recommending nothing but ``candidates``."""
    if candidates is None:
        return model
    places = [listening.index.get(name) for name in model.learnt.index.names]
    offered = np.array([place is not None and candidates[place] for place in places])
    return Model(replace(model.learnt, offered=offered))


def _ask(model: Model, listening: Listening, case: Case) -> Positions:
    """A list of which the model knows nobody gets no answer, and so no hits."""
    names = listening.index.names
    plays = {names[at]: float(count) for at, count in zip(case.known, case.plays, strict=True)}
    try:
        answer = model.recommend(Profile(plays), count=TOP)
    except DataError:
        return np.zeros(0, dtype=np.int64)
    return _positions(listening, [item.artist for item in answer])


def _positions(listening: Listening, names: Sequence[str]) -> Positions:
    found = (listening.index.get(name) for name in names)
    return np.array([item for item in found if item is not None], dtype=np.int64)
