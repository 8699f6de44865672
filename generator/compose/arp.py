"""Arpeggio: cells of chord-tone numbers, bent by rotation, inversion, retrograde, octaves and thinning."""

from __future__ import annotations

import numpy as np

from generator.choose import chance, turn
from generator.compose.feel import accent
from generator.compose.plan import Bar, Plan
from generator.compose.rhythm import REST, STEPS, closeness, rotate, steps
from generator.grammar import ArpTable
from generator.score import Note
from generator.theory import Harmony


def write_arp(plan: Plan, table: ArpTable) -> list[Note]:
    """Every arpeggio note of the clip, on the grid."""
    cells: dict[str, tuple[str, int, int]] = {}
    notes: list[Note] = []
    for bar in plan.bars:
        level = plan.level("arp", bar)
        if level <= 0:
            continue
        name = bar.section.name
        if name not in cells:
            cells[name] = _cell(plan, table, bar, level)
        notes += _bar_notes(table, bar, *cells[name])
    return notes


def ladder(chord: Harmony, low: int, octaves: int) -> list[int]:
    """The chord's tones upwards from ``low`` through that many octaves, and one more on top."""
    first = [pitch for pitch in range(low, low + 12) if pitch % 12 in chord.tones]
    rungs = [pitch + 12 * octave for octave in range(octaves) for pitch in first]
    return [*rungs, first[0] + 12 * octaves]


def _cell(plan: Plan, table: ArpTable, bar: Bar, level: float) -> tuple[str, int, int]:
    """The section's cell, its sixteenths a step, and the pitch it counts from."""
    material = bar.section.material
    rng = plan.seed.stream(f"arp {bar.section.name}", "arp")
    shared = plan.seed.stream(f"arp {material}", "arp")
    cell = steps(turn(plan.seed, f"arp {material}", "arp", table.cells, closeness(table.cells, level)))
    rate = int(shared.choice(table.rates))
    low = table.low + plan.mood.register + int(shared.integers(-3, 4))
    for stream in (shared, rng) if bar.section.varied else (shared,):
        cell = bend(cell, str(stream.choice(table.turns)), stream)
    return cell, rate, low


def bend(cell: str, how: str, rng: np.random.Generator) -> str:
    """The cell after one transformation."""
    if how == "rotate":
        return rotate(cell, int(rng.integers(1, len(cell))))
    if how == "retrograde":
        return cell[::-1]
    if how == "invert":
        top = max(int(letter) for letter in cell if letter != REST)
        return "".join(letter if letter == REST else str(top - int(letter)) for letter in cell)
    if how == "thin":
        return "".join(REST if at % 4 and chance(rng, 0.25) else letter for at, letter in enumerate(cell))
    return "".join(
        str(min(9, int(letter) + 3)) if letter != REST and at % 2 else letter
        for at, letter in enumerate(cell)
    )


def _bar_notes(table: ArpTable, bar: Bar, cell: str, rate: int, low: int) -> list[Note]:
    notes = []
    for at in range(0, STEPS, rate):
        place = (bar.place * STEPS + at) // rate
        letter = cell[place % len(cell)]
        if letter == REST:
            continue
        rungs = ladder(bar.span_at(at).chord, low, table.octaves)
        pitch = rungs[min(int(letter), len(rungs) - 1)]
        force = accent(table.velocity, at, table.accents)
        notes.append(Note(bar.beat + at / 4, rate / 4 * table.gate, pitch, max(1, min(127, round(force)))))
    return notes
