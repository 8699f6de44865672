"""Other people's tags in the catalogue's words."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender import vocabulary
from recommender.catalogue import load_starter
from recommender.vocabulary import MOST_TAGS, in_our_words


def test_every_meaning_is_a_tag_of_the_catalogue() -> None:
    known = {tag for artist in load_starter().catalogue for tag in artist.tags}
    assert set(vocabulary._MEANT.values()) <= known
    assert {in_our_word(tag) for tag in known} == known


def in_our_word(tag: str) -> str:
    [word] = in_our_words({tag: 1.0})
    return word


@pytest.mark.parametrize(
    ("tag", "word"),
    [
        ("Hip-Hop", "hip hop"),
        ("hiphop", "hip hop"),
        ("Synth-Pop", "synthpop"),
        ("synth pop", "synthpop"),
        ("Drum & Bass", "drum and bass"),
        ("Drum n Bass", "drum and bass"),
        ("RnB", "r&b"),
        ("R&B", "r&b"),
        ("female vocalists", "female vocals"),
        ("Post Rock", "post-rock"),
        ("1980s", "80s"),
        ("k pop", "k-pop"),
        ("Lo-Fi", "lo-fi"),
    ],
)
def test_spellings_and_synonyms_are_understood(tag: str, word: str) -> None:
    assert in_our_word(tag) == word


def test_what_has_no_word_here_or_was_one_persons_whim_is_left_out() -> None:
    tags = {"seen live": 100.0, "shoegaze": 60.0, "dream pop": 30.0, "polka": 20.0, "jazz": 1.0}
    assert in_our_words(tags) == {"shoegaze": 5.0, "dream pop": 2.0}
    assert in_our_words({"my cats name": 5.0}) == {}


def test_the_strongest_come_first_and_not_too_many() -> None:
    decades = {f"{decade}0s": float(decade) for decade in range(5, 10)}
    given_tags = {**decades, "pop": 50.0, "soul": 40.0, "funk": 30.0, "disco": 20.0}
    kept = in_our_words(given_tags)
    assert list(kept)[:4] == ["pop", "soul", "funk", "disco"]
    assert len(kept) == MOST_TAGS
    assert kept == in_our_words(dict(reversed(given_tags.items())))


@given(st.dictionaries(st.text(max_size=30), st.floats(), max_size=20))
def test_any_tags_give_a_handful_of_words_with_weights_in_range(tags: dict[str, float]) -> None:
    kept = in_our_words({**tags, "rock n roll": 3.0})
    assert len(kept) <= MOST_TAGS
    assert all(1.0 <= weight <= 5.0 and math.isfinite(weight) for weight in kept.values())
