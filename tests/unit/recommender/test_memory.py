"""Votes: what each does to the next list, and how it fades."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.memory import (
    DISLIKE_HALF_LIFE,
    FAINTEST,
    LIKE_HALF_LIFE,
    left_of_dislike,
    left_of_like,
)
from recommender.model import Model, Profile
from recommender.profile import listen
from recommender.ranking import Wish, in_order, pick, shortlist
from recommender.scoring import score
from tests.unit.recommender.world import A_SCENE, artist

PLAYS = {artist("outrun", 1): 20.0, artist("bebop", 1): 20.0, artist("doom", 1): 20.0}


def test_a_vote_halves_with_every_half_life() -> None:
    assert left_of_like(0.0) == left_of_dislike(0.0) == 1.0
    assert left_of_like(LIKE_HALF_LIFE) == pytest.approx(0.5)
    assert left_of_dislike(2 * DISLIKE_HALF_LIFE) == pytest.approx(0.25)
    assert left_of_like(50 * LIKE_HALF_LIFE) == FAINTEST
    assert left_of_dislike(50 * DISLIKE_HALF_LIFE) < 1e-9
    assert left_of_like(-3.0) == left_of_dislike(-3.0) == 1.0


def _scores(model: Model, scene: str, **said: object) -> np.ndarray:
    """What every artist of a scene scores after these votes, wherever they come in the list."""
    profile = Profile(plays=PLAYS, **said)  # type: ignore[arg-type]
    scored = score(model.learnt, listen(profile, model.learnt.index))
    wish = Wish("balanced", len(model))
    short = shortlist(model.learnt, scored, wish)
    items, scores = in_order(short, pick(short, wish))
    by_item = dict(zip(items.tolist(), scores.tolist(), strict=True))
    named = (model.learnt.index.get(artist(scene, number)) for number in range(4, A_SCENE))
    return np.array([by_item[item] for item in named])


def test_each_vote_pulls_its_neighbours_and_less_so_with_age(small_model: Model) -> None:
    name = artist("bebop", 2)
    before = _scores(small_model, "bebop")
    liked = [_scores(small_model, "bebop", likes={name: share}).mean() for share in (0.1, 0.5, 1.0)]
    assert before.mean() < liked[0] < liked[1] < liked[2]
    lowered = [
        _scores(small_model, "bebop", dislikes={name: share}).mean() for share in (0.1, 0.5, 1.0)
    ]
    assert before.mean() > lowered[0] > lowered[1] > lowered[2]
    faded = _scores(small_model, "bebop", dislikes={name: 0.0})
    assert faded == pytest.approx(before)


def test_what_one_knows_speaks_softer_than_what_one_likes(small_model: Model) -> None:
    name = artist("bebop", 2)
    before, known, liked = (
        _scores(small_model, "bebop", **said).mean()
        for said in ({}, {"known": [name]}, {"likes": [name]})
    )
    assert before < known < liked


@pytest.mark.parametrize("mode", ["familiar", "balanced", "adventurous"])
@pytest.mark.parametrize("said", ["known", "dislikes"])
def test_what_is_known_or_disliked_stays_hidden_however_old_the_vote(
    small_model: Model, mode: str, said: str
) -> None:
    voted = {artist("bebop", 2): 1e-12, artist("bebop", 1): 1e-12}
    profile = Profile(plays=PLAYS, **{said: voted})  # type: ignore[arg-type]
    found = small_model.recommend(profile, mode=mode, count=len(small_model))
    assert not set(voted) & {item.artist for item in found}


def test_what_is_known_is_named_as_such_and_is_enough_to_go_by(small_model: Model) -> None:
    name = artist("bebop", 2)
    found = small_model.recommend(Profile(known=[name]), count=4)
    assert {item.artist.split()[0] for item in found} == {"Bebop"}
    assert all(item.reason.text.startswith(f"because you know {name}: ") for item in found)
    both = listen(Profile(plays={name: 9.0}, known=[name]), small_model.learnt.index)
    assert both.kinds == ("play",)


def test_the_louder_word_stands_when_an_artist_comes_in_twice(small_model: Model) -> None:
    name = artist("bebop", 2)
    index = small_model.learnt.index
    both = listen(Profile(likes={name: 0.5}, known=[name]), index)
    assert both.kinds == ("like",)
    assert both.weights == pytest.approx([0.5 * np.log1p(20.0)])
    seldom = listen(Profile(plays={name: 500.0}, likes={name: 0.5}), index)
    assert seldom.weights == pytest.approx([np.log1p(500.0)])
