"""Artists' tags and what they do to a clip."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.blend import blended, gifts
from generator.clip import make_clip, played, written
from generator.errors import SpecError
from generator.kinship import MOST, Liked, blend_for, load_kinship, shared_tags
from generator.likeness import likeness
from generator.request import resolve
from generator.seed import Seed
from generator.spec import ClipSpec
from generator.style import list_styles, load_style
from recommender.catalogue import load_starter

BEATMAKER = Liked("A", {"lo-fi beats": 5, "instrumental hip hop": 4, "chill": 4, "japanese": 4})
RAVER = Liked("B", {"techno": 5, "dark": 4, "aggressive": 3})
STRANGER = Liked("C", {"japanese": 5, "80s": 4})
SLUGS = [style.slug for style in list_styles()]
TAGS = sorted({*load_kinship().styles, *load_kinship().moods, "80s", "unheard of"})

some_tags = st.dictionaries(st.sampled_from(TAGS), st.floats(0.01, 5.0), max_size=8)
some_artists = st.lists(st.builds(Liked, st.sampled_from(["A", "B", "Ö"]), some_tags), max_size=3)


def test_every_tag_of_the_catalogue_has_a_meaning_or_is_silent() -> None:
    used = {tag for artist in load_starter().catalogue for tag in artist.tags}
    kinship = load_kinship()
    assert {*kinship.styles, *kinship.moods} | {*kinship.silent} == used


def test_where_and_when_an_artist_worked_moves_nothing() -> None:
    for tag in load_kinship().silent:
        assert shared_tags([Liked("A", {tag: 5.0})]) == ()


def test_every_artist_of_the_catalogue_moves_some_style() -> None:
    still = []
    for artist in load_starter().catalogue:
        tags = shared_tags([Liked(artist.name, artist.tags)])
        weights = {tag: weight for tag, weight, _ in tags}
        if not tags and not any(blend_for(style, weights) for style in list_styles()):
            still.append(artist.name)
    assert len(still) < 40


def test_the_artists_strongest_tag_counts_most_and_artists_count_equally() -> None:
    [first, *_] = shared_tags([BEATMAKER])
    assert first == ("lo-fi beats", 1.0, "A")
    both = {tag: (weight, who) for tag, weight, who in shared_tags([BEATMAKER, RAVER])}
    assert both["techno"] == (0.5, "B")
    assert both["chill"] == (0.4, "A")
    assert "japanese" not in both


@pytest.mark.parametrize("style", SLUGS)
def test_the_style_that_was_asked_for_keeps_the_majority(style: str) -> None:
    for artist in load_starter().catalogue.artists[::40]:
        tags = shared_tags([Liked(artist.name, artist.tags)])
        blend = blend_for(load_style(style), {tag: weight for tag, weight, _ in tags})
        assert style not in dict(blend)
        assert sum(weight for _, weight in blend) <= MOST + 1e-9
        assert list(blend) == sorted(blend, key=lambda each: -each[1])


def test_tags_of_the_style_itself_let_little_else_in() -> None:
    weights = {tag: weight for tag, weight, _ in shared_tags([RAVER])}
    into_techno = dict(blend_for(load_style("techno"), weights))
    into_lofi = dict(blend_for(load_style("lofi"), weights))
    assert sum(into_techno.values()) < sum(into_lofi.values())
    assert into_lofi["techno"] >= 0.2


def test_a_blend_leans_towards_its_donor_and_keeps_the_mix() -> None:
    house = load_style("house")
    leant = blended(house, (("lofi", 0.5),), (), Seed(3))
    assert leant.tempo_high < house.tempo_high
    for mood in house.moods:
        assert leant.mood(mood).tempo < house.mood(mood).tempo
    for part in house.parts:
        assert leant.sound.parts[part].strip == house.sound.parts[part].strip
    moved = {p for p in house.parts if leant.sound.parts[p].voice != house.sound.parts[p].voice}
    given = gifts(house, (("lofi", 0.5),), Seed(3))
    assert moved == {gift.what for gift in given if gift.part}
    assert leant.sound.desk == house.sound.desk
    assert leant.name == house.name
    assert blended(house, (), (), Seed(3)) is house


def test_what_a_donor_gives_depends_on_the_seed_and_not_on_takes() -> None:
    house, blend = load_style("house"), (("lofi", 0.5),)
    drawn = {gifts(house, blend, Seed(seed)) for seed in range(12)}
    assert len(drawn) > 6
    assert all(0 < len(each) <= (len(house.parts) + 2) // 2 for each in drawn)
    assert gifts(house, blend, Seed(5)) == gifts(house, blend, Seed(5).with_next_take("lead"))
    assert {gift.what for each in drawn for gift in each} >= {"harmony", "bass", "lead"}


def test_tags_move_mood_and_tempo_only_where_nobody_chose() -> None:
    plain = [resolve("house", seed=seed) for seed in range(30)]
    leant = [resolve("house", seed=seed, like=[BEATMAKER]) for seed in range(30)]
    assert np.mean([spec.bpm for spec in leant]) < np.mean([spec.bpm for spec in plain]) - 8
    dreamy = [sum(spec.mood == "dreamy" for spec in specs) for specs in (plain, leant)]
    assert dreamy[0] < dreamy[1]
    asked = resolve("house", seed=1, bpm=125, mood="dark", key="A minor", like=[BEATMAKER])
    assert (asked.bpm, asked.mood, asked.key) == (125, "dark", "A minor")


def test_dark_tags_close_the_filters() -> None:
    style, score = written(resolve("lofi", seed=2, mood="dreamy", like=[RAVER]))
    assert style.mood("dreamy").brightness < load_style("lofi").mood("dreamy").brightness
    assert score.parts


def test_the_spec_alone_decides_a_leaning_clip() -> None:
    spec = resolve("synthwave", seed=4, bars=4, like=[BEATMAKER])
    again = ClipSpec.from_json(spec.to_json())
    assert again == spec
    assert np.array_equal(make_clip(again).audio, make_clip(spec).audio)
    assert spec.id != replace(spec, blend=()).id
    assert spec.new_take(Seed(9)).blend == spec.blend == spec.vary("lead").blend


def test_a_spec_from_before_blends_still_loads() -> None:
    document = resolve("lofi", seed=1).to_json()
    assert not {"like", "tags", "blend"} & set(document)
    assert ClipSpec.from_json(document) == resolve("lofi", seed=1)


@pytest.mark.parametrize("blend", [[["lofi", 0.6]], [["lofi", -0.1]], ["lofi"], [["lofi"]], 3])
def test_an_impossible_blend_is_refused(blend: object) -> None:
    with pytest.raises(SpecError):
        ClipSpec.from_json({**resolve("house", seed=1).to_json(), "blend": blend})


def test_vary_leaves_the_other_parts_alone_in_a_blend() -> None:
    spec = resolve("synthwave", seed=6, bars=8, like=[BEATMAKER, RAVER])
    (style, before), (other, after) = written(spec), written(spec.vary("bass"))
    assert style == other
    changed = [part.name for part in before.parts if after.part(part.name) != part]
    assert changed == ["bass"]


def test_only_what_moved_is_said_with_the_tag_that_moved_it() -> None:
    spec = resolve("house", seed=1, like=[BEATMAKER])
    style, score = written(spec)
    said = " | ".join(likeness(spec, score))
    assert "(from A)" in said
    assert f"tempo {spec.bpm} (the seed alone: {resolve('house', seed=1).bpm})" in said
    for part in spec.parts:
        moved = style.sound.parts[part].voice != load_style("house").sound.parts[part].voice
        assert (f"{part} patch" in said or f"{part} on" in said or "drums" in said) or not moved
        assert moved or not (f"{part} patch" in said or f"{part} on " in said)
    harmony = style.writing.harmony != load_style("house").writing.harmony
    assert harmony == ("Lo-fi harmony" in said)


def test_nothing_is_said_where_nothing_moved() -> None:
    for like in ([], [STRANGER]):
        spec = resolve("lofi", seed=3, like=like)
        assert likeness(spec, written(spec)[1]) == ()
        assert replace(spec, like=()) == resolve("lofi", seed=3)


def test_parts_that_do_not_play_are_not_spoken_of() -> None:
    spec = resolve("house", seed=1, like=[BEATMAKER], parts=["drums"])
    said = " ".join(likeness(spec, written(spec)[1]))
    assert "harmony" not in said
    assert "bass patch" not in said


def test_ten_artists_are_enough() -> None:
    with pytest.raises(SpecError, match="at most 10"):
        resolve("lofi", like=[BEATMAKER] * 11)


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(SLUGS), some_artists, st.integers(0, 2**20))
def test_any_tags_give_a_clip_that_composes_and_says_the_truth(
    slug: str, like: list[Liked], seed: int
) -> None:
    spec = resolve(slug, seed=seed, bars=4, like=like)
    assert resolve(slug, seed=seed, bars=4, like=like) == spec
    assert ClipSpec.from_json(spec.to_json()) == spec
    style, score = written(spec)
    assert set(style.parts) == set(load_style(slug).parts)
    for mood in style.moods:
        low, high = style.mood(mood).tempo
        assert 40 <= low <= high <= 220
    assert any(part.notes for part in score.parts)
    assert all(line and "\n" not in line for line in likeness(spec, score))


@settings(max_examples=4, deadline=None)
@given(st.sampled_from(SLUGS), some_artists, st.integers(0, 2**20))
def test_any_tags_give_a_clip_that_plays(slug: str, like: list[Liked], seed: int) -> None:
    spec = resolve(slug, seed=seed, bars=4, bpm=180, like=like)
    bus = played(spec, *written(spec)).bus
    assert np.isfinite(bus).all()
    assert np.abs(bus).max() > 0.01
