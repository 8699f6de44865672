"""Tracks as items: learnt on top of artists that stay as they are, ranked, capped and explained."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from recommender import artefact
from recommender.errors import DataError
from recommender.model import Model, Profile, train
from recommender.plays import TrackName
from recommender.profile import listen
from recommender.scoring import contributions, score
from recommender.tracks import Track
from tests.unit.recommender import world
from tests.unit.recommender.world import UNHEARD, artist

Tracks = dict[TrackName, float]

A_ALBUM = 6
NEVER_PLAYED = Track(artist("outrun", 2), "Never Played")
OF_THE_NEWCOMER = Track(UNHEARD, "First Single")


def songs(plays: dict[str, float], draw: np.random.Generator) -> Tracks:
    """Each artist's plays over tracks: Song 0 is everybody's, of the others half."""
    return {
        (name, f"Song {number}"): count
        for name, count in plays.items()
        for number in range(A_ALBUM)
        if number == 0 or draw.random() < 0.5
    }


def listeners() -> dict[str, Tracks]:
    draw = np.random.default_rng(5)
    return {listener: songs(plays, draw) for listener, plays in world.listeners().items()}


@pytest.fixture(scope="module")
def track_model() -> Model:
    return train(
        world.catalogue(),
        {},
        tracks=listeners(),
        known_tracks=[NEVER_PLAYED, OF_THE_NEWCOMER],
        seed=3,
    )


def a_fan(scene: str, artists: int = 4) -> Tracks:
    return {(artist(scene, number), "Song 0"): 9.0 for number in range(artists)}


def test_tracks_change_nothing_about_artists() -> None:
    tracks = listeners()
    plays: dict[str, dict[str, float]] = {listener: {} for listener in tracks}
    for listener, heard in tracks.items():
        for (name, _), count in heard.items():
            plays[listener][name] = plays[listener].get(name, 0.0) + count
    with_tracks = train(world.catalogue(), plays, tracks=tracks, seed=3)
    without = train(world.catalogue(), plays, seed=3)
    profile = Profile(plays={artist("doom", 1): 3.0, artist("bebop", 2): 40.0})
    for mode in ("familiar", "balanced", "adventurous"):
        found = with_tracks.recommend(profile, mode=mode, count=20)
        assert found == without.recommend(profile, mode=mode, count=20)
        assert without.recommend(profile, mode=mode, count=20, kind="any") == found


@pytest.mark.parametrize("scene", list(world.SCENES))
@pytest.mark.parametrize("kind", ["tracks", "any"])
def test_a_fans_tracks_are_of_their_scene_and_new_to_them(
    track_model: Model, scene: str, kind: str
) -> None:
    fan = a_fan(scene)
    found = track_model.recommend(Profile(tracks=fan), count=10, kind=kind)  # type: ignore[arg-type]
    assert len(found) == 10
    assert all(item.artist.startswith(scene.title()) for item in found)
    assert not {(item.artist, item.track) for item in found} & fan.keys()
    assert all(item.track or item.artist == UNHEARD for item in found)
    names = [item.artist for item in found]
    assert max(names.count(name) for name in names) <= 2
    scores = [item.score for item in found]
    assert scores == sorted(scores, reverse=True)


def test_another_cap_may_be_asked_for(track_model: Model) -> None:
    profile = Profile(tracks=a_fan("doom"))
    one = track_model.recommend(profile, count=12, kind="tracks", per_artist=1)
    assert len({item.artist for item in one}) == 12
    with pytest.raises(DataError, match="at least one item"):
        track_model.recommend(profile, kind="tracks", per_artist=0)
    with pytest.raises(DataError, match="artists, tracks, any"):
        track_model.recommend(profile, kind="albums")  # type: ignore[arg-type]


def test_what_listeners_play_of_an_artist_comes_before_what_nobody_plays(
    track_model: Model,
) -> None:
    profile = Profile(likes=[artist("outrun", 1)])
    found = track_model.recommend(profile, count=200, kind="tracks", per_artist=20)
    mine = [item.track for item in found if item.artist == NEVER_PLAYED.artist]
    assert mine[0] == "Song 0"
    assert mine.index("Song 0") < mine.index(NEVER_PLAYED.title)
    assert (UNHEARD, OF_THE_NEWCOMER.title) in {(item.artist, item.track) for item in found}


def test_a_never_played_track_stands_where_its_artist_does(track_model: Model) -> None:
    learnt = track_model.learnt
    profile = Profile(likes=[artist("outrun", 1)])
    scored = score(learnt, listen(profile, learnt.index, learnt.tracks.titles), songs=True)
    assert scored.songs is not None
    at = learnt.tracks.titles.find(learnt.index.get(UNHEARD) or 0, "first single")
    assert at is not None
    assert scored.songs.own[at] == 0.0


def test_a_played_artists_other_tracks_may_come_and_familiar_brings_the_played_ones_back(
    track_model: Model,
) -> None:
    fan = a_fan("bebop")
    new = track_model.recommend(Profile(tracks=fan), count=40, kind="tracks")
    assert {item.artist for item in new} & {name for name, _ in fan}
    again = track_model.recommend(Profile(tracks=fan), mode="familiar", count=10, kind="tracks")
    back = [item for item in again if (item.artist, item.track) in fan]
    assert back
    assert all(item.reason.text.startswith("because you play Song 0 already") for item in back)


def test_a_dislike_bars_the_artists_tracks(track_model: Model) -> None:
    barred = artist("doom", 1)
    profile = Profile(tracks=a_fan("doom"), dislikes=[barred])
    for kind in ("tracks", "any", "artists"):
        found = track_model.recommend(profile, count=100, kind=kind)  # type: ignore[arg-type]
        assert barred not in {item.artist for item in found}


@pytest.mark.parametrize("kind", ["artists", "tracks", "any"])
def test_what_was_shown_of_late_is_not_shown_again_while_there_is_else(
    track_model: Model, kind: str
) -> None:
    profile = Profile(tracks=a_fan("baroque"))
    first = track_model.recommend(profile, count=5, kind=kind)  # type: ignore[arg-type]
    shown = [(item.artist, item.track) for item in first]
    later = Profile(tracks=a_fan("baroque"), recent=shown)
    second = track_model.recommend(later, count=5, kind=kind)  # type: ignore[arg-type]
    assert not {(item.artist, item.track) for item in second} & set(shown)
    everything = track_model.recommend(later, count=1_000, kind=kind)  # type: ignore[arg-type]
    assert set(shown) <= {(item.artist, item.track) for item in everything}


def test_in_familiar_mode_favourites_shown_of_late_may_return(track_model: Model) -> None:
    own = {artist("baroque", number): 50.0 for number in range(8)}
    first = track_model.recommend(Profile(plays=own), mode="familiar", count=5)
    shown = [(item.artist, "") for item in first if item.artist in own]
    assert shown
    again = track_model.recommend(Profile(plays=own, recent=shown), mode="familiar", count=5)
    assert {name for name, _ in shown} <= {item.artist for item in again}


def test_without_the_artist_a_reason_names_a_tracks_score_falls(track_model: Model) -> None:
    named = 0
    for scene in world.SCENES:
        fan = a_fan(scene, 3) | a_fan("doom" if scene != "doom" else "bebop", 2)
        for found in track_model.recommend(Profile(tracks=fan), count=6, kind="tracks"):
            for name in found.reason.because:
                named += 1
                rest = {track: count for track, count in fan.items() if track[0] != name}
                again = track_model.recommend(
                    Profile(tracks=rest), count=1_000, kind="tracks", per_artist=99
                )
                scores = {(item.artist, item.track): item.score for item in again}
                assert scores[found.artist, found.track] < found.score
    assert named >= 12


def test_contributions_to_tracks_grow_with_the_total(track_model: Model) -> None:
    """What an entry contributes is linear: twice the part is twice the difference it makes."""
    learnt = track_model.learnt
    listened = listen(Profile(tracks=a_fan("outrun")), learnt.index, learnt.tracks.titles)
    scored = score(learnt, listened, songs=True)
    assert scored.songs is not None
    items = np.arange(len(learnt.index), len(learnt.index) + len(learnt.tracks))
    owned = contributions(learnt, scored, items).sum(axis=0)
    total = scored.total[learnt.tracks.artists] + scored.songs.own
    unowned = total - owned - learnt.tracks.biases * scored.map_scale
    biases = learnt.biases[learnt.tracks.artists] * scored.map_scale
    constant = scored.vector - scored.mean @ scored.linear
    vectors = learnt.described(items)[0] @ constant * scored.map_scale
    rest = unowned - biases - vectors
    assert rest == pytest.approx(np.full(len(rest), rest.mean()), abs=1e-3)


def test_a_track_only_one_listener_plays_is_not_shown_to_others() -> None:
    tracks = listeners()
    name = artist("doom", 1)
    tracks["doom 0"][name, "Demo Tape"] = 400.0
    tracks["doom 0"]["Own Band", "Own Song"] = 400.0
    model = train(world.catalogue(), {}, tracks=tracks, min_listeners=2, seed=3)
    for kind in ("tracks", "any"):
        found = model.recommend(
            Profile(tracks=a_fan("doom")), count=1_000, kind=kind, per_artist=99
        )
        shown = {item.track for item in found}
        assert not shown & {"Demo Tape", "Own Song"}
        assert "Song 0" in shown


def test_an_unknown_track_counts_for_its_artist(track_model: Model) -> None:
    name = artist("doom", 3)
    by_track = track_model.recommend(Profile(tracks={(name, "B-Side Nobody Knows"): 4.0}))
    assert by_track == track_model.recommend(Profile(plays={name: 4.0}))


def test_a_model_with_tracks_answers_the_same_once_stored(
    track_model: Model, tmp_path: Path
) -> None:
    artefact.save(track_model, tmp_path)
    profile = Profile(tracks=a_fan("outrun"))
    stored = artefact.load(tmp_path).recommend(profile, kind="any", count=20)
    assert stored == track_model.recommend(profile, kind="any", count=20)


def test_the_same_listening_gives_the_same_tracks(tmp_path: Path) -> None:
    small = {listener: plays for listener, plays in listeners().items() if listener[-1] in "012"}
    first, second = (
        artefact.save(train(world.catalogue(), {}, tracks=tracks, seed=1), tmp_path / folder)
        for tracks, folder in ((small, "a"), (dict(reversed(small.items())), "b"))
    )
    assert first == second
