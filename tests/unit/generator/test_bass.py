"""The bass: walking, riffing, and the letters of its cells."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from generator.compose import compose
from generator.score import Note, Score
from generator.style import Style
from generator.theory import Key
from tests.notation import bars, chord_at, step_of, strikes
from tests.unit.generator.altered import request, steady, takes

SEEDS = range(8)


class TestWalkingBass:
    def walked(self) -> list[Score]:
        changes = {"bass.walk": 1.0, "bass.skips": 0.0}
        changes |= {
            f"form.sections.{name}.play.bass": 0.8
            for name in ("A", "A'", "B", "B'", "intro", "break")
        }
        return takes(steady("lofi", changes), SEEDS)

    def test_it_plays_quarters_in_a_line_of_steps_and_small_leaps(self) -> None:
        for score in self.walked():
            line = score.part("bass").notes
            assert all(note.start % 1 == 0 for note in line)
            moves = [
                abs(two.pitch - one.pitch)
                for one, two in pairwise(line)
                if two.start - one.start == 1
            ]
            assert np.mean([0 < move <= 4 for move in moves]) > 0.6
            assert max(moves) <= 12
            assert max(line, key=lambda n: n.pitch).pitch - min(n.pitch for n in line) <= 20

    def test_it_says_the_chord_on_its_strong_beats(self) -> None:
        heard = []
        for score in self.walked():
            for note in score.part("bass").notes:
                chord = chord_at(score, note.start)
                if note.start == chord.start or (note.start % 4 == 2 and chord.length >= 4):
                    heard.append(note.pitch % 12 in chord.tones)
        assert np.mean(heard) > 0.95

    def test_it_steps_into_the_next_chord(self) -> None:
        """A semitone, a step or a fifth before every new root."""
        near = []
        for score in self.walked():
            line = {note.start: note.pitch for note in score.part("bass").notes}
            for one, two in pairwise(score.chords):
                if one.root != two.root and two.start in line and two.start - 1 in line:
                    near.append(abs(line[two.start] - line[two.start - 1]) in (1, 2, 5, 7))
        assert len(near) > 50
        assert np.mean(near) > 0.9

    def test_it_plays_halves_where_it_is_calm(self) -> None:
        changes = {"bass.walk": 1.0, "bass.skips": 0.0, "form.sections.A.play.bass": 0.2}
        for score in takes(steady("lofi", changes), SEEDS, mood="nostalgic"):
            for section in score.sections:
                if section.name == "A":
                    first = section.start_bar * 4
                    inside = range(first, first + 4 * section.bars)
                    line = [n for n in score.part("bass").notes if int(n.start) in inside]
                    assert all(note.start % 2 == 0 or note.start % 4 == 3 for note in line)
                    assert len(line) < 3 * section.bars

    def test_no_two_seeds_walk_alike(self) -> None:
        lines = [frozenset(enumerate(bars(score, "bass"))) for score in self.walked()]
        assert len(set(lines)) == len(SEEDS)


class TestBassLetters:
    def line(self, cell: str) -> list[tuple[Score, tuple[Note, ...]]]:
        changes = {
            "bass.cells": [cell], "bass.bend": 0.0, "bass.ornaments": {}, "bass.approach": 0.0,
        }  # fmt: skip
        scores = takes(steady("synthwave", changes), SEEDS, key="D minor")
        return [(score, score.part("bass").notes) for score in scores]

    def test_x_is_short_and_soft(self) -> None:
        for _, line in self.line("1---x---1---x---"):
            dead = [note for note in line if note.start % 2 == 1]
            whole = [note for note in line if note.start % 4 == 0]
            assert max(n.length for n in dead) < 0.15 < min(n.length for n in whole)
            assert max(n.velocity for n in dead) < min(n.velocity for n in whole)

    def test_g_slides_in_from_below_just_before_the_beat(self) -> None:
        for _, line in self.line("1-------g-------"):
            slides = [(one, two) for one, two in pairwise(line) if one.length < 0.2]
            assert slides
            for grace, note in slides:
                assert note.start % 4 == 2
                assert 0 < note.start - grace.start < 0.2
                assert abs(note.pitch - grace.pitch) == 2

    def test_c_is_a_semitone_from_the_next_root(self) -> None:
        for score, line in self.line("1-----------c---"):
            for one, two in pairwise(line):
                if (
                    one.start % 4 == 3
                    and two.start - one.start == 1
                    and "/" not in chord_at(score, two.start).symbol
                ):
                    assert (one.pitch - two.pitch) % 12 in (1, 11)

    def test_4_is_the_keys_fourth(self) -> None:
        for score, line in self.line("1-------4-------"):
            for note in line:
                chord = chord_at(score, note.start)
                if note.start % 4 == 2 and "/" not in chord.symbol:
                    assert note.pitch % 12 in Key.parse(score.key).scale
                    assert (note.pitch - chord.root) % 12 in (5, 6)


class TestRiffs:
    riffs = (
        "1--1..5-7---1---", "1-1-3-1-5---4-3-", "1..1..1-7-1-----", "1---1-3-4-3-1---",
        "1-8-1-7-1-5-1-4-", "1--3--4---1-7---",
    )  # fmt: skip

    def band(self) -> Style:
        rock = {"bass.riffs": list(self.riffs), "bass.riff": 1.0, "bass.ornaments": {}}
        rock |= {"bass.approach": 0.0, "bass.bend": 0.0, "pad.riff": 1.0, "pad.low": 40}
        return steady("synthwave", rock)

    def test_a_riff_returns_and_its_phrase_ends_otherwise(self) -> None:
        for score in takes(self.band(), SEEDS, key="D minor"):
            section = max(score.sections, key=lambda each: each.bars)
            steps = [
                frozenset(step for step, _ in bar)
                for bar in bars(score, "bass")[section.start_bar : section.start_bar + 4]
            ]
            assert steps[0] == steps[1] == steps[2]

    def test_chords_double_it_in_fifths(self) -> None:
        """But for a note left out here and there, where a riff would be a song's."""
        doubled, fifths = 0, []
        for score in takes(self.band(), SEEDS):
            bass = {step_of(note): note.pitch for note in score.part("bass").notes}
            chords = strikes(score, "pad")
            places = sorted({step_of(note) for note in score.part("pad").notes})
            for place, chord in zip(places, chords, strict=True):
                fifths.append(chord[1] - chord[0] == 7 if len(chord) > 1 else False)
                if place in bass:
                    doubled += (chord[0] - bass[place]) % 12 == 0
            assert doubled
        assert np.mean(fifths) > 0.95

    def test_who_is_written_anew_finds_something_else(self) -> None:
        style = self.band()
        for part in ("bass", "pad"):
            spec = request(style, 3)
            one, two = (compose(each, style) for each in (spec, spec.vary(part)))
            old, new = bars(one, part), bars(two, part)
            assert sum(a != b for a, b in zip(old, new, strict=True)) > 0.6 * len(old)
