"""Pad and keys: the chords as rhythm cells tell, voiced so that they lead into each other."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Final

import numpy as np

from generator.choose import chance, turn, weighted
from generator.compose.doubling import doubles_riff, power_riff
from generator.compose.feel import touch
from generator.compose.form import Stretch
from generator.compose.plan import Bar, Plan
from generator.compose.rhythm import (
    HOLD,
    REST,
    STEPS,
    agreement,
    bent,
    closeness,
    in_bars,
    lengths,
    steps,
)
from generator.compose.voicing import Hand, Voicing, voice
from generator.players import CompTable
from generator.score import Note
from generator.theory import Harmony

WIDTH: Final = 0.8
"""Chords may be held or struck at almost any level of energy."""

PHRASE: Final = 4 * STEPS
WEIGHTS: Final = ("plain", "plain", "above", "below")
MOST_DOUBLED: Final = 3
"""How many voices a chord may have to get one more."""

ACCENT: Final = 1.15
UPSTROKE: Final = 0.88
WANDER: Final = 6.0
"""Semitones that a clip's chords may lie higher or lower than the middle of their range."""

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
    if doubles_riff(plan, table, part, bars):
        return power_riff(plan, table, part, bars)
    hand, middle = _hand(plan, table, part, section)
    weight = str(plan.seed.stream(f"{part} weight {section.material}", part).choice(WEIGHTS))
    rng = plan.seed.stream(f"{part} {section.name} drift", part)
    last: Voicing = ()
    before: Harmony | None = None
    notes: list[Note] = []
    for at, length, letter in lengths(_cells(plan, table, part, section)):
        held: dict[int, tuple[int, int]] = {}
        struck: list[Note] = []
        if at and at % PHRASE == 0 and chance(rng, 0.5):
            last, middle = (), middle + float(rng.uniform(-WANDER, WANDER))
        for start, end, chord in _pieces(plan, bars, at, length, early=letter in "nN"):
            again = start == at and chord == before and not letter.isdigit()
            anew = again and chance(rng, table.drift)
            last = voice(chord, hand, last, middle, anew=anew)
            before = chord
            played = _picked(letter, _weighted(last, weight, table))
            held = _tied(held, struck, played, (start, end), table, bars[0])
        struck += [_note(pitch, *span, table, bars[0]) for pitch, span in held.items()]
        notes += [_accented(note) for note in struck] if letter.isupper() else struck
    return _rolled(notes, table, plan)


def _weighted(chord: Voicing, weight: str, table: CompTable) -> Voicing:
    """The chord with its lowest tone doubled above or its highest below, where the hand reaches
    that far, or as it is."""
    extra = {"above": chord[0] + 12, "below": chord[-1] - 12}.get(weight, chord[0])
    full = len(chord) > MOST_DOUBLED or not table.low <= extra <= table.high
    rubs = any(abs(extra - pitch) == 1 for pitch in chord)
    return chord if full or rubs else tuple(sorted({*chord, extra}))


def _hand(plan: Plan, table: CompTable, part: str, section: Stretch) -> tuple[Hand, float]:
    """How the section's chords are taken, and round which pitch: a repeated section lies
    higher."""
    own = section.name if section.varied else section.material
    shapes = table.voicings
    shape = turn(plan.seed, f"{part} voicing {own}", part, shapes, [1.0] * len(shapes))
    shared = plan.seed.stream(f"{part} {section.material}", part)
    middle = (table.low + table.high) / 2 + float(shared.uniform(-WANDER, WANDER))
    middle += section.kind.lift / 2 + RISE * section.varied
    return Hand(shape, table.low, table.high, plan.key), middle


def _cells(plan: Plan, table: CompTable, part: str, section: Stretch) -> str:
    """The section's rhythm, bar after bar, silent where the part is."""
    phrase = _phrase(plan, table, part, section)
    responds = chance(plan.seed.stream(f"{part} response {section.material}", part), table.response)
    responds = responds and any(bar.answer for bar in plan.bars_of(section))
    line = ""
    for bar in plan.bars_of(section):
        silent = bar.level(part) <= 0 or (responds and not bar.answer)
        cell = REST * STEPS if silent else phrase[bar.place % 4]
        if cell[0] == HOLD and (not line or line[-1] == REST):
            cell = "x" + cell[1:]
        line += cell
    return line


