"""Evaluation: metrics by hand, splits that leak nothing, and every model on data with a known
answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from recommender.catalogue import Catalogue
from recommender.errors import DataError
from recommender.evaluation import metrics
from recommender.evaluation.document import document
from recommender.evaluation.factor_peers import LIGHTFM
from recommender.evaluation.listening import Listening
from recommender.evaluation.metrics import TOP, Mean
from recommender.evaluation.ours import NAME, ours
from recommender.evaluation.peers import SIMPLE, Answerer, Peer, Training, best
from recommender.evaluation.run import Report, evaluate
from recommender.evaluation.splits import (
    Case,
    Protocol,
    Split,
    unseen_artists,
    unseen_listeners,
    warm,
)
from tests.unit.recommender import world

EVERYONE = (*SIMPLE, *LIGHTFM, ours(0))


def tags_of(catalogue: Catalogue) -> dict[str, dict[str, float]]:
    return {artist.name: dict(artist.tags) for artist in catalogue}


@pytest.fixture(scope="module")
def small() -> Listening:
    return Listening.of(world.listeners(), tags_of(world.catalogue()))


@pytest.fixture(scope="module")
def crowd() -> Listening:
    """Enough of everything for all four protocols: 120 listeners with 15 of 240 tagged artists."""
    draw = np.random.default_rng(4)
    scenes = {
        name: [f"{name} {number}" for number in range(60)] for name in ("up", "down", "left", "on")
    }
    plays = {
        f"{scene} {number}": {
            name: float(draw.integers(1, 90)) for name in draw.choice(artists, 15, replace=False)
        }
        for scene, artists in scenes.items()
        for number in range(30)
    }
    tags = {
        name: {scene: 5.0, f"{scene} {place % 3}": 3.0}
        for scene, artists in scenes.items()
        for place, name in enumerate(artists)
    }
    return Listening.of(plays, tags)


def scene_of(listening: Listening, item: int) -> str:
    return listening.index.names[item].split()[0]


def test_recall_is_hits_over_what_could_be_hit() -> None:
    answers = [np.array([4, 9, 2]), np.arange(20)]
    found = metrics.hits(answers, [np.array([2, 4, 7, 8]), np.arange(10, 60)])
    assert found.recall == pytest.approx([2 / 4, 10 / 20])


def test_ndcg_counts_early_hits_more() -> None:
    ideal = 1 + 1 / np.log2(3)
    assert metrics.ndcg([True, False, True], 2, 20) == pytest.approx((1 + 1 / 2) / ideal)
    assert metrics.ndcg([False, True], 1, 20) == pytest.approx(1 / np.log2(3))
    assert metrics.ndcg([True] * 20, 400, 20) == pytest.approx(1.0)
    assert metrics.ndcg([False] * 10 + [True] * 10, 5, 10) == 0.0
    assert metrics.ndcg([], 5, 10) == 0.0


def test_coverage_novelty_and_diversity_by_hand() -> None:
    answers = [np.array([0, 1]), np.array([1, 2])]
    assert metrics.coverage(answers, 6) == 0.5
    heard = np.array([8, 4, 0, 1])
    assert metrics.novelty(answers, heard, 8) == pytest.approx((0 + 1 + 1 + 3) / 4)
    features = sparse.csr_matrix([[1.0, 0.0], [0.6, 0.8], [0.0, 0.0]])
    assert metrics.diversity(answers, features) == pytest.approx((0.4 + 1.0) / 2)
    nobody = [np.zeros(0, dtype=np.int64)]
    assert metrics.coverage(nobody, 6) == metrics.novelty(nobody, heard, 8) == 0.0


def test_a_mean_has_the_standard_error_of_its_sample() -> None:
    mean = Mean.of(np.array([1.0, 2.0, 3.0, 6.0]))
    assert mean.value == 3.0
    assert mean.error == pytest.approx(np.sqrt((4 + 1 + 0 + 9) / 3) / 2)


def test_the_best_are_sorted_with_ties_by_position_and_without_the_known() -> None:
    scores = np.array([1.0, 5.0, 5.0, -np.inf, 7.0, 0.0])
    assert best(scores, np.array([4]), None).tolist() == [1, 2, 0, 5]
    some = np.array([True, False, True, True, True, False])
    assert best(scores, np.array([0]), some).tolist() == [4, 2]


def pairs_of(case: Case) -> set[int]:
    return set(case.hidden.tolist())


@pytest.mark.parametrize("seed", [1, 2])
def test_hidden_pairs_never_reach_training(crowd: Listening, seed: int) -> None:
    tagged = np.diff(crowd.features.indptr) > 0
    for split in (warm(crowd.plays, seed), unseen_artists(crowd.plays, tagged, seed)):
        (protocol,) = split.protocols
        for case in protocol.cases:
            assert case.row is not None
            trained = set(split.plays[case.row].indices.tolist())
            assert trained == set(case.known.tolist())
            assert pairs_of(case)
            assert not trained & pairs_of(case)
        hidden = sum(len(case.hidden) for case in protocol.cases)
        assert split.plays.nnz + hidden <= crowd.plays.nnz
        assert hidden > 0.1 * crowd.plays.nnz


def test_unseen_artists_have_no_play_left_and_are_all_that_is_asked_for(crowd: Listening) -> None:
    split = unseen_artists(crowd.plays, np.diff(crowd.features.indptr) > 0, 3)
    (protocol,) = split.protocols
    assert protocol.candidates is not None
    assert split.plays[:, np.flatnonzero(protocol.candidates)].nnz == 0
    assert all(protocol.candidates[case.hidden].all() for case in protocol.cases)


def test_unseen_listeners_are_in_no_training_row(crowd: Listening) -> None:
    split = unseen_listeners(crowd.plays, 3)
    most, five = split.protocols
    assert split.plays.shape[0] == crowd.plays.shape[0] - len(most.cases)
    rows = {tuple(row.indices.tolist()) for row in split.plays}
    for case in (*most.cases, *five.cases):
        assert case.row is None
        whole = np.sort(np.concatenate([case.known, case.hidden]))
        assert tuple(whole.tolist()) not in rows
        assert not set(case.known.tolist()) & pairs_of(case)
    assert {len(case.known) for case in most.cases} == {12}
    assert {len(case.known) for case in five.cases} == {5}


def test_models_are_given_the_split_and_nothing_else(crowd: Listening) -> None:
    seen: list[Training] = []

    def fit(training: Training) -> Answerer:
        seen.append(training)
        return lambda protocol: [case.known[:0] for case in protocol.cases]

    evaluate(crowd, seed=5, quick=True, others=[Peer("witness", fit, tags=True)])
    tagged = np.diff(crowd.features.indptr) > 0
    splits = (
        warm(crowd.plays, 5),
        unseen_listeners(crowd.plays, 5),
        unseen_artists(crowd.plays, tagged, 5),
    )
    assert len(seen) == 3
    for training, split in zip(seen, splits, strict=True):
        assert (training.plays != split.plays).nnz == 0


@pytest.fixture(scope="module")
def fitted(small: Listening) -> Callable[[Peer], Answerer]:
    """Every model trained once on the four scenes."""
    done: dict[str, Answerer] = {}

    def fit(peer: Peer) -> Answerer:
        if peer.name not in done:
            done[peer.name] = peer.fit(Training(small, small.plays, 3, lambda: None))
        return done[peer.name]

    return fit


@pytest.mark.parametrize("peer", EVERYONE, ids=lambda peer: peer.name)
class TestEveryModel:
    """What holds for all of them, on four scenes whose listeners keep to theirs."""

    def test_answers_are_of_the_listeners_scene_and_new_to_them(
        self, peer: Peer, fitted: Callable[[Peer], Answerer], small: Listening
    ) -> None:
        protocol = whole_lists(small, trained=True)
        for case, answer in zip(protocol.cases, fitted(peer)(protocol), strict=True):
            assert len(set(answer.tolist())) == len(answer) == TOP
            assert not set(answer.tolist()) & set(case.known.tolist())
            first = [scene_of(small, item) for item in answer[:3].tolist()]
            if peer.name != "popularity":
                assert first.count(scene_of(small, int(case.known[0]))) >= 2

    def test_an_unseen_listener_gets_their_scene_too(
        self, peer: Peer, fitted: Callable[[Peer], Answerer], small: Listening
    ) -> None:
        protocol = whole_lists(small, trained=False)
        right = [
            scene_of(small, int(answer[0])) == scene_of(small, int(case.known[0]))
            for case, answer in zip(protocol.cases, fitted(peer)(protocol), strict=True)
        ]
        assert np.mean(right) >= 0.9 or peer.name == "popularity"

    def test_only_candidates_are_answered(
        self, peer: Peer, fitted: Callable[[Peer], Answerer], small: Listening
    ) -> None:
        some = np.zeros(small.plays.shape[1], dtype=bool)
        some[::5] = True
        for answer in fitted(peer)(replace(whole_lists(small, trained=False), candidates=some)):
            assert len(answer)
            assert some[answer].all()

    def test_training_again_answers_the_same(
        self, peer: Peer, fitted: Callable[[Peer], Answerer], small: Listening
    ) -> None:
        protocol = whole_lists(small, trained=False)
        again = peer.fit(Training(small, small.plays, 3, lambda: None))(protocol)
        first = fitted(peer)(protocol)
        assert [a.tolist() for a in again] == [b.tolist() for b in first]


def whole_lists(listening: Listening, *, trained: bool) -> Protocol:
    plays = listening.plays
    cases = [
        Case(
            row if trained else None,
            plays[row].indices.astype(np.int64),
            plays[row].data,
            np.array([0]),
        )
        for row in range(plays.shape[0])
    ]
    return Protocol("whole lists", tuple(cases))


def test_popularity_answers_the_most_heard(small: Listening) -> None:
    answerer = SIMPLE[0].fit(Training(small, small.plays, 0, lambda: None))
    heard = np.bincount(small.plays.indices, minlength=small.plays.shape[1])
    case = Case(None, np.array([0]), np.array([1.0]), np.array([1]))
    (answer,) = answerer(Protocol("one", (case,)))
    assert heard[answer].tolist() == sorted(np.delete(heard, 0), reverse=True)[:TOP]


@pytest.fixture(scope="module")
def report(crowd: Listening) -> Report:
    return evaluate(crowd, seed=7, quick=True)


def test_one_report_has_every_protocol_and_model(report: Report) -> None:
    names = [outcome.protocol for outcome in report.outcomes]
    assert names == ["warm", "unseen listeners, 80 %", "unseen listeners, five", "unseen artists"]
    quick = [peer.name for peer in EVERYONE if not peer.slow]
    by_tags = [peer.name for peer in EVERYONE if peer.tags and not peer.slow] + [NAME]
    for outcome in report.outcomes:
        expected = by_tags if outcome.protocol == "unseen artists" else quick
        assert [row.model for row in outcome.rows] == expected


def test_the_comparison_is_with_the_best_peer_of_the_table(report: Report) -> None:
    for outcome in report.outcomes:
        *peers, mine = outcome.rows
        recall = outcome.protocol == "unseen artists"
        values = {row.model: (row.recall if recall else row.ndcg).value for row in peers}
        own = (mine.recall if recall else mine.ndcg).value
        found = outcome.comparison
        assert values[found.peer] == max(values.values())
        assert found.gain.value == pytest.approx(own - values[found.peer])
        assert found.ratio == pytest.approx(own / values[found.peer])


def without_times(report: Report) -> dict[str, object]:
    outcomes = [
        replace(outcome, rows=tuple(replace(r, fit_seconds=0, score_ms=0) for r in outcome.rows))
        for outcome in report.outcomes
    ]
    return document(replace(report, outcomes=tuple(outcomes)))


def test_an_equal_seed_gives_an_equal_report(crowd: Listening, report: Report) -> None:
    assert without_times(evaluate(crowd, seed=7, quick=True)) == without_times(report)
    assert without_times(evaluate(crowd, seed=8, quick=True)) != without_times(report)


def test_progress_goes_from_nothing_to_all(crowd: Listening) -> None:
    shares: list[float] = []
    evaluate(crowd, quick=True, progress=shares.append)
    assert shares == sorted(shares)
    assert shares[0] < 0.1
    assert shares[-1] == 1.0


def test_without_tags_the_models_that_need_them_are_absent() -> None:
    report = evaluate(Listening.of(world.listeners(), {}), quick=True)
    assert report.outcomes
    for outcome in report.outcomes:
        assert {row.model for row in outcome.rows} == {
            peer.name for peer in EVERYONE if not peer.tags and not peer.slow
        }
        assert all(row.shown.diversity is None for row in outcome.rows)


@pytest.mark.parametrize("listeners", [0, 1, 9])
def test_too_little_listening_ends_in_one_sentence(listeners: int) -> None:
    plays = dict(list(world.listeners().items())[:listeners])
    with pytest.raises(DataError, match=r"^There is too little listening .* 10 or more .*\.$"):
        evaluate(Listening.of(plays, tags_of(world.catalogue())), quick=True)


def test_a_list_of_one_artist_is_trained_on_and_not_asked() -> None:
    plays = {**world.listeners(), "one": {world.artist("doom", 1): 4.0}}
    listening = Listening.of(plays, {})
    split: Split = warm(listening.plays, 1)
    assert all(len(case.known) and len(case.hidden) for case in split.protocols[0].cases)
