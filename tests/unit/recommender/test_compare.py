"""Two tastes side by side: the share has a meaning, and what is shown is true."""

from __future__ import annotations

import pytest

from recommender.compare import compare
from recommender.errors import DataError
from recommender.model import Model, Profile
from tests.unit.recommender.world import artist


def scene(name: str, *numbers: int, plays: float = 5.0) -> dict[str, float]:
    return {artist(name, number): plays for number in numbers}


def test_the_same_taste_shares_everything_and_another_kind_nothing(small_model: Model) -> None:
    mine = Profile(plays=scene("doom", 1, 2, 3))
    same = compare(small_model, mine, Profile(plays=scene("doom", 1, 2, 3, plays=80.0)))
    assert (same.share, same.by_artists, same.by_tags) == (100, 1.0, pytest.approx(1.0))
    assert same.first_shows == same.second_shows == ()
    other = compare(small_model, mine, Profile(plays=scene("baroque", 1, 2, 3)))
    assert (other.share, other.both) == (0, ())
    assert (other.tags_both, other.tags_first[0]) == ((), "doom metal")
    assert set(other.tags_second) <= {"baroque", "classical", "choral"}


def test_other_artists_of_the_same_kind_share_half(small_model: Model) -> None:
    found = compare(
        small_model, Profile(plays=scene("doom", 2, 4)), Profile(plays=scene("doom", 6, 8))
    )
    assert found.by_artists == 0.0
    assert found.by_tags == pytest.approx(1.0)
    assert found.share == 50


def test_a_third_of_the_artists_in_common_is_a_third(small_model: Model) -> None:
    mine, theirs = scene("doom", 1, 2, 3), {**scene("doom", 1), **scene("outrun", 1, 2)}
    found = compare(small_model, Profile(plays=mine), Profile(plays=theirs))
    assert found.by_artists == pytest.approx(1 / 3)
    back = compare(small_model, Profile(plays=theirs), Profile(plays=mine))
    assert (back.share, back.both) == (found.share, found.both) == (found.share, ("Doom Artist 1",))
    assert (back.first_shows, back.second_shows) == (found.second_shows, found.first_shows)


def test_an_artist_no_model_knows_counts_when_both_play_it(small_model: Model) -> None:
    mine = Profile(plays={**scene("doom", 1), "Our Own Band": 50.0})
    theirs = Profile(plays={**scene("outrun", 1), "our own band": 50.0})
    found = compare(small_model, mine, theirs)
    assert found.both == ("Our Own Band",)
    assert found.by_artists > 0.5


def test_the_most_loved_by_both_come_first(small_model: Model) -> None:
    mine = {artist("doom", 1): 90.0, artist("doom", 2): 2.0, artist("doom", 3): 30.0}
    theirs = {artist("doom", 1): 60.0, artist("doom", 2): 90.0, artist("doom", 3): 20.0}
    found = compare(small_model, Profile(plays=mine), Profile(plays=theirs))
    assert found.both == ("Doom Artist 1", "Doom Artist 3", "Doom Artist 2")


def test_each_is_shown_what_the_other_plays_a_lot_in_the_order_of_their_own_taste(
    small_model: Model,
) -> None:
    mine = {
        **scene("doom", 5, 6, 7, plays=40.0),
        **scene("bebop", 5, 6, plays=40.0),
        **scene("baroque", 1, 2, 3, 4, 5, plays=1.0),
    }
    theirs = Profile(plays=scene("doom", 1, 2, 3, 4), dislikes=[artist("doom", 7)])
    found = compare(small_model, Profile(plays=mine), theirs)
    shown = [one.artist for one in found.first_shows]
    assert set(shown[:2]) == {artist("doom", 5), artist("doom", 6)}
    assert set(shown[2:4]) == {artist("bebop", 5), artist("bebop", 6)}
    assert artist("doom", 7) not in shown
    for one in found.first_shows[:2]:
        assert one.because
        assert set(one.because) <= set(theirs.plays)


def test_to_know_an_artist_is_not_to_love_them_and_nobody_is_shown_whom_they_know(
    small_model: Model,
) -> None:
    both, offered = artist("bebop", 1), artist("doom", 4)
    mine = Profile(plays={**scene("doom", 1, 2, 4), both: 30.0})
    theirs = Profile(plays=scene("doom", 1, 3), known=[both, offered])
    found = compare(small_model, mine, theirs)
    assert found.both == (artist("doom", 1),)
    assert {one.artist for one in found.first_shows} == {artist("doom", 2)}
    assert both not in {one.artist for one in compare(small_model, theirs, mine).first_shows}
    assert {p.artist: p.whose for p in found.places}[both] == "first"
    with pytest.raises(DataError):
        compare(small_model, mine, Profile(known=[both]))


def test_the_map_puts_each_side_on_its_own_and_close_music_together(small_model: Model) -> None:
    mine = {**scene("doom", 1, 2, 3), **scene("bebop", 1)}
    theirs = {**scene("outrun", 1, 2, 3), **scene("bebop", 1)}
    places = {
        p.artist: p for p in compare(small_model, Profile(plays=mine), Profile(plays=theirs)).places
    }
    assert set(places) == mine.keys() | theirs.keys()
    assert places["Bebop Artist 1"].whose == "both"
    assert all(-1 <= p.x <= 1 and -1 <= p.y <= 1 and 0 < p.weight <= 1 for p in places.values())
    left = [p.x for p in places.values() if p.whose == "first"]
    right = [p.x for p in places.values() if p.whose == "second"]
    assert max(left) < places["Bebop Artist 1"].x < min(right)


def test_one_artist_each_is_enough_and_none_is_a_sentence(small_model: Model) -> None:
    alone = Profile(plays=scene("doom", 1))
    assert compare(small_model, alone, alone).share == 100
    assert len(compare(small_model, alone, Profile(likes=[artist("bebop", 1)])).places) == 2
    with pytest.raises(DataError):
        compare(small_model, alone, Profile())
