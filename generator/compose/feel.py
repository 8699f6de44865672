"""From the grid to a player's hands: swing, lag, looseness and touch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from generator.compose.plan import Plan
from generator.grammar import Feel
from generator.score import KICK, Note

CALM: Final = 0.88
LIFT: Final = 0.18
"""Velocity at no energy, and what full energy adds, as shares of the written one."""


def touch(force: float, step: int, accents: Sequence[float]) -> int:
    """The velocity of a note on that sixteenth; ``accents`` repeats through the bar."""
    return max(1, min(127, round(force * accents[step % len(accents)])))


def swing(beat: float, feel: Feel) -> float:
    """Where a beat on the straight grid falls when the first of each pair takes ``feel.swing`` of
    it."""
    pair = 2 * feel.grid
    start = beat // pair * pair
    share = (beat - start) / pair
    late = share > 0.5
    bent = 1 - (1 - share) * (1 - feel.swing) * 2 if late else share * feel.swing * 2
    return start + bent * pair


def play(notes: Iterable[Note], plan: Plan, part: str) -> tuple[Note, ...]:
    """The notes as that player plays them, sorted; no start before 0 or after the clip's end.

    What falls on one grid place moves together, so that a chord stays a chord; the kick, and
    whoever the style gives no looseness, keeps strict time. Touch follows the sections' energy.
    """
    feel = plan.style.writing.feel
    if part in feel.straight:
        feel = replace(feel, swing=0.5)
    rng = plan.seed.stream("feel", part)
    late, loose = feel.late_ms.get(part, 0.0), feel.loose_ms.get(part, 0.0)
    end = len(plan.bars) * 4.0
    drifts: dict[float, float] = {}
    played = []
    for note in sorted(notes):
        wander = max(-2.0, min(2.0, float(rng.normal())))
        weight = float(rng.normal(0.0, 2.5))
        energy = plan.bars[int(note.start // 4)].energy
        drift = drifts.setdefault(note.start, (late + loose * wander) * plan.beats_a_ms())
        if note.start == 0 or (part == "drums" and note.pitch == KICK):
            drift = 0.0
        start = swing(note.start, feel)
        played.append(
            Note(
                start=round(min(max(start + drift, 0.0), end - 0.01), 4),
                length=round(max(swing(note.start + note.length, feel) - start, 0.03), 4),
                pitch=note.pitch,
                velocity=max(1, min(127, round(note.velocity * (CALM + LIFT * energy) + weight))),
            )
        )
    return tuple(sorted(played))


def open_on_the_beat(notes: list[Note]) -> list[Note]:
    """The notes, with one on the clip's first beat: a first note within a beat of it is drawn
    forward, a later one is anticipated."""
    if not notes or min(notes).start == 0:
        return notes
    first = min(notes)
    if first.start > 1:
        return [replace(first, start=0.0, length=min(first.length, 1.0)), *notes]
    early = replace(first, start=0.0, length=first.start + first.length)
    return [early, *(note for note in notes if note != first)]
