"""No line is somebody's: what repeats twelve notes of a song it heard is written again.

Leads are drafted anew a few times. Whatever else is copied, in any part, is broken by a note moved
here and there: rhythm, length and touch stay, and the note goes where its player would have gone
too (`generator.compose.moves`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from generator.compose.feel import open_on_the_beat
from generator.compose.heard import lines
from generator.compose.moves import OCTAVE, others, span_under, struck_with
from generator.compose.plan import Plan
from generator.learned.copies import NOTES, count_copied
from generator.score import Note

DRAFTS: Final = 5
REPAIRS: Final = 128
ROUNDS: Final = 4
"""How often the notes are read anew: one left out changes what is heard."""

SHORT: Final = 0.2
"""Beats below which a bass note is an ornament."""


def original(plan: Plan, part: str, write: Callable[[int], list[Note]]) -> list[Note]:
    """The first of a few drafts ``write(0)``, ``write(1)``, ... that copies nothing; when all do,
    the first with a note here and there moved."""
    opens = plan.opener == part
    drafts = []
    for count in range(DRAFTS):
        notes = sorted(write(count))
        drafts.append(sorted(open_on_the_beat(notes)) if opens else notes)
        if not copied(drafts[-1]):
            return drafts[-1]
    return list(own(plan, part, drafts[0]))


def copied(notes: Iterable[Note]) -> bool:
    """Whether any line heard in the notes repeats a song."""
    notes = sorted(notes)
    pitches = [note.pitch for note in notes]
    return any(line.copies(pitches) for line in lines(notes))


def own(plan: Plan, part: str, notes: Iterable[Note]) -> tuple[Note, ...]:
    """A pitched part's notes, in order, with one here and there at another pitch, so that none of
    its lines is copied. The same notes and plan give the same."""
    played = tuple(sorted(notes))
    for _ in range(ROUNDS):
        repair = _Repair(plan, part, list(played))
        changes = 0
        while changes < REPAIRS and repair.step():
            changes += 1
        played = repair.finished()
        if not changes:
            break
    return played


class _Repair:
    """A part's notes on the way to lines of their own."""

    def __init__(self, plan: Plan, part: str, notes: list[Note]) -> None:
        self.notes = notes
        self._plan, self._part = plan, part
        self._lines = [line for line in lines(notes) if len(line.attacks) >= NOTES]
        self._moved: set[int] = set()
        self._pitches = [note.pitch for note in notes]
        low, high = min(self._pitches, default=0), max(self._pitches, default=0)
        self._compass = range(low, max(high, low + OCTAVE) + 1)

    def step(self) -> bool:
        """Breaks the first copied run, as well as one note can; False if there is nothing left to
        do."""
        for line in self._lines:
            for at in line.copies(self._pitches):
                change = self._best(self._order(line.run(at, self._pitches)))
                if change:
                    self._put(*change)
                    return True
        return False

    def finished(self) -> tuple[Note, ...]:
        """The notes in order, without those that were moved onto another of their attack."""
        gone: set[int] = set()
        for at in sorted(self._moved):
            struck = (place for place in struck_with(self.notes, at) if place not in gone)
            if any(self.notes[place].pitch == self.notes[at].pitch for place in struck):
                gone.add(at)
        return tuple(sorted(note for at, note in enumerate(self.notes) if at not in gone))

    def _order(self, run: list[int]) -> list[int]:
        """Which note of a run to move first: the middle one; but a bass keeps what bears the
        harmony and what only ornaments it as long as it can, and of effects the softest goes."""
        if self._part == "fx":
            return sorted(run, key=lambda at: self.notes[at].velocity)
        return sorted(run, key=self._bears) if self._part == "bass" else run

    def _bears(self, at: int) -> bool:
        """Whether a bass note begins its chord, leads to the next one, or is a slide or a dead
        note, or the note that a slide leads to."""
        note, span = self.notes[at], span_under(self._plan, self.notes[at])
        begins = abs(span.start - note.start) < 1 / 8
        leads = note.pitch % 12 not in span.chord.tones
        slid = at > 0 and self.notes[at - 1].length < SHORT
        return begins or leads or slid or note.length < SHORT

    def _best(self, run: list[int]) -> tuple[int, int] | None:
        """The first note and pitch that leave no copy around it, else those that gain most, be it
        a loss: another note makes up for it. None where every note has moved already."""
        best, most = None, -len(self.notes)
        for at in run:
            if at in self._moved:
                continue
            pitches = others(self._plan, self._part, self.notes, at, self._compass)
            before, *left = self._copies(at, [self.notes[at].pitch, *pitches])
            for pitch, after in zip(pitches, left, strict=True):
                if not after:
                    return at, pitch
                if before - after > most:
                    best, most = (at, pitch), before - after
        return best

    def _copies(self, at: int, pitches: list[int]) -> list[int]:
        """How many copied runs would go through a note at each of those pitches."""
        rows = [line.around(at, self._pitches, pitches) for line in self._lines]
        counts = [count_copied(each) for each in rows]
        return [sum(column) for column in zip(*counts, strict=True)]

    def _put(self, at: int, pitch: int) -> None:
        self._moved.add(at)
        self._pitches[at] = pitch
        self.notes[at] = replace(self.notes[at], pitch=pitch)
