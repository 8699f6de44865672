"""Reasons must be true: computed from the score, by artists of the member's own list."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.leaving import without
from recommender.model import Model, Profile
from recommender.profile import listen
from recommender.scoring import contributions, score
from tests.unit.recommender.world import A_SCENE, SCENES, artist


def shown_score(model: Model, plays: dict[str, float], mode: str, name: str) -> float:
    found = model.recommend(Profile(plays=plays), mode=mode, count=len(model))
    return next(item.score for item in found if item.artist == name)


def a_member(seed: int, artists: int) -> dict[str, float]:
    draw = np.random.default_rng(seed)
    everyone = [artist(scene, number) for scene in SCENES for number in range(A_SCENE)]
    picks = draw.choice(len(everyone), artists, replace=False)
    return {everyone[int(pick)]: float(draw.integers(1, 300)) for pick in picks}


@pytest.mark.parametrize("artists", [2, 3, 5, 12, 30])
@pytest.mark.parametrize("mode", ["familiar", "balanced", "adventurous"])
def test_without_the_artist_a_reason_names_the_score_falls(
    small_model: Model, artists: int, mode: str
) -> None:
    named = 0
    for seed in range(4):
        plays = a_member(seed, artists)
        for found in small_model.recommend(Profile(plays=plays), mode=mode, count=5):
            for name in found.reason.because:
                named += 1
                assert name in plays
                assert name in found.reason.text
                rest = {other: count for other, count in plays.items() if other != name}
                assert shown_score(small_model, rest, mode, found.artist) < found.score
    assert named >= 15


def test_contributions_and_what_no_artist_owns_make_up_the_score(small_model: Model) -> None:
    """The member vector, the EASE row sums and the tag cosine, by their formulas alone."""
    learnt = small_model.learnt
    plays = a_member(1, 7)
    listened = listen(Profile(plays=plays), learnt.index)
    scored = score(learnt, listened)
    items = np.arange(len(learnt.index))
    weights = np.log1p([plays[name] for name in listened.labels])
    number = max(weights.sum() ** 2 / (weights**2).sum(), 3.0)
    mean = weights @ learnt.vectors[listened.items] / weights.sum()
    profile = np.concatenate([mean, mean * np.sqrt(number), [1.0, np.log(number)]])
    by_map = learnt.vectors @ (profile @ learnt.fold_map) + learnt.biases
    by_ease = weights @ learnt.neighbours.dense(listened.items)
    taste = weights @ learnt.tags.dense(listened.items)
    by_tags = learnt.tags.dense(items) @ taste / np.linalg.norm(taste)

    def standard(part: np.ndarray) -> np.ndarray:
        return (part - part.mean()) / part.std()

    share = number / (number + 20.0)
    expected = standard(by_map) + share * standard(by_ease) + 0.2 * standard(by_tags)
    trust = weights.sum() / (weights.sum() + 3.0)
    assert scored.total == pytest.approx(trust * expected, abs=1e-3)
    constant = profile.copy()
    constant[: 2 * len(mean)] = 0.0
    linear = mean @ scored.linear
    unowned = (
        (learnt.vectors @ (constant @ learnt.fold_map) + learnt.biases - by_map.mean())
        / by_map.std()
        + learnt.centre @ linear / by_map.std()
        - share * by_ease.mean() / by_ease.std()
        - 0.2 * by_tags.mean() / by_tags.std()
    )
    owned = contributions(learnt, scored, items).sum(axis=0)
    assert owned + trust * unowned == pytest.approx(scored.total, abs=1e-3)


def test_leaving_out_one_artist_is_foreseen_without_scoring_again(small_model: Model) -> None:
    learnt = small_model.learnt
    plays = a_member(2, 6)
    listened = listen(Profile(plays=plays), learnt.index)
    items = np.arange(len(learnt.index))
    foreseen = without(learnt, score(learnt, listened), np.arange(6), items)
    for at, name in enumerate(listened.labels):
        rest = Profile(plays={other: count for other, count in plays.items() if other != name})
        actual = score(learnt, listen(rest, learnt.index)).total
        assert foreseen[at] == pytest.approx(actual, abs=0.1)


def test_the_words_say_how_an_artist_came_into_the_list(small_model: Model) -> None:
    own, other = artist("outrun", 1), artist("outrun", 2)
    by_seed = small_model.recommend(Profile(seeds=[own]), count=1)[0].reason
    assert by_seed.text.startswith(f"close to {own}: ")
    by_like = small_model.recommend(Profile(likes=[own]), count=1)[0].reason
    assert by_like.text.startswith(f"because you like {own}: ")
    by_play = small_model.recommend(Profile(plays={own: 9.0, other: 9.0}), count=3)
    assert all(item.reason.text.startswith("because you play ") for item in by_play)
    again = small_model.recommend(Profile(plays={own: 900.0, other: 9.0}), mode="familiar", count=8)
    known = next(item.reason for item in again if item.artist == own)
    assert known.text.startswith(f"because you play {own} already")
    assert known.because == (own,)


def test_seeds_outweigh_what_the_member_plays_and_may_be_misspelt(small_model: Model) -> None:
    plays = {artist("doom", number): 300.0 for number in range(8)}
    near = small_model.recommend(Profile(plays=plays, seeds=["bebop artst 3"]), count=5)
    assert {item.artist.split()[0] for item in near} == {"Bebop"}
    assert all(item.reason.because[0] == "Bebop Artist 3" for item in near)


def test_names_in_reasons_are_the_members_own_spelling(small_model: Model) -> None:
    reasons = [
        item.reason
        for item in small_model.recommend(Profile(plays={"OUTRUN  artist 1": 5.0, "junk": 4.0}))
    ]
    named = {name for reason in reasons for name in reason.because}
    assert named == {"OUTRUN artist 1"}


def test_shared_tags_are_tags_of_both_sides(small_model: Model) -> None:
    plays = {artist("baroque", 1): 5.0, artist("doom", 2): 9.0}
    mine = {tag for name in plays for tag in small_model.tags(name)}
    for item in small_model.recommend(Profile(plays=plays), count=6):
        assert item.reason.tags
        assert set(item.reason.tags) <= mine & set(small_model.tags(item.artist))
