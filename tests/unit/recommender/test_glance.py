"""A glance over very many artists leaves the answer what scoring all of them gives."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.serving import drawn_model, lists
from recommender import scoring
from recommender.glance import by_component, glance
from recommender.model import Model


@pytest.fixture(scope="module")
def exact() -> Model:
    return drawn_model(4_000)


def test_a_glance_ranks_as_the_whole_product_does(exact: Model) -> None:
    learnt = exact.learnt
    draw = np.random.default_rng(8)
    variances = learnt.spread.diagonal()[:-1].astype(np.float64)
    for _ in range(3):
        vector = draw.standard_normal(learnt.vectors.shape[1])
        seen = glance(by_component(learnt.vectors, many=0), vector, variances)
        whole = learnt.vectors @ vector
        assert np.corrcoef(seen, whole)[0, 1] > 0.8
        assert set(np.argsort(-whole)[:20]) <= set(np.argsort(-seen)[:600])


@pytest.mark.parametrize("mode", ["familiar", "balanced", "adventurous"])
def test_the_best_twenty_are_those_of_the_exact_score(
    exact: Model, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scoring, "LOOKED_AT", 400)
    columns = by_component(exact.learnt.vectors, many=0)
    glancing = Model(replace(exact.learnt, columns=columns))
    same = []
    for profile in lists(exact, 6):
        whole, seen = (
            [item.artist for item in model.recommend(profile, mode=mode, count=20)]
            for model in (exact, glancing)
        )
        assert seen == [item.artist for item in glancing.recommend(profile, mode=mode, count=20)]
        same.append(len(set(whole) & set(seen)) / 20)
    assert np.mean(same) >= 0.95
    assert glancing.recommend(lists(exact, 1)[0])[0].reason.because


def test_few_artists_are_all_scored(exact: Model) -> None:
    assert exact.learnt.columns.shape == (exact.learnt.vectors.shape[1], 0)
    listened = exact.listen(lists(exact, 1)[0])
    assert np.isfinite(scoring.score(exact.learnt, listened).total).all()