def _phrase(plan: Plan, table: CompTable, part: str, section: Stretch) -> list[str]:
    """Four bars of rhythm: the material's cell as this clip has it, its answers, another end for
    a section that returns."""
    name = f"{part} cell {section.material}"
    rng = plan.seed.stream(f"{part} {section.name}", part)
    shared = rng if section.varied else plan.seed.stream(f"{name} phrase", part)
    level, kick = section.usual(part), plan.bars_of(section)[0].kick
    fits = [
        close * 2.0 ** (table.kick * agreement(steps(cell), kick))
        for cell, close in zip(table.cells, closeness(table.cells, level, WIDTH), strict=True)
    ]
    cell = steps(turn(plan.seed, name, part, table.cells, fits))
    own = plan.seed.stream(f"{name} bent", part)
    cell = bent(cell, own, int(own.binomial(2, table.bend)))
    first = in_bars(parted(cell, own) if chance(own, table.bend / 2) else cell)
    phrase = (first * 4)[:4]
    if len(first) == 1 and chance(shared, table.answer):
        phrase[1::2] = in_bars(steps(weighted(shared, table.cells, fits)))[-1:] * 2
    if section.varied or chance(rng, table.answer):
        phrase[3] = in_bars(steps(weighted(rng, table.cells, fits)))[-1]
    return phrase


def parted(cell: str, rng: np.random.Generator) -> str:
    """The cell with one long chord begun by its lowest voice alone."""
    long = [at for at, length, letter in lengths(cell) if letter == "x" and length >= STEPS // 2]
    if not long:
        return cell
    at, wait = int(rng.choice(long)), int(rng.choice((2, 3, 4, 6)))
    return cell[:at] + "b" + HOLD * (wait - 1) + "x" + cell[at + wait + 1 :]


def _pieces(plan: Plan, bars: tuple[Bar, ...], at: int, length: int, *, early: bool) -> list[Piece]:
    """The chords under a held stretch; with ``early`` the first is already the one to come."""
    first = bars[min(at // STEPS, len(bars) - 1)].span_at(at % STEPS)
    offset = bars[0].beat
    if early:
        first = plan.after(first)
    under = bars[at // STEPS : (at + length - 1) // STEPS + 1]
    changes = {round((span.start - offset) * 4): span for bar in under for span in bar.spans}
    inner = [step for step in sorted(changes) if at < step < at + length]
    edges = [at, *inner, at + length]
    chords = [first.chord, *(changes[step].chord for step in inner)]
    return [
        (start, end, chord) for (start, end), chord in zip(pairwise(edges), chords, strict=True)
    ]


def _picked(letter: str, chord: Voicing) -> Voicing:
    """The voices a letter asks for; a digit above the number of voices goes round to the second,
    so that the lowest stays the thumb's."""
    if letter.isdigit():
        voice = int(letter) - 1
        return (chord[voice if voice < len(chord) else 1 + (voice - 1) % (len(chord) - 1)],)
    return {"t": chord[1:], "b": chord[:1]}.get(letter.lower(), chord)


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


def _accented(note: Note) -> Note:
    return replace(note, velocity=min(127, round(note.velocity * ACCENT)))


def _rolled(notes: list[Note], table: CompTable, plan: Plan) -> list[Note]:
    """The notes with every chord spread from its bottom, as a hand rolls it, or strummed: off the
    beat from its top, and softer."""
    if table.roll_ms == 0:
        return notes
    order: dict[float, int] = {}
    rolled = []
    for note in sorted(notes, key=lambda note: _stroke(note, table)):
        place = order[note.start] = order.get(note.start, -1) + 1
        delay = place * table.roll_ms * plan.beats_a_ms() if note.start > 0 or place else 0.0
        force = note.velocity if _stroke(note, table)[1] >= 0 else round(note.velocity * UPSTROKE)
        rolled.append(Note(note.start + delay, max(note.length - delay, 0.05), note.pitch, force))
    return rolled


def _stroke(note: Note, table: CompTable) -> tuple[float, int]:
    """What orders the notes of a chord in time: its pitches upwards, or downwards (below 0)."""
    up = table.strum and note.start % 1 != 0
    return note.start, -note.pitch if up else note.pitch
