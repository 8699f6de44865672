"""Pad and keys: the chords as rhythm cells tell, voiced so that they lead into each other."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from generator.choose import chance, turn
from generator.compose.feel import touch
from generator.compose.form import Stretch
from generator.compose.plan import Bar, Plan
from generator.compose.rhythm import (
    HOLD,
    REST,
    STEPS,
    by_density,
    in_bars,
    lengths,
    turn_by_density,
)
from generator.compose.voicing import Hand, Voicing, voice
from generator.players import CompTable
from generator.score import Note
from generator.theory import Harmony

WIDTH: Final = 0.8
"""Chords may be held or struck at almost any level of energy."""

RISE: Final = 1.5
"""Semitones that a repeated section lies higher."""

Piece = tuple[int, int, Harmony]
"""First step, end step (counted from the section's start), chord."""


def write_comp(plan: Plan, table: CompTable, part: str) -> list[Note]:
    """Every chord note of that part, on the grid."""
    notes: list[Note] = []
    for section in plan.sections:
        if section.usual(part) > 0:
            notes += _section(plan, table, part, section)
    return notes


def _section(plan: Plan, table: CompTable, part: str, section: Stretch) -> list[Note]:
    bars = plan.bars_of(section)
    name = f"{part} {section.material}"
    own = section.name if section.varied else section.material
    shape = turn(
        plan.seed, f"{part} voicing {own}", part, table.voicings, [1.0] * len(table.voicings)
    )
    hand = Hand(shape, table.low, table.high, plan.key)
    shared = plan.seed.stream(name, part)
    middle = (table.low + table.high) / 2 + float(shared.uniform(-5, 5))
    middle += section.kind.lift / 2 + RISE * section.varied
    rng = plan.seed.stream(f"{part} {section.name} drift", part)
    last: Voicing = ()
    before: Harmony | None = None
    notes: list[Note] = []
    for at, length, letter in lengths(_cells(plan, table, part, section)):
        held: dict[int, tuple[int, int]] = {}
        for start, end, chord in _pieces(plan, bars, at, length, early=letter == "n"):
            anew = start == at and chord == before and chance(rng, table.drift)
            last = voice(chord, hand, last, middle, anew=anew)
            before = chord
            held = _tied(held, notes, _picked(letter, last), (start, end), table, bars[0])
        notes += [_note(pitch, *span, table, bars[0]) for pitch, span in held.items()]
    return _rolled(notes, table, plan)


def _cells(plan: Plan, table: CompTable, part: str, section: Stretch) -> str:
    """The section's rhythm, bar after bar, silent where the part is."""
    level = section.usual(part)
    name = f"{part} cell {section.material}"
    rng = plan.seed.stream(f"{part} {section.name}", part)
    shared = rng if section.varied else plan.seed.stream(f"{name} phrase", part)
    first = in_bars(turn_by_density(plan.seed, name, part, table.cells, level, WIDTH))
    phrase = (first * 4)[:4]
    if len(first) == 1 and chance(shared, table.answer):
        phrase[1::2] = in_bars(by_density(shared, table.cells, level, WIDTH))[-1:] * 2
    if section.varied or chance(rng, table.answer):
        phrase[3] = in_bars(by_density(rng, table.cells, level, WIDTH))[-1]
    line = ""
    for bar in plan.bars_of(section):
        cell = phrase[bar.place % 4] if bar.level(part) > 0 else REST * STEPS
        if cell[0] == HOLD and (not line or line[-1] == REST):
            cell = "x" + cell[1:]
        line += cell
    return line


def _pieces(plan: Plan, bars: tuple[Bar, ...], at: int, length: int, *, early: bool) -> list[Piece]:
    """The chords under a held stretch; with ``early`` the first is already the one to come."""
    first = bars[min(at // STEPS, len(bars) - 1)].span_at(at % STEPS)
    offset = bars[0].beat
    if early:
        first = plan.after(first)
    changes = {round((span.start - offset) * 4): span for bar in bars for span in bar.spans}
    inner = [step for step in sorted(changes) if at < step < at + length]
    edges = [at, *inner, at + length]
    chords = [first.chord, *(changes[step].chord for step in inner)]
    return [
        (start, end, chord) for (start, end), chord in zip(pairwise(edges), chords, strict=True)
    ]


def _picked(letter: str, chord: Voicing) -> Voicing:
    return {"t": chord[1:], "b": chord[:1]}.get(letter, chord)


def _tied(
    held: dict[int, tuple[int, int]],
    notes: list[Note],
    pitches: Voicing,
    span: tuple[int, int],
    table: CompTable,
    bar: Bar,
) -> dict[int, tuple[int, int]]:
    """What sounds after a change of chord: common tones go on, the others end and go into
    ``notes``."""
    notes += [_note(pitch, *old, table, bar) for pitch, old in held.items() if pitch not in pitches]
    return {pitch: (held[pitch][0] if pitch in held else span[0], span[1]) for pitch in pitches}


def _note(pitch: int, start: int, end: int, table: CompTable, bar: Bar) -> Note:
    length = (end - start) / 4 * table.gate
    return Note(bar.beat + start / 4, length, pitch, touch(table.velocity, start, table.accents))


def _rolled(notes: list[Note], table: CompTable, plan: Plan) -> list[Note]:
    """The notes with every chord spread from its bottom, as a hand rolls it."""
    if table.roll_ms == 0:
        return notes
    order: dict[float, int] = {}
    rolled = []
    for note in sorted(notes):
        place = order[note.start] = order.get(note.start, -1) + 1
        delay = place * table.roll_ms * plan.beats_a_ms() if note.start > 0 or place else 0.0
        rolled.append(
            Note(note.start + delay, max(note.length - delay, 0.05), note.pitch, note.velocity)
        )
    return rolled
