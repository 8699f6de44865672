"""The lead: a motif of a few notes that repeats, climbs, turns over, answers and comes home.

A phrase plan spells what each statement of the motif becomes: m itself, s a sequence a step or two away,
i inverted, v its end rewritten, a answered away from the tonic, c cadence on the tonic, h one held chord
tone, ``.`` silence. Lines are written in scale steps above the tonic and sounded against the chord.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from generator.choose import turn
from generator.compose.feel import accent
from generator.compose.line import Voice, compose_motif, restate
from generator.compose.plan import Bar, Plan
from generator.compose.rhythm import STEPS, closeness, lengths, steps
from generator.grammar import LeadTable
from generator.score import Note


@dataclass(frozen=True, slots=True)
class _Theme:
    """A section material's motif: its rhythm (step, length), its bars and its line."""

    rhythm: tuple[tuple[int, int], ...]
    bars: int
    line: tuple[int, ...]


def write_lead(plan: Plan, table: LeadTable) -> list[Note]:
    """Every lead note of the clip, on the grid."""
    themes: dict[str, _Theme] = {}
    notes: list[Note] = []
    for section in plan.sections:
        bars = [bar for bar in plan.bars if bar.section is section]
        level = plan.level("lead", bars[0])
        if level <= 0:
            continue
        if section.material not in themes:
            themes[section.material] = _theme(plan, table, bars, level)
        notes += _section(plan, table, bars, themes[section.material])
    return notes


def _theme(plan: Plan, table: LeadTable, bars: list[Bar], level: float) -> _Theme:
    material = bars[0].section.material
    name = f"lead {material}"
    fitting = [rhythm for rhythm in map(steps, table.rhythms) if len(rhythm) <= STEPS * len(bars)]
    cell = turn(plan.seed, name, "lead", fitting, closeness(fitting, level))
    rhythm = tuple((at, length) for at, length, _ in lengths(cell))
    voice = _voice(plan, table, material)
    rng = plan.seed.stream(name, "lead")
    line = compose_motif(rhythm, bars, voice, table, rng)
    return _Theme(rhythm, len(cell) // STEPS, line)


def _voice(plan: Plan, table: LeadTable, material: str) -> Voice:
    low = table.low + plan.mood.register + (3 if material == "B" else 0)
    return Voice(plan.key, low, table.high + plan.mood.register + (3 if material == "B" else 0))


def _section(plan: Plan, table: LeadTable, bars: list[Bar], theme: _Theme) -> list[Note]:
    section = bars[0].section
    rng = plan.seed.stream(f"lead section {section.name}", "lead")
    voice = _voice(plan, table, section.material)
    letters = _letters(table, len(bars) // theme.bars, theme.bars, rng)
    notes: list[Note] = []
    last: int | None = None
    for place, letter in enumerate(letters):
        here = bars[place * theme.bars : (place + 1) * theme.bars]
        for (at, length), pitch in restate(letter, theme.line, theme.rhythm, here, voice, last, rng):
            force = accent(table.velocity, at, table.accents)
            notes.append(
                Note(here[0].beat + at / 4, length / 4 * table.gate, pitch, max(1, min(127, round(force))))
            )
        last = notes[-1].pitch if notes else None
    return notes


def _letters(table: LeadTable, count: int, motif_bars: int, rng: np.random.Generator) -> str:
    """What becomes of the motif in each of ``count`` statements; the last one comes home."""
    size = min(count, max(1, 4 // motif_bars))
    fitting = [phrase for phrase in table.phrases if len(phrase) == size] or ["m" * size]
    letters = "".join(str(rng.choice(fitting)) for _ in range(-(-count // size)))[:count]
    return letters[:-1] + "c" if count > 1 else letters
