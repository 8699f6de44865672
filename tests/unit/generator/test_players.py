"""What each player can be asked for in a style file, heard in the notes."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from generator.score import CLOSED_HAT, KICK, Note, Score
from generator.theory import Key
from tests.notation import bars, chord_at, strikes, top_line
from tests.unit.generator.altered import altered, steady, takes

SEEDS = range(8)


class TestChords:
    def scores(self, **table: object) -> list[Score]:
        changes = {f"keys.{name}": value for name, value in table.items()}
        return takes(steady("lofi", {"keys.bend": 0.0, "keys.drift": 0.0, **changes}), SEEDS)

    def test_digits_pick_single_voices_upwards(self) -> None:
        for score in self.scores(cells=["1-2-3-4-........"], roll_ms=0.0, voicings=["close"]):
            for bar in bars(score, "keys"):
                line = sorted(bar)
                steps = [step for step, _ in line]
                assert len(steps) == len(set(steps))
                pitches = [pitch for step, pitch in line if step < 8]
                assert pitches[:3] == sorted(pitches[:3])

    def test_strums_go_down_on_the_beat_and_up_off_it(self) -> None:
        for score in self.scores(cells=["x-x-x-x-x-x-x-x-"], roll_ms=18.0, strum=True):
            strokes: dict[int, list[Note]] = {}
            for note in score.part("keys").notes:
                strokes.setdefault(int(note.start * 2 + 1e-6), []).append(note)
            for eighth, notes in strokes.items():
                pitches = [note.pitch for note in sorted(notes)]
                assert len(pitches) < 2 or pitches == sorted(pitches, reverse=bool(eighth % 2))

    def test_capitals_are_accents(self) -> None:
        for score in self.scores(cells=["X---x---x---x---"], accents=[1.0], roll_ms=0.0):
            force = {beat: [] for beat in range(4)}
            for note in score.part("keys").notes:
                if note.start % 1 == 0:
                    force[int(note.start % 4)].append(note.velocity)
            assert np.mean(force[0]) > 1.08 * np.mean(force[2])

    def test_a_drone_keeps_tonic_and_fifth(self) -> None:
        for score in self.scores(voicings=["drone"]):
            tonic = Key.parse(score.key).tonic
            tones = [note.pitch % 12 for note in score.part("keys").notes]
            inside = np.mean(np.isin(tones, [tonic, (tonic + 7) % 12]))
            assert inside > 0.97
            assert set(tones) >= {tonic, (tonic + 7) % 12}

    def test_quartal_chords_are_piled_in_fourths(self) -> None:
        gaps: Counter[int] = Counter()
        for score in self.scores(voicings=["quartal"]):
            for chord in strikes(score, "keys"):
                gaps.update(two - one for one, two in pairwise(chord))
        assert gaps.most_common(1)[0][0] == 5

    def test_power_chords_stand_on_their_root(self) -> None:
        """But for a root left out here and there, where the line would be a song's."""
        held = {"cells": ["x-------x-------"], "roll_ms": 0.0}
        rooted = []
        for score in self.scores(voicings=["fifth"], **held):
            places = sorted({note.start for note in score.part("keys").notes})
            for place, chord in zip(places, strikes(score, "keys"), strict=True):
                named = chord_at(score, place)
                rooted.append(chord[0] % 12 == named.root)
                assert len(chord) < 3 or chord[1] - chord[0] in (6, 7, 8)
        assert np.mean(rooted) > 0.97


class TestRolls:
    def test_hats_roll_in_equal_strokes_faster_than_sixteenths(self) -> None:
        changes = {"drums.layers.3.rolls": 0.3, "drums.layers.3.roll_steps": [6, 8]}
        rolling = takes(steady("synthwave", changes), SEEDS)
        plain = takes(steady("synthwave", {}), SEEDS)
        assert all(not _quick(score) for score in plain)
        gaps = [round(gap, 3) for score in rolling for gap in _quick(score)]
        assert len(gaps) > 40
        assert set(gaps) <= {0.125, 0.167}

    def test_the_kick_and_the_others_keep_what_they_play(self) -> None:
        changes = {"drums.layers.3.rolls": 1.0}
        for one, two in zip(
            takes(steady("synthwave", {}), SEEDS),
            takes(steady("synthwave", changes), SEEDS),
            strict=True,
        ):
            for score in (one, two):
                assert score.part("bass") == one.part("bass")
            assert _places(one, KICK) == _places(two, KICK)


