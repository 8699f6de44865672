"""Bass: cells of chord degrees that agree with the kick, with steps into the next chord."""

from __future__ import annotations

from typing import Final

import numpy as np

from generator.choose import chance, turn, weighted
from generator.compose.feel import touch
from generator.compose.form import Stretch
from generator.compose.harmony import Span
from generator.compose.plan import Bar, Plan
from generator.compose.rhythm import attacks, closeness, in_bars, lengths, steps
from generator.players import BassTable
from generator.score import Note
from generator.theory import Harmony, Key

WIDTH: Final = 0.6
"""How far a cell's density may be from the level before it becomes unlikely."""

BUSY: Final = 6
CHORD_DEGREES: Final = {3: 1, 5: 2, 7: 3}


def write_bass(plan: Plan, table: BassTable) -> list[Note]:
    """Every bass note of the clip, on the grid."""
    rng = plan.seed.stream("bass manner", "bass")
    low, gate = int(rng.choice(table.windows)), float(rng.choice(table.gates))
    notes: list[Note] = []
    for section in plan.sections:
        if section.usual("bass") <= 0:
            continue
        phrase = _phrase(plan, table, section)
        for bar in plan.bars_of(section):
            if bar.level("bass") > 0:
                notes += _bar(plan, table, bar, phrase[bar.place % 4], low, gate)
    return notes


def _phrase(plan: Plan, table: BassTable, section: Stretch) -> list[str]:
    """Four bars of one cell: its bars ornamented once for the phrase, the last one once more."""
    rng = plan.seed.stream(f"bass {section.name}", "bass")
    level = section.usual("bass")
    kick = plan.bars_of(section)[0].kick
    fits = [
        close * 2.0 ** (table.kick * _agreement(steps(cell), kick))
        for cell, close in zip(table.cells, closeness(table.cells, level, WIDTH), strict=True)
    ]
    cell = steps(turn(plan.seed, f"bass {section.material}", "bass", table.cells, fits))
    one, two = (in_bars(cell) * 2)[:2]
    if chance(rng, table.answer):
        two = in_bars(steps(weighted(rng, table.cells, fits)))[-1]
    one, two, end = (_ornamented(each, table, rng) for each in (one, two, two))
    return [one, two, one, end] if chance(rng, 0.5) else [one, one, two, end]


def _agreement(cell: str, kick: str) -> float:
    """-1..1: the share of the kick's first bar that the cell also plays."""
    mine, theirs = {at for at in attacks(cell) if at < len(kick)}, set(attacks(kick))
    return 2 * len(mine & theirs) / len(theirs) - 1 if mine and theirs else 0.0


def _ornamented(cell: str, table: BassTable, rng: np.random.Generator) -> str:
    """The cell with some of its weak notes moved to another degree; a busy one may lose some."""
    letters = list(cell)
    busy = len(attacks(cell)) >= BUSY
    fitting = {name: share for name, share in table.ornaments.items() if busy or name not in ".-"}
    for at in attacks(cell) if fitting else ():
        ornament = weighted(rng, list(fitting), list(fitting.values()))
        if at % 8 and ornament != "same":
            letters[at] = ornament
    return "".join(letters)


def _bar(plan: Plan, table: BassTable, bar: Bar, cell: str, low: int, gate: float) -> list[Note]:
    rng = plan.seed.stream(f"bass approach {bar.index}", "bass")
    if chance(rng, table.approach):
        cell = _leading(plan, bar, cell)
    return [
        Note(
            start=bar.beat + at / 4,
            length=(length - 1 + gate) / 4,
            pitch=_pitch(letter, bar.span_at(at), plan, low),
            velocity=touch(table.velocity, at, table.accents),
        )
        for at, length, letter in lengths(cell)
    ]


def _leading(plan: Plan, bar: Bar, cell: str) -> str:
    """The cell with its last late note a step from the next chord's bass, where that moves."""
    here = bar.spans[-1]
    late = [at for at in attacks(cell) if at >= 12]
    if not late or plan.after(here).chord.bass == here.chord.bass:
        return cell
    return cell[: late[-1]] + "a" + cell[late[-1] + 1 :]


def _pitch(letter: str, span: Span, plan: Plan, low: int) -> int:
    chord = span.chord
    bass = low + (chord.bass - low) % 12
    if letter == "a":
        goal = low + (plan.after(span).chord.bass - low) % 12
        return _step_beside(goal, bass, plan.key)
    if letter in "18" or (chord.bass != chord.root and not _own_fifth(letter, chord)):
        return bass + (12 if letter == "8" else 0)
    if letter == "l":
        below = bass - 12 + _interval(chord, plan.key, 5)
        return below if below >= low else below + 12
    return bass + _interval(chord, plan.key, int(letter))


def _own_fifth(letter: str, chord: Harmony) -> bool:
    """Whether a fifth asked for above a bass that is not the root still lies inside the chord."""
    return letter in "5l" and (chord.bass + 7) % 12 in chord.tones


def _step_beside(goal: int, start: int, key: Key) -> int:
    """The key's step beside ``goal``, on the side that ``start`` comes from."""
    away = 1 if start > goal else -1
    return next(goal + away * by for by in (1, 2) if (goal + away * by) % 12 in key.scale)


def _interval(chord: Harmony, key: Key, degree: int) -> int:
    """Semitones from the root up to that degree: a chord tone where it has one, else the key's."""
    if chord.bass != chord.root:
        return 7
    place = CHORD_DEGREES.get(degree, len(chord.tones))
    if place < len(chord.tones):
        return (chord.tones[place] - chord.root) % 12
    return (key.scale[(chord.degree + degree - 1) % 7] - chord.root) % 12
