"""Where to begin with an artist."""

from __future__ import annotations

import pytest

from recommender.catalogue import load_starter
from recommender.errors import DataError
from recommender.tracks import Track, beginnings, read_tracks, tracks_of


def test_the_track_to_begin_with_stands_first() -> None:
    assert tracks_of("Kavinsky")[0] == Track("Kavinsky", "Nightcall")


@pytest.mark.parametrize("spelling", ["Beyoncé", "BEYONCE", "beyoncé feat. Jay-Z"])
def test_any_spelling_of_the_artist_will_do(spelling: str) -> None:
    assert tracks_of(spelling) == tracks_of("Beyoncé") != ()


def test_an_artist_without_a_known_track_has_none() -> None:
    assert tracks_of("Nobody At All") == ()
    assert tracks_of("") == ()


def test_every_artist_with_tracks_is_reached_by_the_name_in_the_catalogue() -> None:
    reached = {artist.name: tracks_of(artist.name) for artist in load_starter().catalogue}
    assert sum(map(bool, reached.values())) >= 800
    assert [name for name, tracks in reached.items() if {t.artist for t in tracks} - {name}] == []


def test_tracks_keep_their_order_and_quoted_commas() -> None:
    found = read_tracks(["artist,track\n", 'The Orb,"Oh, no"\n', "Air,All I Need\n", "ORB,Yes\n"])
    assert found == {
        "orb": (Track("The Orb", "Oh, no"), Track("ORB", "Yes")),
        "air": (Track("Air", "All I Need"),),
    }


@pytest.mark.parametrize("line", ["Air", "Air, ", ",Sexy Boy"])
def test_a_line_that_lacks_half_is_named(line: str) -> None:
    with pytest.raises(DataError, match=r"Line 3 of tracks\.csv"):
        read_tracks(["artist,track\n", "Moby,Porcelain\n", line + "\n"])


def test_nobody_is_told_where_to_begin_with_an_artist_they_play() -> None:
    found = beginnings(["Kavinsky", "Nobody At All", "M83"], played=["m83", "Moby"])
    assert found == [Track("Kavinsky", "Nightcall"), None, None]
