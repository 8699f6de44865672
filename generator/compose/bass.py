"""Bass: cells of chord degrees that agree with the kick, with steps into the next chord."""

from __future__ import annotations

from generator.choose import chance, turn, weighted
from generator.compose.feel import accent
from generator.compose.harmony import Span
from generator.compose.plan import Bar, Plan
from generator.compose.rhythm import HOLD, REST, STEPS, attacks, closeness, lengths, steps
from generator.grammar import BassTable
from generator.score import Note
from generator.theory import Harmony, Key


def write_bass(plan: Plan, table: BassTable) -> list[Note]:
    """Every bass note of the clip, on the grid."""
    phrases: dict[str, list[str]] = {}
    notes: list[Note] = []
    for bar in plan.bars:
        level = plan.level("bass", bar)
        if level <= 0:
            continue
        material = bar.section.name
        if material not in phrases:
            phrases[material] = _phrase(plan, table, bar, level)
        phrase = phrases[material]
        notes += _bar_notes(plan, table, bar, phrase[bar.place % len(phrase)])
    return notes


def _phrase(plan: Plan, table: BassTable, bar: Bar, level: float) -> list[str]:
    """Four bars: a cell, mostly repeated, its last bar ornamented otherwise."""
    material = bar.section.material
    rng = plan.seed.stream(f"bass {bar.section.name}", "bass")
    fits = [
        close * 2.0 ** (table.kick * _agreement(steps(cell), bar.kick))
        for cell, close in zip(table.cells, closeness(table.cells, level), strict=True)
    ]
    cell = steps(turn(plan.seed, f"bass {material}", "bass", table.cells, fits))
    bars = [cell[at : at + STEPS] for at in range(0, len(cell), STEPS)] * 2
    main = _ornamented(bars[0], table, rng)
    other = _ornamented(bars[1], table, rng)
    return [main, other, main, _ornamented(other, table, rng)]


def _agreement(cell: str, kick: str) -> float:
    """-1..1: how many of the kick's steps the cell also plays, and how few others."""
    mine, theirs = set(attacks(cell)), set(attacks(kick))
    if not mine or not theirs:
        return 0.0
    return 2 * len(mine & theirs) / len(theirs) - 1


def _ornamented(cell: str, table: BassTable, rng: object) -> str:
    """The cell with some of its weak notes moved to another degree."""
    letters = list(cell)
    for at in attacks(cell):
        if at % 8 == 0 or not table.ornaments:
            continue
        degree = weighted(rng, list(table.ornaments), list(table.ornaments.values()))
        if degree != "same" and chance(rng, 0.35):
            letters[at] = degree
    return "".join(letters)


def _bar_notes(plan: Plan, table: BassTable, bar: Bar, cell: str) -> list[Note]:
    rng = plan.seed.stream(f"bass approach {bar.index}", "bass")
    cell = _turned(plan, table, bar, cell, chance(rng, table.approach))
    notes = []
    for at, length, letter in lengths(cell):
        span = bar.span_at(at)
        pitch = _pitch(letter, span, plan, table.low)
        hold = length if length > 1 else 1
        force = accent(table.velocity, at, table.accents)
        notes.append(
            Note(bar.beat + at / 4, hold / 4 * table.gate, pitch, max(1, min(127, round(force))))
        )
    return notes


def _turned(plan: Plan, table: BassTable, bar: Bar, cell: str, approaching: bool) -> str:
    """The cell with its last quarter leading on, where the harmony moves and it should."""
    here = bar.spans[-1]
    moves = plan.next_span(here).chord.bass != here.chord.bass
    late = [at for at in attacks(cell) if at >= 12]
    if not (approaching and moves and late):
        return cell
    return cell[: late[-1]] + "a" + cell[late[-1] + 1 :]


def _pitch(letter: str, span: Span, plan: Plan, low: int) -> int:
    chord = span.chord
    root = low + (chord.bass - low) % 12
    if letter == "a":
        goal = low + (plan.next_span(span).chord.bass - low) % 12
        return _step_towards(goal, root, plan.key)
    if letter == "8":
        return root + 12
    if letter == "1" or chord.bass != chord.root:
        return root
    if letter == "l":
        fifth = _degree(chord, plan.key, 5)
        return root - 12 + fifth if root - 12 + fifth >= low - 4 else root + fifth
    return root + _degree(chord, plan.key, int(letter))


def _step_towards(goal: int, start: int, key: Key) -> int:
    """A scale step beside ``goal``, on the side ``start`` comes from."""
    away = 1 if start > goal else -1
    return next(goal + away * by for by in (1, 2) if (goal + away * by) % 12 in key.scale)


def _degree(chord: Harmony, key: Key, number: int) -> int:
    """Semitones from the root up to that degree: a chord tone where it has one, else the key's."""
    tones = {3: 1, 5: 2, 7: 3}
    if number in tones and tones[number] < len(chord.tones):
        return (chord.tones[tones[number]] - chord.root) % 12
    return (key.scale[(chord.degree + number - 1) % 7] - chord.root) % 12
