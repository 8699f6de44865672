"""Arpeggio: cells of chord-tone numbers, bent by rotation, inversion, retrograde, octaves and
thinning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from generator.choose import chance
from generator.compose.feel import touch
from generator.compose.form import Stretch
from generator.compose.plan import Bar, Plan
from generator.compose.rhythm import REST, STEPS, density, rotate, turn_by_density
from generator.players import ArpTable
from generator.score import Note
from generator.theory import Harmony

OCTAVE_RUNGS: Final = 3
FULL: Final = 0.6
"""The density from which a cell may be thinned or slowed without falling apart."""

REACH: Final = 5
"""Semitones that a clip's arpeggio may lie higher or lower than the style says."""


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A section's cells for four bars, sixteenths a step, the pitch that they count from; whether
    it waits for the lead's calls."""

    phrase: tuple[str, str, str, str]
    rate: int
    low: int
    gate: float
    responds: bool


def write_arp(plan: Plan, table: ArpTable) -> list[Note]:
    """Every arpeggio note of the clip, on the grid."""
    notes: list[Note] = []
    for section in plan.sections:
        if section.usual("arp") <= 0:
            continue
        pattern = _pattern(plan, table, section)
        for bar in plan.bars_of(section):
            if bar.level("arp") > 0 and (bar.answer or not pattern.responds):
                notes += _bar(table, bar, pattern)
    return notes


def ladder(chord: Harmony, low: int, octaves: int) -> list[int]:
    """The chord's tones upwards from ``low`` through that many octaves, and one more on top."""
    first = [pitch for pitch in range(low, low + 12) if pitch % 12 in chord.tones]
    rungs = [pitch + 12 * octave for octave in range(octaves) for pitch in first]
    return [*rungs, first[0] + 12 * octaves]


def bend(cell: str, how: str, rng: np.random.Generator) -> str:
    """The cell after one transformation; "none" leaves it."""
    if how == "rotate":
        return rotate(cell, int(rng.integers(1, len(cell))))
    if how == "retrograde":
        return cell[::-1]
    if how == "invert":
        top = max(int(letter) for letter in cell if letter != REST)
        return "".join(letter if letter == REST else str(top - int(letter)) for letter in cell)
    if how == "thin" and density(cell) >= FULL:
        return "".join(
            REST if at % 4 and chance(rng, 0.3) else letter for at, letter in enumerate(cell)
        )
    if how == "octave":
        lifted = int(rng.integers(2))
        return "".join(
            str(min(9, int(letter) + OCTAVE_RUNGS))
            if letter != REST and at % 2 == lifted
            else letter
            for at, letter in enumerate(cell)
        )
    return cell


def _pattern(plan: Plan, table: ArpTable, section: Stretch) -> _Pattern:
    """The material's cell, bent twice for the material and once more for each section that repeats
    it, perhaps for one that borrows it."""
    name = f"arp {section.material}"
    shared = plan.seed.stream(name, "arp")
    own = plan.seed.stream(f"arp section {section.name}", "arp")
    cell = turn_by_density(plan.seed, name, "arp", table.cells, section.usual("arp"))
    rate, gate = int(shared.choice(table.rates)), float(shared.choice(table.gates))
    sparse = density(cell) < FULL
    rate = 1 if sparse else rate
    cell = varied(cell, shared, int(shared.integers(1, 4) if sparse else shared.integers(3)))
    low = (
        table.low + plan.mood.register + section.kind.lift + int(shared.integers(-REACH, REACH + 1))
    )
    borrowed = section.name != section.material and chance(own, table.ends)
    anew = section.varied or borrowed
    for rng in (shared, shared, own) if anew else (shared, shared):
        cell = bend(cell, str(rng.choice(table.turns)), rng)
    other = _turned(cell, table, shared) if chance(shared, table.ends / 2) else cell
    end = _end(cell, table, shared)
    responds = chance(shared, table.response) and any(b.answer for b in plan.bars_of(section))
    return _Pattern((cell, other, cell, end), rate, low, gate, responds)


def _turned(cell: str, table: ArpTable, rng: np.random.Generator) -> str:
    """The cell turned once; a sparse one, which hardly shows a turn, is changed a little too."""
    turned = bend(cell, str(rng.choice(table.turns)), rng)
    return varied(turned, rng, 1) if density(cell) < FULL else turned


def varied(cell: str, rng: np.random.Generator, times: int) -> str:
    """The cell after so many small changes: a note more beside another, a note moved along the
    ladder, or a step sooner."""
    letters = list(cell)
    for _ in range(times):
        played = [at for at, letter in enumerate(letters) if letter != REST]
        free = [at for at in played if at and letters[at - 1] == REST]
        at = int(rng.choice(free or played))
        way = int(rng.integers(3)) if free else 1
        moved = str(min(9, max(0, int(letters[at]) + int(rng.choice((-2, -1, 1, 2))))))
        if way == 0:
            letters[at - 1] = moved
        elif way == 1:
            letters[at] = moved
        elif at % 4:
            letters[at - 1], letters[at] = letters[at], REST
    return "".join(letters)


def _end(cell: str, table: ArpTable, rng: np.random.Generator) -> str:
    """What every fourth bar plays: the cell, or its second half turned once more."""
    if not chance(rng, table.ends):
        return cell
    turned = _turned(cell, table, rng)
    half = len(cell) // 2
    return cell[:half] + turned[half:] if chance(rng, 0.5) else turned


def _bar(table: ArpTable, bar: Bar, pattern: _Pattern) -> list[Note]:
    notes = []
    cell = pattern.phrase[bar.place % 4]
    for at in range(0, STEPS, pattern.rate):
        place = (bar.place * STEPS + at) // pattern.rate
        letter = cell[place % len(cell)]
        if letter == REST:
            continue
        rungs = ladder(bar.span_at(at).chord, pattern.low, table.octaves)
        pitch = rungs[min(int(letter), len(rungs) - 1)]
        length = pattern.rate / 4 * pattern.gate
        notes.append(
            Note(bar.beat + at / 4, length, pitch, touch(table.velocity, at, table.accents))
        )
    return notes
