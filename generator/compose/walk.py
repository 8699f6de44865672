"""A walking bass: a chord tone on the strong beats, a step into every next root, a line that
carries on.

After the practice that jazz methods describe (Friesen, *Building Bass Lines*): root, passing or
chord tone, chord tone, approach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from generator.choose import chance, weighted
from generator.compose.feel import touch
from generator.compose.form import Stretch
from generator.compose.harmony import Span
from generator.compose.plan import Bar, Plan
from generator.players import BassTable
from generator.score import Note
from generator.theory import Harmony, Key

TWO_FEEL: Final = 0.4
"""The level below which the bass plays halves."""

REACH: Final = 17
"""Semitones from the lowest note of a line to its highest."""

LEAP, OCTAVE = 7, 12
QUARTER, HALF = 0.92, 1.9
PICKUPS: Final = 0.4
"""How often a bar of halves has a quarter before the next."""

QUARTER_SHARES: Final = (0.9, 0.9, 0.8, 0.8, 0.35, 0.0)
HALF_SHARES: Final = (0.15, 0.1, 0.4, 0.3, 0.4, 2.0)
"""How likely a semitone below and above the next root are, a step below and above, its fifth, and
the fifth of the chord that still sounds."""

SKIP, SKIP_BEATS = 0.6, 0.12


@dataclass(slots=True)
class _Line:
    """Where the line is, which way it goes (1 up, -1 down), and the pitches it may use."""

    at: int
    way: int
    low: int

    def move(self, pitch: int) -> None:
        if pitch != self.at:
            self.way = 1 if pitch > self.at else -1
        self.at = pitch
        if self.at >= self.low + REACH - 3:
            self.way = -1
        elif self.at <= self.low + 3:
            self.way = 1

    def near(self, pitch_class: int) -> list[int]:
        """Its octaves inside the range."""
        return [p for p in range(self.low, self.low + REACH + 1) if p % 12 == pitch_class]


def walk_bass(
    plan: Plan, table: BassTable, section: Stretch, low: int, before: int | None
) -> list[Note]:
    """The section's walking line (or its halves, where the bass is at a low level), on the grid; it
    carries on from the pitch ``before`` if there is one."""
    rng = plan.seed.stream(f"bass walk {section.name}", "bass")
    root = low + (plan.bars[section.start_bar].spans[0].chord.bass - low) % 12
    start = root if before is None else min(max(before, low), low + REACH)
    line = _Line(start, 1 if chance(rng, 0.6) else -1, low)
    notes: list[Note] = []
    for bar in plan.bars_of(section):
        if bar.level("bass") <= 0:
            continue
        halves = bar.level("bass") < TWO_FEEL
        beats = (0, 2, 3)[: 3 if chance(rng, PICKUPS) else 2] if halves else range(4)
        for beat in beats:
            long = halves and (beat == 0 or len(beats) == 2)
            pitch = _next(plan, bar, beat, line, rng, halves=long)
            line.move(pitch)
            force = touch(table.velocity, 4 * beat, table.accents)
            notes.append(Note(bar.beat + beat, HALF if long else QUARTER, pitch, force))
            if beat and chance(rng, table.skips):
                notes[-1:] = _skipped(notes[-1])
    return notes


def _skipped(note: Note) -> list[Note]:
    """The note shortened, and its dead echo on the last eighth before the next."""
    end = note.start + round(note.length) - 0.5
    held = Note(note.start, min(note.length, end - note.start), note.pitch, note.velocity)
    return [held, Note(end, SKIP_BEATS, note.pitch, round(note.velocity * SKIP))]


def _next(
    plan: Plan, bar: Bar, beat: int, line: _Line, rng: np.random.Generator, *, halves: bool
) -> int:
    span = bar.span_at(4 * beat)
    if bar.beat + beat == span.start or (beat == 0 and bar.place == 0):
        again = plan.spans[span.index - 1].chord == span.chord
        return _landing(span.chord, line, rng, again=again)
    if bar.beat + beat + (2 if halves else 1) >= span.start + span.length:
        return _approach(plan, span, line, rng, halves=halves)
    return _passing(span, plan.key, line, rng, strong=beat == 2)


def _landing(chord: Harmony, line: _Line, rng: np.random.Generator, *, again: bool) -> int:
    """The chord's bass in the octave that lies in the line's way; a chord that goes on may be
    entered by its third or fifth."""
    tone = chord.bass
    if again and chance(rng, 0.45) and len(chord.tones) > 2:
        tone = chord.tones[1] if chance(rng, 0.6) else chord.tones[2]
    options = line.near(tone)
    return weighted(rng, options, [_ease(pitch, line) for pitch in options])


def _ease(pitch: int, line: _Line) -> float:
    """A near pitch is likelier than a far one, one in the line's way than one against it."""
    move = pitch - line.at
    size = abs(move)
    if size == 0:
        return 0.05
    if size > OCTAVE:
        return 1e-9
    ahead = 1.0 if move * line.way > 0 else 0.25
    return ahead * float(np.exp(-size / 4.5)) * (0.05 if size > LEAP else 1.0) + 1e-6


def _passing(span: Span, key: Key, line: _Line, rng: np.random.Generator, *, strong: bool) -> int:
    """A chord tone, or on the weak beats a step of the key on the way to one."""
    tones = {*span.chord.tones, span.chord.bass}
    allowed = tones | set(key.scale)
    options = [p for p in range(line.low, line.low + REACH + 1) if p % 12 in allowed]
    weights = [
        _ease(pitch, line) * (1.0 if pitch % 12 in tones else 0.0 if strong else 0.7)
        for pitch in options
    ]
    return weighted(rng, options, weights)


def _approach(
    plan: Plan, span: Span, line: _Line, rng: np.random.Generator, *, halves: bool
) -> int:
    """A semitone or a step of the key beside the next chord's bass, or that chord's fifth; in
    halves as often the fifth of the chord that still sounds."""
    after = plan.after(span).chord
    goals = line.near(after.bass)
    goal = weighted(rng, goals, [_ease(pitch, line) for pitch in goals])
    scale = plan.key.scale
    below = next(goal - by for by in (1, 2) if (goal - by) % 12 in scale)
    above = next(goal + by for by in (1, 2) if (goal + by) % 12 in scale)
    dominant = goal + 7 if goal + 7 <= line.low + REACH else goal - 5
    steady = span.chord.tones[min(2, len(span.chord.tones) - 1)]
    options = [
        goal - 1,
        goal + 1,
        below,
        above,
        dominant,
        min(line.near(steady), key=lambda p: abs(p - line.at)),
    ]
    shares = HALF_SHARES if halves else QUARTER_SHARES
    inside = [line.low - 2 <= pitch <= line.low + REACH for pitch in options]
    weights = [
        share * (_ease(pitch, line) + 1e-6) * ok
        for pitch, share, ok in zip(options, shares, inside, strict=True)
    ]
    return weighted(rng, options, weights)
