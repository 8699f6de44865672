from __future__ import annotations

import time

import numpy as np
import pytest

from recommender.catalogue import Artist, Catalogue
from recommender.errors import DataError
from recommender.model import MOST_AT_ONCE, Model, Profile, Recommendation, train
from recommender.recipe import Recipe
from tests.unit.recommender import world
from tests.unit.recommender.world import UNHEARD, artist

QUICK = Recipe(components=8, epochs=2, ease_items=300)
PLENTIFUL = Recipe(components=16, min_artists_per_tag=2)


def scenes(found: list[Recommendation]) -> list[str]:
    return [item.artist.split()[0].lower() for item in found]


@pytest.mark.parametrize("scene", list(world.SCENES))
def test_one_artist_is_enough_to_find_their_scene(small_model: Model, scene: str) -> None:
    found = small_model.recommend(Profile(plays={artist(scene, 4): 1.0}), count=6)
    assert scenes(found) == [scene] * 6


def test_lists_come_best_first_and_the_same_each_time(small_model: Model) -> None:
    profile = Profile(plays={artist("doom", 1): 3.0, artist("bebop", 2): 40.0})
    first, second = (small_model.recommend(profile, count=12) for _ in range(2))
    assert first == second
    scores = [item.score for item in first]
    assert scores == sorted(scores, reverse=True)
    assert len({item.artist for item in first}) == 12


@pytest.mark.parametrize("mode", ["balanced", "adventurous"])
def test_what_is_known_named_or_disliked_stays_out(small_model: Model, mode: str) -> None:
    profile = Profile(
        plays={artist("outrun", number): 5.0 for number in range(5)},
        likes=[artist("outrun", 5)],
        dislikes=[artist("outrun", 6)],
        seeds=[artist("outrun", 7)],
    )
    found = {item.artist for item in small_model.recommend(profile, mode=mode, count=40)}
    assert not found & {artist("outrun", number) for number in range(8)}
    assert artist("outrun", 8) in found


def test_familiar_brings_back_what_is_played_but_not_the_seed_or_the_disliked(
    small_model: Model,
) -> None:
    plays = {artist("outrun", number): 50.0 for number in range(6)}
    profile = Profile(plays=plays, dislikes=[artist("outrun", 0)], seeds=[artist("outrun", 1)])
    found = {item.artist for item in small_model.recommend(profile, mode="familiar", count=20)}
    assert found & set(plays)
    assert not found & {artist("outrun", 0), artist("outrun", 1)}


def test_modes_differ_and_adventure_leads_to_less_played_artists(small_model: Model) -> None:
    heard = small_model.learnt.listeners
    index = small_model.learnt.index

    def mean_listeners(mode: str) -> float:
        listeners = []
        for scene in world.SCENES:
            profile = Profile(plays={artist(scene, 3): 5.0, artist(scene, 9): 5.0})
            found = small_model.recommend(profile, mode=mode, count=5)
            listeners += [heard[index.get(item.artist)] for item in found]
        return float(np.mean(listeners))

    assert mean_listeners("familiar") >= mean_listeners("balanced") > mean_listeners("adventurous")


def test_an_artist_nobody_plays_is_reached_by_tags(small_model: Model) -> None:
    profile = Profile(plays={artist("outrun", number): 5.0 for number in range(6)})
    found = [item.artist for item in small_model.recommend(profile, count=12)]
    assert UNHEARD in found


def test_a_never_played_artist_is_reached_by_tags_without_circles_too() -> None:
    model = train(world.catalogue(), world.listeners(), recipe=PLENTIFUL)
    profile = Profile(plays={artist("outrun", number): 5.0 for number in range(6)})
    assert UNHEARD in [item.artist for item in model.recommend(profile, count=12)]


def test_votes_change_the_next_answer(small_model: Model) -> None:
    plays = {artist("outrun", 1): 20.0, artist("bebop", 1): 20.0}
    before = small_model.recommend(Profile(plays=plays), count=10)
    voted = before[0].artist
    liked = small_model.recommend(Profile(plays=plays, likes=[voted]), count=10)
    disliked = small_model.recommend(Profile(plays=plays, dislikes=[voted]), count=10)
    assert voted not in {item.artist for item in liked + disliked}
    scene = voted.split()[0].lower()
    assert scenes(liked).count(scene) > scenes(disliked).count(scene)


def test_a_dislike_lowers_its_neighbours(small_model: Model) -> None:
    plays = {artist("outrun", 1): 20.0, artist("bebop", 1): 20.0, artist("doom", 1): 20.0}
    before = scenes(small_model.recommend(Profile(plays=plays), count=9))
    against = Profile(plays=plays, dislikes=[artist("bebop", 2), artist("bebop", 3)])
    after = scenes(small_model.recommend(against, count=9))
    assert before.count("bebop") > after.count("bebop")


