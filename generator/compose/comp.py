"""Pad and keys: chords whose voices move as little as they can from one to the next."""

from __future__ import annotations

from itertools import pairwise

from generator.choose import turn
from generator.compose.feel import accent
from generator.compose.plan import Bar, Plan
from generator.compose.rhythm import HOLD, STEPS, closeness, lengths, steps
from generator.grammar import CompTable
from generator.score import Note
from generator.theory import Harmony

Voicing = tuple[int, ...]


def write_comp(plan: Plan, table: CompTable, part: str) -> list[Note]:
    """Every chord note of that part, on the grid."""
    notes: list[Note] = []
    last: Voicing = ()
    phrases: dict[str, tuple[str, list[str]]] = {}
    for bar in plan.bars:
        level = plan.level(part, bar)
        if level <= 0:
            continue
        name = bar.section.name
        if name not in phrases:
            phrases[name] = _phrase(plan, table, part, bar, level)
            last = ()
        shape, cells = phrases[name]
        cell = cells[bar.place % len(cells)]
        for at, length, letter in _pieces(cell, bar):
            chord = bar.span_at(at).chord
            target = _middle(plan, table, part, bar)
            last = voice(chord, shape, table, last, target)
            notes += _strike(plan, table, bar, at, length, letter, last)
    return notes


def voice(chord: Harmony, shape: str, table: CompTable, last: Voicing, target: float) -> Voicing:
    """The inversion of the chord, in that shape, that moves least from ``last`` (or lies at ``target``)."""
    options = [
        shaped
        for bottom in range(table.low, table.high)
        if (shaped := _stack(chord, shape, bottom)) and shaped[-1] <= table.high
    ]
    return min(options, key=lambda option: (_motion(option, last) + abs(sum(option) / len(option) - target) * 0.4, option))


def _stack(chord: Harmony, shape: str, bottom: int) -> Voicing:
    """The chord upwards from ``bottom``, if that is one of its tones; () if it is not."""
    tones = chord.tones
    if bottom % 12 not in tones:
        return ()
    ordered = sorted(tones, key=lambda tone: (tone - bottom) % 12)
    pitches = [bottom + (tone - bottom) % 12 for tone in ordered]
    if shape == "open" and len(pitches) > 2:
        pitches[1] += 12
    elif shape == "octave":
        pitches.append(bottom + 12)
    elif shape == "wide":
        pitches = [pitch + 12 * (at % 2) for at, pitch in enumerate(pitches)]
    return tuple(sorted(pitches))


def _motion(option: Voicing, last: Voicing) -> float:
    if not last:
        return 0.0
    return sum(min(abs(pitch - old) for old in last) for pitch in option) + abs(option[-1] - last[-1])


def _middle(plan: Plan, table: CompTable, part: str, bar: Bar) -> float:
    rng = plan.seed.stream(f"{part} register {bar.section.material}", part)
    return (table.low + table.high) / 2 + float(rng.uniform(-3, 3))


def _phrase(plan: Plan, table: CompTable, part: str, bar: Bar, level: float) -> tuple[str, list[str]]:
    rng = plan.seed.stream(f"{part} {bar.section.name}", part)
    name = f"{part} {bar.section.material}"
    cell = steps(turn(plan.seed, name, part, table.cells, closeness(table.cells, level)))
    other = steps(str(rng.choice(table.cells))) if rng.random() < 0.5 else cell
    shape = turn(plan.seed, f"{name} shape", part, table.voicings, [1.0] * len(table.voicings))
    return shape, [cell[:STEPS], cell[-STEPS:], cell[:STEPS], other[-STEPS:]]


def _pieces(cell: str, bar: Bar) -> list[tuple[int, int, str]]:
    """The cell's chords, cut where the harmony changes under them."""
    if cell[0] == HOLD:
        cell = "x" + cell[1:]
    changes = [round((span.start - bar.beat) * 4) for span in bar.spans] + [STEPS]
    pieces = []
    for at, length, letter in lengths(cell):
        edges = [at, *(change for change in changes if at < change < at + length), at + length]
        pieces += [(start, end - start, letter) for start, end in pairwise(edges)]
    return pieces


def _strike(
    plan: Plan, table: CompTable, bar: Bar, at: int, length: int, letter: str, chord: Voicing
) -> list[Note]:
    pitches = {"x": chord, "t": chord[1:], "b": chord[:1]}[letter]
    force = accent(table.velocity, at, table.accents)
    roll = table.roll_ms * plan.bpm / 60_000
    return [
        Note(bar.beat + at / 4 + roll * place, length / 4 * table.gate, pitch, round(force))
        for place, pitch in enumerate(pitches)
    ]
