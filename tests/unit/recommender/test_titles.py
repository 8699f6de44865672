"""Names of mixes, in good English."""

from __future__ import annotations

import pytest

from recommender.catalogue import load_starter
from recommender.titles import ADJECTIVES, NIGHT, NO_NAME, SPELLINGS, SharedTag, titles


def best(*tags: tuple[str, float, float]) -> str:
    return next(titles([SharedTag(*tag) for tag in tags], "Kavinsky")).text


@pytest.mark.parametrize(
    ("tags", "name"),
    [
        ([("synthwave", 9, 0.9), ("darksynth", 6, 0.5)], "Synthwave & Darksynth"),
        ([("lo-fi beats", 9, 0.9), ("chill", 5, 0.8)], "Late-night Lo-fi"),
        ([("reggae", 9, 0.9), ("chill", 5, 0.8)], "Laid-back Reggae"),
        ([("indie rock", 9, 0.9), ("alternative rock", 6, 0.5)], "Indie & Alternative Rock"),
        ([("house", 9, 0.9), ("deep house", 6, 0.5)], "Deep House"),
        ([("deep house", 9, 0.9), ("house", 6, 0.5)], "Deep House"),
        ([("house", 9, 0.9), ("french", 5, 0.6)], "French House"),
        ([("drum and bass", 9, 0.9), ("jungle", 6, 0.5)], "Drum 'n' Bass & Jungle"),
        ([("uk garage", 9, 0.9), ("british", 6, 0.9)], "UK Garage"),
        ([("female vocals", 9, 0.9), ("k-pop", 6, 0.6), ("r&b", 1, 0.2)], "K-Pop"),
        ([("jazz", 9, 0.9), ("80s", 1, 0.9)], "Jazz"),
        ([("dark", 9, 0.9), ("seen live", 5, 0.9)], "Around Kavinsky"),
        ([], "Around Kavinsky"),
    ],
)
def test_the_best_name_says_what_is_in_the_mix(
    tags: list[tuple[str, float, float]], name: str
) -> None:
    assert best(*tags) == name


def test_further_names_are_offered_and_the_last_one_names_the_artist() -> None:
    shared = [SharedTag("jazz", 9, 0.9), SharedTag("piano", 5, 0.9), SharedTag("soul", 6, 0.4)]
    assert [title.text for title in titles(shared, "Bill Evans")] == [
        "Jazz & Soul",
        "Piano Jazz",
        "Jazz",
        "Jazz around Bill Evans",
        "Around Bill Evans",
    ]


def test_every_tag_the_names_know_is_one_of_the_catalogue() -> None:
    tags = {tag for artist in load_starter().catalogue for tag in artist.tags}
    foreign = {"mpb", "rnb"}
    assert (ADJECTIVES.keys() | NIGHT | SPELLINGS.keys()) - tags == foreign
    assert NO_NAME & tags
