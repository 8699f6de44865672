"""Two takes differ, one part can be written anew, and everything else stays."""

from __future__ import annotations

from functools import cache
from itertools import combinations

import pytest

from generator.compose import compose
from generator.request import resolve
from generator.score import Score
from generator.seed import Seed
from generator.style import list_styles, load_style
from tests.notation import bars, shared

STYLES = {style.slug: style for style in list_styles()}
PLAYERS = [(style.slug, part) for style in list_styles() for part in style.parts]
CLIPS = 16
MANY_CLIPS = 50


@cache
def played(style: str, seed: int) -> Score:
    """A clip in the settings that all its rivals have too."""
    spec = resolve(style, seed=seed, mood=STYLES[style].moods[0], key="D minor")
    return compose(spec, STYLES[style])


def closest(style: str, part: str, clips: int) -> float:
    """What the most alike pair of clips shares in that part."""
    lines = [bars(played(style, seed), part) for seed in range(clips)]
    return max(shared(one, other) for one, other in combinations(lines, 2))


@pytest.mark.parametrize(("style", "part"), PLAYERS)
def test_writing_a_part_anew_changes_most_of_its_bars_and_nothing_else(
    style: str, part: str
) -> None:
    for seed in range(3):
        spec = resolve(style, seed=seed)
        before, after = (compose(each, STYLES[style]) for each in (spec, spec.vary(part)))
        for other in STYLES[style].parts:
            assert (before.part(other) == after.part(other)) == (other != part)
        assert (before.sections, before.chords) == (after.sections, after.chords)
        old, new = bars(before, part), bars(after, part)
        played = [(one, two) for one, two in zip(old, new, strict=True) if one or two]
        assert sum(one != two for one, two in played) > 0.6 * len(played)


def test_sixteen_takes_of_a_part_differ_and_come_round() -> None:
    spec = resolve("synthwave", seed=11, bars=8)
    takes = [spec]
    for _ in range(16):
        takes.append(takes[-1].vary("bass"))
    assert takes[16] == spec
    style = load_style("synthwave")
    lines = {compose(each, style).part("bass").notes for each in takes[:16]}
    assert len(lines) == 16


@pytest.mark.parametrize("style", list(STYLES))
def test_no_two_seeds_share_most_of_their_bars(style: str) -> None:
    for part in STYLES[style].parts:
        assert part == "drums" or closest(style, part, CLIPS) <= 0.5, part


@pytest.mark.slow
@pytest.mark.parametrize("style", list(STYLES))
def test_no_two_of_fifty_seeds_share_most_of_their_bars(style: str) -> None:
    for part in STYLES[style].parts:
        assert part == "drums" or closest(style, part, MANY_CLIPS) <= 0.5, part


@pytest.mark.parametrize("style", list(STYLES))
def test_seeds_bring_other_grooves_and_forms(style: str) -> None:
    scores = [played(style, seed) for seed in range(CLIPS)]
    assert len({tuple(map(frozenset, bars(score, "drums"))) for score in scores}) == CLIPS
    assert len({tuple(section.name for section in score.sections) for score in scores}) >= 4


def test_a_new_take_of_the_same_request_is_another_clip() -> None:
    spec = resolve("lofi", seed=3)
    other = spec.new_take(Seed(4))
    assert (other.key, other.bpm, other.mood) == (spec.key, spec.bpm, spec.mood)
    one, two = (compose(each, STYLES["lofi"]) for each in (spec, other))
    for part in STYLES["lofi"].parts:
        assert shared(bars(one, part), bars(two, part)) <= 0.5
