"""Mixes: of one kind each, partly known and partly new, and the same tomorrow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pytest

from recommender.catalogue import Starter, load_starter
from recommender.errors import DataError
from recommender.mixes import Heard, Mix, make_mixes
from recommender.model import Model, Profile, train
from recommender.names import normalise
from recommender.tracks import tracks_of
from tests.unit.recommender.world import SCENES, artist

NIGHTS = ("Kavinsky", "Com Truise", "Perturbator", "Gunship", "The Midnight", "Carpenter Brut")
BEATS = ("Nujabes", "J Dilla", "Madlib", "Knxwledge", "Flying Lotus", "DJ Shadow")


@pytest.fixture(scope="module")
def starter() -> Starter:
    return load_starter()


@pytest.fixture(scope="module")
def model(starter: Starter) -> Model:
    return train(starter.catalogue, starter.listeners())


def member(starter: Starter, seed: int, crates: int, artists: int) -> dict[str, float]:
    """Somebody who plays ``artists`` artists of each of some crates, a few of them very much."""
    draw = np.random.default_rng(seed)
    plays: dict[str, float] = {}
    for at in draw.choice(len(starter.crates), crates, replace=False):
        names = starter.crates[at].artists
        for name in draw.choice(len(names), min(artists, len(names)), replace=False):
            plays[names[name]] = float(int(draw.pareto(1.1) * 6) + 1)
    return plays


def items(mixes: Iterable[Mix]) -> list[tuple[str, str]]:
    return [(item.artist, item.track) for mix in mixes for item in mix.items]


def test_a_taste_of_two_kinds_becomes_two_mixes_with_their_names(model: Model) -> None:
    mixes = make_mixes(model, Profile(plays=dict.fromkeys((*NIGHTS, *BEATS), 10.0)))
    names = {mix.name: {item.artist for item in mix.items if item.known} for mix in mixes}
    [night] = [name for name in names if "Synthwave" in name]
    [beats] = [name for name in names if "Hip Hop" in name]
    assert names[night] == set(NIGHTS)
    assert names[beats] <= set(BEATS)
    assert len(names[beats]) >= 4


def test_a_listening_told_in_tracks_and_what_was_shown_lately_change_no_mix(model: Model) -> None:
    plays = dict.fromkeys((*NIGHTS, *BEATS), 10.0)
    expected = make_mixes(model, Profile(plays=plays))
    tracks = {(name, "A Track"): 10.0 for name in plays}
    shown = [(item.artist, "") for mix in expected for item in mix.items if not item.known]
    assert make_mixes(model, Profile(tracks=tracks, recent=shown)) == expected


@pytest.mark.parametrize(("seed", "crates", "artists"), [(1, 2, 9), (2, 6, 14), (3, 9, 34)])
def test_each_mix_is_partly_known_and_partly_new_and_no_item_is_in_two(
    model: Model, starter: Starter, seed: int, crates: int, artists: int
) -> None:
    plays = member(starter, seed, crates, artists)
    mixes = make_mixes(model, Profile(plays=plays))
    own = set(map(normalise, plays))
    for mix in mixes:
        assert 20 <= len(mix.items) <= 50, mix.name
        known = [item for item in mix.items if item.known]
        assert len(mix.items) / 8 <= len(known) <= len(mix.items) * 2 / 3
        for item in mix.items:
            assert (normalise(item.artist) in own) is item.known
            assert item.reason.startswith("you play " if item.known else "new: ")
    assert len(items(mixes)) == len(set(items(mixes)))
    for what in ("id", "name"):
        assert len({getattr(mix, what) for mix in mixes}) == len(mixes)


def test_new_items_are_close_to_the_artists_their_reason_names(model: Model) -> None:
    [mix] = [
        mix
        for mix in make_mixes(model, Profile(plays=dict.fromkeys((*NIGHTS, *BEATS), 10.0)))
        if "Synthwave" in mix.name
    ]
    new = [item for item in mix.items if not item.known]
    assert all(any(own in item.reason for own in NIGHTS) for item in new)
    assert sum("synthwave" in model.tags(item.artist, 8) for item in new) > len(new) / 2
    begun = [tracks_of(item.artist)[0].title for item in new if tracks_of(item.artist)]
    assert [item.track for item in new if item.track] == begun != []


def test_the_members_own_tracks_stand_in_the_mix(model: Model) -> None:
    heard: Mapping[str, list[Heard]] = {
        "kavinsky": [Heard("Odd Look", 9.0), Heard("Roadgame", 0.0)],
        "gunship": [Heard(f"Number {number}", 5.0) for number in range(1, 9)],
    }
    mixes = make_mixes(
        model, Profile(plays=dict.fromkeys(NIGHTS, 10.0), likes=["Lazerhawk"]), heard
    )
    known = {(i.artist, i.track): i.reason for mix in mixes for i in mix.items if i.known}
    assert known["Kavinsky", "Odd Look"] == "you play it"
    assert known["Kavinsky", "Roadgame"] == "you saved it"
    assert ("Kavinsky", "Nightcall") not in known
    assert known["The Midnight", tracks_of("The Midnight")[0].title] == "you play The Midnight"
    assert "you like Lazerhawk" in known.values()
    assert sum(name == "Gunship" for name, _ in known) == 3


def test_the_same_history_gives_the_same_mixes(model: Model, starter: Starter) -> None:
    plays = member(starter, 4, 5, 12)
    backwards = dict(reversed(plays.items()))
    assert make_mixes(model, Profile(plays=plays)) == make_mixes(model, Profile(plays=backwards))


def test_a_few_more_plays_change_few_items_and_hardly_a_name(
    model: Model, starter: Starter
) -> None:
    kept, whole, same, mixes_before = 0, 0, 0, 0
    for seed in range(12):
        plays = member(starter, seed, 2 + seed % 6, 6 + 2 * seed)
        draw = np.random.default_rng(seed)
        more = dict(plays)
        for name in draw.choice(sorted(plays), 5, replace=False):
            more[str(name)] += float(draw.integers(1, 10))
        more["Taylor Swift"] = more.get("Taylor Swift", 0.0) + 2.0
        before = {mix.id: mix for mix in make_mixes(model, Profile(plays=plays))}
        after = {mix.id: mix for mix in make_mixes(model, Profile(plays=more))}
        mixes_before += len(before)
        for mix_id in before.keys() & after.keys():
            same += 1
            old, new = set(items([before[mix_id]])), set(items([after[mix_id]]))
            kept += len(old & new)
            whole += len(old)
    assert same >= 0.85 * mixes_before
    assert kept >= 0.92 * whole


def test_a_model_trained_again_with_one_more_listener_keeps_the_mixes(
    model: Model, starter: Starter
) -> None:
    plays = member(starter, 5, 4, 12)
    again = train(starter.catalogue, {**starter.listeners(), "member 1": plays})
    before = make_mixes(model, Profile(plays=plays))
    after = make_mixes(again, Profile(plays=plays))
    assert {mix.id for mix in before} == {mix.id for mix in after}
    assert len(set(items(before)) & set(items(after))) >= 0.7 * len(items(before))


def test_what_is_disliked_and_what_nobody_knows_is_in_no_mix(model: Model) -> None:
    plays = {**dict.fromkeys(NIGHTS, 10.0), "Nobody At All": 90.0}
    liked = make_mixes(model, Profile(plays=plays))
    [first, *_] = [item.artist for item in liked[0].items if not item.known]
    found = items(make_mixes(model, Profile(plays=plays, dislikes=[first, "Gunship"])))
    assert not {first, "Gunship", "Nobody At All"} & {name for name, _ in found}


def test_artists_far_from_everything_else_stand_in_no_mix(model: Model) -> None:
    found = make_mixes(model, Profile(plays=dict.fromkeys((*NIGHTS, *BEATS, "Enya"), 10.0)))
    assert "Enya" not in {name for name, _ in items(found)}


@pytest.mark.parametrize(
    "plays", [{}, {"Kavinsky": 5.0}, {"Kavinsky": 5.0, "Gunship": 1.0, "Nobody": 9.0}]
)
def test_a_tiny_list_is_one_sentence(model: Model, plays: dict[str, float]) -> None:
    with pytest.raises(DataError) as refused:
        make_mixes(model, Profile(plays=plays))
    assert str(refused.value).endswith(".")


def test_three_artists_with_nothing_in_common_are_one_mix(model: Model) -> None:
    [mix] = make_mixes(model, Profile(plays={"Kavinsky": 5.0, "Enya": 5.0, "Slayer": 5.0}))
    assert {item.artist for item in mix.items if item.known} == {"Kavinsky", "Enya", "Slayer"}
    assert len(mix.items) >= 20


def test_a_small_model_gives_shorter_mixes_rather_than_repeat_itself(small_model: Model) -> None:
    plays = {artist(scene, number): 5.0 for scene in SCENES for number in range(8)}
    mixes = make_mixes(small_model, Profile(plays=plays))
    assert len(items(mixes)) == len(set(items(mixes)))
    assert {mix.items[0].artist.split()[0].lower() for mix in mixes} <= set(SCENES)
    assert len(mixes) >= 3