def test_artists_the_model_never_met_are_passed_over(small_model: Model) -> None:
    known = {artist("doom", 1): 7.0}
    mixed = Profile(plays={**known, "Nobody One": 900.0, "Nobody Two": 1.0})
    assert small_model.recommend(mixed) == small_model.recommend(Profile(plays=known))
    assert small_model.listen(mixed).unknown == ("Nobody One", "Nobody Two")


@pytest.mark.parametrize(
    ("profile", "sentence"),
    [
        (Profile(), "There is no listening to go by yet"),
        (Profile(dislikes=["Doom Artist 1"]), "There is no listening to go by yet"),
        (Profile(plays={"Doom Artist 1": -4.0}), "There is no listening to go by yet"),
        (
            Profile(plays={"Doom Artiste 99": 1.0}),
            r"No artist called 'Doom Artiste 99'.*Doom Artist",
        ),
        (Profile(plays={"Qqqq": 1.0, "Xxxx": 2.0}), "None of these 2 artists is known"),
        (Profile(plays={"Doom Artist 1": 1.0}, seeds=["Qqqqqq"]), "No artist called 'Qqqqqq'"),
    ],
)
def test_a_profile_without_a_known_artist_gets_one_sentence(
    small_model: Model, profile: Profile, sentence: str
) -> None:
    with pytest.raises(DataError, match=sentence) as refusal:
        small_model.recommend(profile)
    assert str(refusal.value)[-1] in ".?"


@pytest.mark.parametrize("count", [0, -1, MOST_AT_ONCE + 1])
def test_counts_out_of_range_are_refused(small_model: Model, count: int) -> None:
    with pytest.raises(DataError, match="Ask for 1 to"):
        small_model.recommend(Profile(plays={artist("doom", 1): 1.0}), count=count)


def test_an_unknown_mode_is_refused_with_the_modes_there_are(small_model: Model) -> None:
    with pytest.raises(DataError, match="familiar, balanced, adventurous"):
        small_model.recommend(Profile(plays={artist("doom", 1): 1.0}), mode="wild")


def test_more_is_asked_for_than_there_is(small_model: Model) -> None:
    found = small_model.recommend(Profile(plays={artist("doom", 1): 1.0}), count=MOST_AT_ONCE)
    assert len(found) == len(small_model) - 1


def test_spellings_of_one_artist_count_together(small_model: Model) -> None:
    twice = Profile(plays={"Doom Artist 1": 4.0, "the DOOM artist 1": 6.0, "Bebop Artist 1": 3.0})
    once = Profile(plays={"Doom Artist 1": 10.0, "Bebop Artist 1": 3.0})
    assert small_model.recommend(twice) == small_model.recommend(once)


def test_ten_thousand_artists_in_a_list_are_read_in_a_second() -> None:
    names = [f"Singer {number}" for number in range(10_000)]
    draw = np.random.default_rng(1)
    catalogue = Catalogue(
        Artist(name, {f"tag {number % 50}": 1.0, f"tag {number % 7 + 50}": 1.0})
        for number, name in enumerate([*names, *(f"New {number}" for number in range(200))])
    )
    listeners = {
        str(number): {names[int(pick)]: 1.0 for pick in draw.integers(0, 10_000, 30)}
        for number in range(50)
    }
    model = train(catalogue, listeners, recipe=QUICK)
    profile = Profile(plays={name: float(at + 1) for at, name in enumerate(names)})
    start = time.process_time()
    found = model.recommend(profile)
    assert time.process_time() - start < 1.0
    assert {item.artist.split()[0] for item in found} == {"New"}


def test_training_reports_every_step_and_learns_from_tags_alone() -> None:
    steps: list[tuple[int, int]] = []
    model = train(world.catalogue(), {}, progress=lambda done, whole: steps.append((done, whole)))
    assert [done for done, _ in steps] == list(range(1, steps[-1][1] + 1))
    assert scenes(model.recommend(Profile(likes=[artist("doom", 4)]), count=5)) == ["doom"] * 5


def test_an_artist_only_one_member_plays_is_understood_but_not_shown_to_others() -> None:
    listeners = {**world.listeners(), "me": {"My Own Band": 9.0, artist("doom", 1): 5.0}}
    model = train(world.catalogue(), listeners, min_listeners=2)
    assert model.find("my own band") == "My Own Band"
    others = model.recommend(Profile(plays={artist("doom", 1): 5.0}), count=len(model))
    assert "My Own Band" not in {item.artist for item in others}
    mine = model.recommend(Profile(plays={"My Own Band": 3.0}), count=3)
    assert {name for item in mine for name in item.reason.because} == {"My Own Band"}


def test_there_must_be_something_to_learn_from() -> None:
    with pytest.raises(DataError, match="no artists to learn from"):
        train(Catalogue([]), {"a": {"": 1.0}})


def test_odd_names_and_counts_do_not_stop_a_training() -> None:
    listeners = {"a": {"\ud800odd": 1.0, "Two\nLines": 10**400, "x" * 9999: float("nan"), "": 1.0}}
    model = train(Catalogue([]), listeners)
    assert "Two Lines" in model.learnt.index.names