def _places(score: Score, drum: int) -> list[float]:
    return [note.start for note in score.part("drums").notes if note.pitch == drum]


def _quick(score: Score) -> list[float]:
    """The gaps of the closed hat that are shorter than a sixteenth."""
    return [two - one for one, two in pairwise(_places(score, CLOSED_HAT)) if two - one < 0.24]


class TestLead:
    @pytest.mark.parametrize(("harmony", "sizes"), [("thirds", {3, 4}), ("sixths", {8, 9})])
    def test_a_second_voice_goes_along_below(self, harmony: str, sizes: set[int]) -> None:
        for score in takes(steady("synthwave", {"lead.harmony": harmony}), SEEDS):
            gaps = [pair[1] - pair[0] for pair in strikes(score, "lead") if len(pair) == 2]
            assert len(gaps) > 0.95 * len(strikes(score, "lead"))
            assert np.mean([gap in sizes for gap in gaps]) > 0.5
            assert all(2 <= gap <= 10 for gap in gaps)

    def test_octaves(self) -> None:
        for score in takes(steady("synthwave", {"lead.harmony": "octaves"}), SEEDS):
            assert all(high - low == 12 for low, high in strikes(score, "lead"))

    def test_the_arp_answers_where_the_lead_leaves_room(self) -> None:
        style = steady("synthwave", {"lead.call": 1.0, "arp.response": 1.0})
        rooms = 0
        for score in takes(style, SEEDS):
            lead, arp = bars(score, "lead"), bars(score, "arp")
            for section in score.sections:
                inside = range(section.start_bar, section.start_bar + section.bars)
                called = [bar for bar in inside if lead[bar]]
                answered = [bar for bar in inside if arp[bar]]
                if called and answered and inside[-1] not in answered:
                    rooms += 1
                    assert inside[0] in called
                    held = {int((n.start + 0.01) // 4) for n in score.part("lead").notes}
                    assert not held & set(answered)
        assert rooms >= len(SEEDS)


class TestForm:
    def test_an_outro_lets_players_go_one_by_one(self) -> None:
        outro = {
            "energy": 0.4, "borrows": "A", "fill": 0.5,
            "play": {"drums": 0.5, "bass": 0.4, "pad": 0.5, "lead": 0.4},
            "leave": {"lead": 3, "bass": 1},
        }  # fmt: skip
        style = steady(
            "synthwave", {"form.sections.outro": outro, "form.plans.16": ["A4 B4 A'4 outro4"]}
        )
        for score in takes(style, SEEDS):
            assert score.sections[-1].name == "outro"
            lead, bass, drums = (bars(score, part) for part in ("lead", "bass", "drums"))
            assert not any(lead[13:])
            assert bass[14]
            assert not bass[15]
            assert drums[15]

    def test_energy_grows_within_a_section_that_says_so(self) -> None:
        changes = {"form.sections.B.grow": 0.6, "form.plans.8": ["B8"]}
        gains = []
        for score in takes(steady("synthwave", changes), SEEDS, bars=8):
            notes = [n for n in score.part("bass").notes if n.start % 1 == 0]
            early = [n.velocity for n in notes if n.start < 8]
            late = [n.velocity for n in notes if n.start >= 24]
            gains.append(np.mean(late) / np.mean(early))
        assert np.mean(gains) > 1.04


class TestFeel:
    def test_straight_parts_do_not_swing(self) -> None:
        feel = {"swing": 0.62, "grid": 0.25, "straight": ["arp"]}
        for score in takes(altered("synthwave", {"feel": feel}), SEEDS):
            assert all(note.start * 4 % 1 < 1e-3 for note in score.part("arp").notes)
            late = [note.start * 4 % 1 for note in score.part("drums").notes]
            assert any(0.2 < each < 0.3 for each in late)
            assert top_line(score, "arp")
