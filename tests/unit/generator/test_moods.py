"""A mood is heard: how high the melody lies, how much is played."""

from __future__ import annotations

from functools import cache
from itertools import permutations

import numpy as np
import pytest

from generator.compose import compose
from generator.request import resolve
from generator.score import Score
from generator.style import Style, list_styles

SEEDS = range(4)
EVERY_STYLE = pytest.mark.parametrize("style", list_styles(), ids=lambda style: style.slug)
MELODIES = {"arp", "lead"}


@cache
def takes(slug: str, mood: str) -> tuple[Score, ...]:
    style = next(style for style in list_styles() if style.slug == slug)
    return tuple(
        compose(resolve(slug, seed=seed, mood=mood, key="D minor"), style) for seed in SEEDS
    )


def height(style: Style, mood: str) -> float:
    """The mean pitch of what sings."""
    return float(
        np.mean(
            [
                note.pitch
                for score in takes(style.slug, mood)
                for part in score.parts
                if part.name in MELODIES
                for note in part.notes
            ]
        )
    )


def notes_a_bar(style: Style, mood: str) -> float:
    return float(
        np.mean(
            [
                sum(len(part.notes) for part in score.parts if part.name != "fx") / score.bars
                for score in takes(style.slug, mood)
            ]
        )
    )


@EVERY_STYLE
def test_the_register_moves_arp_and_lead(style: Style) -> None:
    assert MELODIES & set(style.parts)
    moods = sorted(style.moods, key=lambda mood: style.mood(mood).register)
    apart = style.mood(moods[-1]).register - style.mood(moods[0]).register
    assert apart >= 4
    assert height(style, moods[-1]) > height(style, moods[0]) + apart / 2


@EVERY_STYLE
def test_a_dense_mood_plays_more_than_a_sparse_one(style: Style) -> None:
    clear = [
        (one, two)
        for one, two in permutations(style.moods, 2)
        if style.mood(one).density >= 1.25 * style.mood(two).density
    ]
    assert clear
    for one, two in clear:
        assert notes_a_bar(style, one) > 1.06 * notes_a_bar(style, two), (one, two)


@EVERY_STYLE
def test_moods_differ_in_filter_mode_or_tempo(style: Style) -> None:
    tables = [style.mood(mood) for mood in style.moods]
    brightness = [table.brightness for table in tables]
    assert max(brightness) - min(brightness) >= 0.7
    assert len({table.tempo for table in tables}) > 1
    assert len({tuple(sorted(table.modes.items())) for table in tables}) > 1
