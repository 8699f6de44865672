"""Effects stand where sections meet."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from generator.compose import compose
from generator.score import FX_BED, FX_FALL, FX_HIT, FX_RISE, FX_SWELL, Note, Score
from tests.unit.generator.altered import altered, request, takes

PARTS = ["drums", "bass", "pad", "arp", "lead", "fx"]
SEEDS = range(12)
EVERYTHING = {"rise": 1.0, "swell": 1.0, "hit": 1.0, "fall": 1.0, "bed": 1.0, "specks": 0.0}


def scores(table: dict[str, object]) -> list[Score]:
    return takes(altered("synthwave", {"parts": PARTS, "fx": table}), SEEDS, mood="driving")


def of(score: Score, pitch: int) -> list[Note]:
    return [note for note in score.part("fx").notes if note.pitch == pitch]


def joints(score: Score) -> list[tuple[float, float]]:
    """(beat, gain of energy) of every section's beginning; the first follows the last."""
    sections = (score.sections[-1], *score.sections)
    return [(two.start_bar * 4.0, two.energy - one.energy) for one, two in pairwise(sections)]


def near(beat: float, beats: list[float], score: Score) -> bool:
    """Whether one of the beats is there, going round the loop, but for a player's looseness."""
    apart = [abs(beat - each) for each in beats]
    return min(min(gap, score.beats - gap) for gap in apart) < 0.05


def test_risers_and_swells_end_and_blows_fall_where_a_stronger_section_begins() -> None:
    for score in scores(EVERYTHING):
        stronger = [beat for beat, gain in joints(score) if gain >= 0.1]
        moved = [beat for beat, gain in joints(score) if abs(gain) >= 0.05]
        for note in of(score, FX_RISE):
            assert near((note.start + note.length) % score.beats, stronger, score)
        for note in of(score, FX_SWELL):
            assert near((note.start + note.length) % score.beats, moved, score)
        first = [note for note in of(score, FX_HIT) if near(note.start, stronger, score)]
        assert len(first) == len(stronger) == len(of(score, FX_RISE))
        for note in set(of(score, FX_HIT)) - set(first):
            assert any(0.5 < note.start - beat < 4.0 for beat in stronger)


def test_a_downlifter_opens_what_is_weaker() -> None:
    for score in scores(EVERYTHING):
        places = [beat for beat, gain in joints(score) if gain <= -0.1 or gain >= 0.25]
        assert len(of(score, FX_FALL)) == len(places)
        assert all(near(note.start, places, score) for note in of(score, FX_FALL))


def test_a_bed_lies_under_the_quiet_sections_only() -> None:
    for score in scores({**EVERYTHING, "bed_below": 0.5}):
        quiet = {
            bar
            for section in score.sections
            for bar in range(section.start_bar, section.start_bar + section.bars)
            if section.energy <= 0.5
        }
        assert {int(note.start // 4) for note in of(score, FX_BED)} <= quiet
        assert bool(quiet) == bool(of(score, FX_BED))


def test_a_table_of_chances_leaves_some_out_and_a_silent_one_still_leads_back() -> None:
    some, none = scores({"specks": 0.0}), scores(dict.fromkeys(EVERYTHING, 0.0))
    counts = [len(score.part("fx").notes) for score in some]
    assert 2.0 < np.mean(counts) < 9.0
    assert len(set(counts)) > 3
    for score in none:
        (note,) = score.part("fx").notes
        assert note.pitch == FX_SWELL
        assert note.start + note.length == pytest.approx(score.beats, abs=0.05)


def test_specks_are_short_and_soft_and_everywhere() -> None:
    silent = dict.fromkeys(EVERYTHING, 0.0)
    for score in scores({**silent, "specks": 1.0}):
        notes = score.part("fx").notes
        assert {int(note.start // 4) for note in notes} == set(range(score.bars))
        assert max(note.length for note in notes) <= 1.0
        assert max(note.velocity for note in notes) < 50


def test_a_section_may_ask_for_silence() -> None:
    style = altered(
        "synthwave",
        {"parts": PARTS, "fx": EVERYTHING, "form.sections.break.play.fx": 0.0},
    )
    for score in takes(style, SEEDS):
        breaks = [section.start_bar * 4.0 for section in score.sections if section.name == "break"]
        for note in score.part("fx").notes:
            assert (
                not any(abs(note.start - beat) < 0.05 for beat in breaks) or note.pitch == FX_RISE
            )
            ends = (note.start + note.length) % score.beats
            assert note.pitch in (FX_BED, FX_FALL, FX_HIT) or ends not in breaks


def test_another_take_has_other_effects_and_the_same_band() -> None:
    style = altered("synthwave", {"parts": PARTS, "fx": {}})
    for seed in SEEDS:
        spec = request(style, seed)
        one, two = (compose(each, style) for each in (spec, spec.vary("fx")))
        assert one.part("fx") != two.part("fx")
        assert all(one.part(part) == two.part(part) for part in PARTS[:-1])


def test_alone_they_lie_on_a_bed_from_the_first_beat() -> None:
    style = altered("synthwave", {"parts": PARTS, "fx": {}})
    spec = request(style, 5)
    alone = compose(type(spec)(**{**spec.to_json(), "parts": ("fx",)}), style)
    (bed,) = of(alone, FX_BED)
    assert (bed.start, bed.length) == (0.0, alone.beats)
