"""The lines that a listener may hear in a part: its outer voices, attack by attack.

What is one attack depends on the ear: a strummed or rolled chord is its notes one by one, or all of
them together. So a part has a few readings; where nobody plays chords all of them are one line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Final

from generator.learned.copies import NOTES, copied_at
from generator.score import Note

TOGETHER: Final = 1 / 12
"""Beats between two attacks that melt into one; the fastest roll of notes is slower."""

Attacks = tuple[tuple[int, ...], ...]
"""The notes of each attack, in order, as places in the part."""


@dataclass(frozen=True, slots=True)
class Line:
    """The highest (or, not ``top``, the lowest) note of every attack, heard in a loop; ``attack``
    tells each note's attack. Pitches are given anew each time, for repairs change them."""

    attacks: Attacks
    attack: tuple[int, ...]
    top: bool

    def copies(self, pitches: Sequence[int]) -> list[int]:
        """The attacks on which copied runs begin."""
        line = [pitches[self._note(at, pitches)] for at in range(len(self.attacks))]
        return copied_at(line + line[: NOTES - 1]) if len(line) >= NOTES else []

    def around(self, note: int, pitches: list[int], choices: Sequence[int]) -> list[list[int]]:
        """For each pitch that the note may have: the twelve-note runs that have its attack in them,
        in one row of pitches."""
        places = range(self.attack[note] - NOTES + 1, self.attack[note] + NOTES)
        row = [pitches[self._note(at, pitches)] for at in places]
        its = [
            at for at, place in enumerate(places) if place % len(self.attacks) == places[NOTES - 1]
        ]
        was, rows = pitches[note], []
        for pitches[note] in choices:
            heard = pitches[self._note(self.attack[note], pitches)]
            rows.append(row.copy())
            for at in its:
                rows[-1][at] = heard
        pitches[note] = was
        return rows

    def run(self, at: int, pitches: Sequence[int]) -> list[int]:
        """The notes of the run that begins with that attack, from its middle outwards."""
        places = sorted(range(NOTES), key=lambda place: abs(place - NOTES // 2))
        return [self._note(at + place, pitches) for place in places]

    def _note(self, at: int, pitches: Sequence[int]) -> int:
        """The note that is heard of an attack; they are counted on through the loop."""
        attack = self.attacks[at % len(self.attacks)]
        if len(attack) == 1:
            return attack[0]
        return (max if self.top else min)(attack, key=pitches.__getitem__)


def lines(notes: Sequence[Note]) -> list[Line]:
    """Every reading of a part's notes, which are in order of start."""
    starts = [note.start for note in notes]
    melted = [0]
    for before, after in pairwise(starts):
        melted.append(melted[-1] + (after - before >= TOGETHER))
    sixteenths = [round(start * 4) for start in starts]
    readings = dict.fromkeys(_attacks(marks) for marks in (starts, melted, sixteenths))
    found = []
    for attacks in readings if notes else ():
        attack = tuple(at for at, together in enumerate(attacks) for _ in together)
        found.append(Line(attacks, attack, top=True))
        if len(attacks) < len(notes):
            found.append(Line(attacks, attack, top=False))
    return found


def _attacks(marks: Sequence[float]) -> Attacks:
    """The places in ``marks``, equal neighbours together."""
    grouped = groupby(range(len(marks)), key=lambda place: marks[place])
    return tuple(tuple(places) for _, places in grouped)
