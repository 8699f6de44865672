"""What a musician would say on seeing the notes; tests/contract holds what every style owes."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from generator.compose import compose
from generator.request import resolve
from generator.score import CLAP, CRASH, KICK, OPEN_HAT, SIDE_STICK, SNARE, Note, Score
from generator.style import load_style
from tests.notation import bars, chord_at, motion, step_of, strikes, top_line

SEEDS = range(40, 56)
FOURTH = 5


@cache
def played(style: str, seed: int, mood: str | None = None, length: int = 16) -> Score:
    return compose(resolve(style, seed=seed, mood=mood, bars=length), load_style(style))


def take(style: str, mood: str | None = None) -> list[Score]:
    return [played(style, seed, mood) for seed in SEEDS]


@pytest.mark.parametrize("style", ["synthwave", "lofi"])
def test_a_melody_steps_more_than_it_leaps_and_turns_back_after_a_leap(style: str) -> None:
    steps = moves = back = leaps = 0
    for score in take(style):
        line = top_line(score, "lead")
        for one, two, three in zip(line, line[1:], line[2:], strict=False):
            if three.start - one.start > 3:
                continue
            leap, answer = two.pitch - one.pitch, three.pitch - two.pitch
            moves, steps = moves + 1, steps + (abs(leap) <= 2)
            if abs(leap) >= FOURTH:
                leaps, back = leaps + 1, back + (leap * answer <= 0)
    assert steps > 0.55 * moves
    assert back > 0.72 * leaps


@pytest.mark.parametrize("style", ["synthwave", "lofi"])
def test_a_melody_stays_within_an_octave_and_a_half_and_breathes(style: str) -> None:
    for score in take(style):
        line = top_line(score, "lead")
        assert max(line).pitch - min(line, key=lambda note: note.pitch).pitch <= 24
        assert sum(note.length for note in line) < 0.92 * score.beats
    widths = [
        max(note.pitch for note in line) - min(note.pitch for note in line)
        for line in (top_line(score, "lead") for score in take(style))
    ]
    assert np.median(widths) <= 18


def test_a_melody_is_made_of_a_motif_that_returns() -> None:
    for score in take("synthwave"):
        rhythms = [tuple(sorted({step for step, _ in bar})) for bar in bars(score, "lead") if bar]
        commonest = max(rhythms.count(rhythm) for rhythm in set(rhythms))
        assert commonest >= 3
        assert len(set(bars(score, "lead"))) >= 3


def test_a_synthwave_melody_comes_home() -> None:
    ends = []
    for score in take("synthwave"):
        last = top_line(score, "lead")[-1]
        ends.append(last.pitch % 12 in chord_at(score, last.start).tones)
        assert last.length >= 1.0
    assert np.mean(ends) > 0.7


def test_chords_lead_into_each_other() -> None:
    for style, part in (("synthwave", "pad"), ("lofi", "keys")):
        moves = [move for score in take(style) for move in motion(score, part)]
        assert np.mean(moves) < 2.0
        assert np.percentile(moves, 90) <= 4.0


def test_pads_play_their_chord_or_the_one_about_to_come() -> None:
    for score in take("synthwave"):
        for note in score.part("pad").notes:
            ahead = (note.start + 0.75) % score.beats
            tones = {*chord_at(score, note.start + 0.1).tones, *chord_at(score, ahead).tones}
            assert note.pitch % 12 in tones


def test_lofi_chords_are_sevenths_and_ninths_swung_and_laid_back() -> None:
    for score in take("lofi"):
        assert 70 <= score.bpm <= 90
        assert np.mean([len(chord.tones) >= 4 for chord in score.chords]) > 0.9
        offbeats = [note.start * 4 % 1 for note in score.part("drums").notes if step_of(note) % 2]
        assert 0.1 < np.median(offbeats) < 0.3
        snares = [
            (note.start - step_of(note) / 4) * 60_000 / score.bpm
            for note in score.part("drums").notes
            if note.pitch in (SNARE, SIDE_STICK) and step_of(note) % 8 == 4
        ]
        assert 5.0 < np.median(snares) < 30.0


def test_lofi_melodies_are_sparse() -> None:
    lofi = np.mean([len(top_line(score, "lead")) for score in take("lofi")])
    synthwave = np.mean([len(top_line(score, "lead")) for score in take("synthwave")])
    assert lofi < 0.85 * synthwave


def test_techno_stands_on_four_beats_and_one_root() -> None:
    for score in take("techno"):
        kicks = {step_of(note) for note in score.part("drums").notes if note.pitch == KICK}
        beating = [bar for bar in range(score.bars) if kicks & set(range(16 * bar, 16 * bar + 16))]
        full = sum({16 * bar + beat for beat in (0, 4, 8, 12)} <= kicks for bar in beating)
        assert len(beating) >= 8
        assert full >= 0.7 * len(beating)
        bass = [note.pitch % 12 for note in score.part("bass").notes]
        assert max(bass.count(tone) for tone in set(bass)) > 0.5 * len(bass)
        hats = [note for note in score.part("drums").notes if note.pitch == OPEN_HAT]
        assert np.mean([step_of(note) % 4 == 2 for note in hats]) > 0.6


def test_techno_repeats_where_synthwave_sings() -> None:
    def sameness(style: str) -> float:
        return float(np.mean([len(set(bars(score, "arp"))) / score.bars for score in take(style)]))

    assert sameness("techno") < 0.75
    assert np.mean([score.bpm for score in take("techno")]) > 123


def test_synthwave_has_its_backbeat_and_its_octaves() -> None:
    backbeats, jumps = [], []
    for score in take("synthwave"):
        drums = score.part("drums").notes
        hits = {step_of(note) % 16 for note in drums if note.pitch in (SNARE, CLAP)}
        backbeats.append(bool(hits & {4, 8, 12}))
        line = sorted(score.part("bass").notes)
        jumps.append(any(abs(two.pitch - one.pitch) == 12 for one, two in pairwise(line)))
    assert all(backbeats)
    assert np.mean(jumps) > 0.7


def test_the_bass_agrees_with_the_kick() -> None:
    met = kicks = 0
    for score in take("synthwave"):
        bass = {step_of(note): note.start for note in score.part("bass").notes}
        for note in score.part("drums").notes:
            if note.pitch == KICK:
                kicks += 1
                if step_of(note) in bass:
                    met += 1
                    assert abs(bass[step_of(note)] - note.start) < 0.02
    assert met > 0.7 * kicks


@pytest.mark.parametrize("style", ["synthwave", "lofi", "techno"])
def test_the_bass_says_the_chord_where_it_begins(style: str) -> None:
    said = right = 0
    for score in take(style):
        starts = {round(chord.start * 4): chord for chord in score.chords}
        for note in score.part("bass").notes:
            chord = starts.get(step_of(note))
            if chord:
                bass = chord.symbol.partition("/")[2]
                said, right = said + 1, right + (bool(bass) or note.pitch % 12 == chord.root)
    assert right > 0.9 * said


def test_phrases_end_in_fills_and_sections_begin_with_a_crash() -> None:
    for score in take("synthwave"):
        drums = score.part("drums").notes
        for section in score.sections:
            first = {step_of(note) for note in drums if note.pitch == CRASH}
            assert 16 * section.start_bar in first
        every = bars(score, "drums")
        ends = [every[section.start_bar + section.bars - 1] for section in score.sections]
        before = [every[max(0, section.start_bar + section.bars - 2)] for section in score.sections]
        assert all(end != other for end, other in zip(ends, before, strict=True))


def test_hands_are_human_and_the_kick_is_not() -> None:
    for score in take("synthwave"):
        drums = score.part("drums").notes
        assert all(note.start * 4 == step_of(note) for note in drums if note.pitch == KICK)
        assert any(note.start * 4 != step_of(note) for note in drums)
        assert len({note.velocity for note in drums}) > 12
        lags = [abs(note.start * 4 - step_of(note)) * 15_000 / score.bpm for note in drums]
        assert max(lags) < 30.0


def test_energy_is_heard_in_density_and_touch() -> None:
    def push(style: str, name: str) -> tuple[float, float]:
        counts, forces = [], []
        for score in take(style):
            for section in score.sections:
                notes = [
                    note
                    for part in score.parts
                    for note in part.notes
                    if section.start_bar <= note.start // 4 < section.start_bar + section.bars
                ]
                if section.name == name:
                    counts.append(len(notes) / section.bars)
                    forces += [note.velocity for note in notes if note.velocity > 50]
        return float(np.mean(counts)), float(np.mean(forces))

    for style in ("synthwave", "techno"):
        calm, strong = push(style, "A"), push(style, "B")
        assert strong[0] > 1.1 * calm[0]
        assert strong[1] > calm[1]


def test_moods_move_tempo_register_mode_and_density() -> None:
    def notes_a_bar(mood: str) -> float:
        return float(np.mean([_count(score) for score in take("synthwave", mood)]))

    def height(mood: str) -> float:
        lines = [top_line(score, "arp") for score in take("synthwave", mood)]
        return float(np.mean([note.pitch for line in lines for note in line]))

    def majors(mood: str) -> float:
        return float(np.mean([score.key.endswith("major") for score in take("synthwave", mood)]))

    tempo = {mood: np.mean([score.bpm for score in take("synthwave", mood)])
             for mood in ("driving", "dreamy")}  # fmt: skip
    assert tempo["driving"] > tempo["dreamy"] + 12
    assert notes_a_bar("driving") > 1.25 * notes_a_bar("dreamy")
    assert height("bright") > height("dark") + 4
    assert majors("bright") > 0.5
    assert majors("dark") == 0


def _count(score: Score) -> float:
    return sum(len(part.notes) for part in score.parts) / score.bars


@pytest.mark.parametrize("style", ["synthwave", "lofi", "techno"])
def test_harmony_differs_from_clip_to_clip(style: str) -> None:
    loops = {
        tuple(chord.symbol for chord in compose_in_d(style, seed).chords) for seed in range(30)
    }
    assert len(loops) > 20


def compose_in_d(style: str, seed: int) -> Score:
    return compose(resolve(style, seed=seed, key="D minor"), load_style(style))


def test_a_part_alone_is_the_part_of_the_whole() -> None:
    style = load_style("synthwave")
    whole = played("synthwave", 44)
    for part in ("drums", "bass"):
        alone = compose(resolve("synthwave", seed=44, parts=["drums", part]), style)
        assert alone.part(part) == whole.part(part)


def test_velocities_and_lengths_are_playable() -> None:
    for style in ("synthwave", "lofi", "techno"):
        for score in take(style):
            for part in score.parts:
                assert list(part.notes) == sorted(part.notes)
                assert all(_playable(note, score) for note in part.notes)


def _playable(note: Note, score: Score) -> bool:
    inside = 0 <= note.start < score.beats and 0 < note.length <= score.beats
    return inside and 1 <= note.velocity <= 127


def test_chords_are_never_struck_twice_at_once() -> None:
    for score in take("lofi"):
        places = [(step_of(note), note.pitch) for note in score.part("keys").notes]
        assert len(places) == len(set(places))
        assert max(len(chord) for chord in strikes(score, "keys")) <= 6
