"""Chords that double the bass's riff, in fifths, as guitars do."""

from __future__ import annotations

from typing import Final

from generator.choose import chance
from generator.compose.bass import degree_pitch
from generator.compose.feel import touch
from generator.compose.plan import Bar, Plan
from generator.compose.rhythm import lengths
from generator.players import CompTable
from generator.score import Note

SILENT: Final = "xac"
"""Letters that belong to the bass alone: dead notes and steps into the next chord."""


def doubles_riff(plan: Plan, table: CompTable, part: str, bars: tuple[Bar, ...]) -> bool:
    """Whether that part doubles the section's riff: never once it was written anew, for then it
    has found something of its own."""
    agreed = chance(plan.seed.stream(f"{part} riff {bars[0].section.material}"), table.riff)
    return agreed and bool(bars[0].riff) and plan.seed.take(part) == 0


def power_riff(plan: Plan, table: CompTable, part: str, bars: tuple[Bar, ...]) -> list[Note]:
    """The riff from the table's lowest pitch up: every note with its fifth, and with its octave
    where that is in reach."""
    notes = []
    for bar in bars:
        for at, length, letter in lengths(bar.riff) if bar.level(part) > 0 else ():
            if letter in SILENT:
                continue
            root = degree_pitch(letter, bar.span_at(at), plan, table.low)
            start, sounding = bar.beat + at / 4, length / 4 * table.gate
            force = touch(table.velocity, at, table.accents)
            notes += [
                Note(start, sounding, pitch, force)
                for pitch in (root, root + 7, root + 12)
                if pitch <= table.high
            ]
    return notes
