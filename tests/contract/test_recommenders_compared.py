"""Ahead of every peer on real listening by what is promised, on the split that is reported."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from recommender.evaluation.listening import Listening
from recommender.evaluation.run import evaluate
from recommender.plays import read_plays, read_tags

FOLDER = Path(os.environ.get("NIGHTJAR_DATA", "../shared/data")) / "listening"
COVERAGE = 0.18


@pytest.fixture(scope="module")
def listening() -> Listening:
    tags = read_tags(FOLDER / "tags.csv.gz").rows
    return Listening.of(read_plays(FOLDER / "plays.csv.gz").rows, tags)


@pytest.mark.slow
@pytest.mark.skipif(not FOLDER.exists(), reason="no listening data: set NIGHTJAR_DATA")
@pytest.mark.parametrize(
    ("split", "least"),
    [
        ("warm", {"warm": 1.08}),
        ("listeners", {"unseen listeners, 80 %": 1.05, "unseen listeners, five": 1.06}),
        ("artists", {"unseen artists": 1.07}),
    ],
)
def test_nightjar_is_ahead_of_its_best_peer(
    listening: Listening, split: str, least: dict[str, float]
) -> None:
    report = evaluate(listening, quick=True, only=split)
    for outcome in report.outcomes:
        compared = outcome.comparison
        assert compared.ratio >= least[outcome.protocol], compared
        assert compared.gain.value > 2 * compared.gain.error
        if outcome.protocol == "warm":
            assert outcome.rows[-1].shown.coverage >= COVERAGE
    assert {outcome.protocol for outcome in report.outcomes} == set(least)
