"""What every style file owes, whatever its music: each new file is taken by itself."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from generator.compose import compose
from generator.request import resolve
from generator.score import Note, Score, Section
from generator.seed import PARTS
from generator.spec import BAR_CHOICES
from generator.style import Style, list_styles
from generator.theory import Key
from tests.notation import bars, chord_at, keys_heard, step_of, top_line

STYLES = {style.slug: style for style in list_styles()}
SEEDS = (3, 17, 92, 4711, 2**20 - 1)
RANGES = {"bass": (26, 58), "pad": (36, 84), "keys": (36, 88), "arp": (43, 98), "lead": (43, 96)}
EVERY_STYLE = pytest.mark.parametrize("style", list(STYLES.values()), ids=list(STYLES))
EVERY_SEED = pytest.mark.parametrize(
    "seed", [*SEEDS[:2], *(pytest.param(seed, marks=pytest.mark.slow) for seed in SEEDS[2:])]
)


@cache
def played(slug: str, seed: int, mood: str | None = None, bars: int = 16) -> Score:
    return compose(resolve(slug, seed=seed, mood=mood, bars=bars), STYLES[slug])


def takes(style: Style) -> list[Score]:
    """A clip of every mood and seed."""
    return [played(style.slug, seed, mood) for mood in style.moods for seed in SEEDS]


@EVERY_STYLE
def test_it_introduces_itself(style: Style) -> None:
    assert style.description.endswith(".")
    assert 20 < len(style.description) <= 120
    assert style.tags
    assert list(style.parts) == [part for part in PARTS if part in style.parts]
    assert len(set(style.parts) - {"fx"}) >= 4
    assert {"pad", "keys"} & set(style.parts)
    assert "drums" in style.parts or "ambient" in style.tags
    assert len(style.moods) >= 3
    assert style.tempo_low <= style.tempo_default <= style.tempo_high
    for mood in style.moods:
        low, high = style.mood(mood).tempo
        assert style.tempo_low <= low <= high <= style.tempo_high
        assert -2.0 <= style.mood(mood).brightness <= 2.0


@EVERY_STYLE
@EVERY_SEED
def test_the_same_spec_gives_the_same_score(style: Style, seed: int) -> None:
    assert compose(resolve(style.slug, seed=seed), style) == played(style.slug, seed)


@EVERY_STYLE
@EVERY_SEED
@pytest.mark.parametrize("bars", BAR_CHOICES)
def test_every_length_has_a_form_that_fills_it(style: Style, seed: int, bars: int) -> None:
    score = played(style.slug, seed, bars=bars)
    ends = [section.start_bar + section.bars for section in score.sections]
    assert [section.start_bar for section in score.sections] == [0, *ends[:-1]]
    assert ends[-1] == score.bars == bars
    assert sum(chord.length for chord in score.chords) == pytest.approx(score.beats)
    assert [part.name for part in score.parts] == list(style.parts)
    assert all(part.notes for part in score.parts)


@EVERY_STYLE
def test_sixteen_bars_have_two_sections_that_sound_different(style: Style) -> None:
    for score in takes(style):
        energies = [section.energy for section in score.sections]
        assert len({section.name.strip("'") for section in score.sections}) >= 2
        assert max(energies) - min(energies) > 0.08
        counts = [_notes_a_bar(score, section) for section in score.sections]
        players = {frozenset(part for part in count if count[part]) for count in counts}
        moved = max(
            max(count[part] for count in counts) / max(0.1, min(count[part] for count in counts))
            for part in counts[0]
        )
        assert len(players) > 1 or moved > 1.3
        assert len({frozenset(bar) for bar in bars(score, _lowest(style))}) >= 3


def _lowest(style: Style) -> str:
    return next(part for part in ("bass", "pad", "keys") if part in style.parts)


def _notes_a_bar(score: Score, section: Section) -> dict[str, float]:
    """How many notes each part plays in a bar of the section."""
    inside = range(section.start_bar, section.start_bar + section.bars)
    return {
        part.name: sum(note.start // 4 in inside for note in part.notes) / section.bars
        for part in score.parts
    }


@EVERY_STYLE
def test_the_key_is_heard(style: Style) -> None:
    heard = [found == Key.parse(score.key) for score in takes(style) for found in keys_heard(score)]
    assert np.mean(heard) > 0.9


@EVERY_STYLE
def test_the_key_asked_for_is_heard_in_either_mode(style: Style) -> None:
    for name in ("A minor", "Eb major", "F# minor", "C major"):
        asked = Key.parse(name)
        found = [
            key == asked
            for seed in SEEDS
            for key in keys_heard(compose(resolve(style.slug, seed=seed, key=name), style))
        ]
        assert np.mean(found) >= 0.7, name


@EVERY_STYLE
def test_notes_lie_inside_the_clip_and_in_their_instruments(style: Style) -> None:
    for score in takes(style):
        for part in score.parts:
            for note in part.notes:
                assert 0 <= note.start < score.beats
                assert 0 < note.length <= score.beats
                assert 1 <= note.velocity <= 127
                low, high = RANGES.get(part.name, (27, 87))
                assert low <= note.pitch <= high, (part.name, note)


@EVERY_STYLE
def test_melodies_land_on_chord_tones_on_strong_beats(style: Style) -> None:
    for part in {"lead", "arp"} & set(style.parts):
        strong = [
            note.pitch % 12 in chord_at(score, note.start + 0.1).tones
            for score in takes(style)
            for note in top_line(score, part)
            if step_of(note) % 8 == 0
        ]
        assert np.mean(strong) > 0.85


@EVERY_STYLE
def test_the_first_beat_sounds_and_nothing_long_is_silent(style: Style) -> None:
    for score in takes(style):
        notes = sorted(note for part in score.parts for note in part.notes)
        assert notes[0].start * 60 / score.bpm < 0.05
        assert _longest_silence(notes, score) <= (4.0 if "drums" in style.parts else 1.0)


def _longest_silence(notes: list[Note], score: Score) -> float:
    """The most beats in which no note sounds, those that cross the clip's end heard again."""
    sounding = max(0.0, max(note.start + note.length for note in notes) - score.beats)
    longest = 0.0
    for note in notes:
        longest = max(longest, note.start - sounding)
        sounding = max(sounding, note.start + note.length)
    return max(longest, score.beats - sounding)


@EVERY_STYLE
@EVERY_SEED
def test_any_part_alone_begins_on_the_first_beat(style: Style, seed: int) -> None:
    for part in style.parts:
        alone = compose(resolve(style.slug, seed=seed, parts=[part]), style)
        first = min(note.start for note in alone.part(part).notes)
        assert first * 60 / alone.bpm < 0.05


@EVERY_STYLE
def test_drums_play_in_every_bar_that_should_have_them(style: Style) -> None:
    for score in takes(style) if "drums" in style.parts else ():
        drums = {step_of(note) // 16 for note in score.part("drums").notes}
        for section in score.sections:
            inside = set(range(section.start_bar, section.start_bar + section.bars))
            if section.energy >= 0.5 and _drummed(style, section):
                assert inside <= drums


def _drummed(style: Style, section: Section) -> bool:
    kinds = style.writing.form.sections
    return kinds.get(section.name, kinds[section.name.strip("'")]).play.get("drums", 0.0) > 0.3


@EVERY_STYLE
def test_touch_varies(style: Style) -> None:
    for score in takes(style):
        for part in score.parts:
            enough = min(6, (len(part.notes) + 1) // 2)
            assert len({note.velocity for note in part.notes}) >= enough
