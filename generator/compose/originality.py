"""No melody is somebody's: a line that repeats twelve notes of a song it heard is written again.

The line is heard as the clip is: in a loop, and with the note that opens it on the beat.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from generator.compose.feel import open_on_the_beat
from generator.compose.plan import Plan
from generator.learned.copies import NOTES, copied_at
from generator.score import Note

DRAFTS: Final = 5
REPAIRS: Final = 48
REACH: Final = 7


def original(plan: Plan, part: str, write: Callable[[int], list[Note]]) -> list[Note]:
    """The first of a few drafts ``write(0)``, ``write(1)``, ... that copies nothing; when all do,
    the first with a note here and there moved to another tone of its chord."""
    opens = plan.opener == part
    drafts = []
    for count in range(DRAFTS):
        notes = write(count)
        drafts.append(open_on_the_beat(notes) if opens else notes)
        if not copied_at(_looped(drafts[-1])):
            return drafts[-1]
    return _repaired(plan, drafts[0])


def melody(notes: Sequence[Note]) -> list[Note]:
    """The highest note of each attack, in order."""
    highest: dict[float, Note] = {}
    for note in notes:
        if note.start not in highest or highest[note.start].pitch < note.pitch:
            highest[note.start] = note
    return [highest[start] for start in sorted(highest)]


def _looped(notes: Sequence[Note]) -> list[int]:
    """The melody's pitches, and so many from its beginning that no run is missed at the seam."""
    pitches = [note.pitch for note in melody(notes)]
    return pitches + pitches[: NOTES - 1] if len(pitches) >= NOTES else pitches


def _repaired(plan: Plan, notes: list[Note]) -> list[Note]:
    """The notes with the middle of each copied run moved, as little as breaks it."""
    for _ in range(REPAIRS):
        line = melody(notes)
        copied = copied_at(_looped(notes))
        if not copied:
            break
        note = line[(copied[0] + NOTES // 2) % len(line)]
        others = [
            [each for each in notes if each != note] + [replace(note, pitch=pitch)]
            for pitch in _neighbours(plan, note)
        ]
        notes = min(others, key=lambda each: len(copied_at(_looped(each))), default=notes)
    return sorted(notes)


def _neighbours(plan: Plan, note: Note) -> list[int]:
    """The other tones of the chord under a note, at most a fifth away, the nearest first."""
    bar = plan.bars[min(int(note.start // 4), len(plan.bars) - 1)]
    tones = bar.span_at((note.start - bar.beat) * 4).chord.tones
    around = range(note.pitch - REACH, note.pitch + REACH + 1)
    pitches = [pitch for pitch in around if pitch % 12 in tones and pitch != note.pitch]
    return sorted(pitches, key=lambda pitch: abs(pitch - note.pitch))
