"""From the grid to a player's hands: swing, lag, looseness and touch."""

from __future__ import annotations

from collections.abc import Iterable

from generator.compose.plan import Plan
from generator.grammar import Feel
from generator.score import Note


def accent(velocity: float, step: float, accents: tuple[float, ...]) -> float:
    """The velocity on that sixteenth: ``accents`` repeats through the bar."""
    return velocity * accents[int(step) % len(accents)]


def swing(beat: float, feel: Feel) -> float:
    """Where a beat on the straight grid falls when the first of each pair takes ``feel.swing`` of it."""
    pair = 2 * feel.grid
    start = beat // pair * pair
    part = (beat - start) / pair
    bent = part * feel.swing / 0.5 if part < 0.5 else 1 - (1 - part) * (1 - feel.swing) / 0.5
    return start + bent * pair


def play(notes: Iterable[Note], plan: Plan, part: str) -> tuple[Note, ...]:
    """The notes as that player plays them, sorted; no start before 0 or after the clip's end."""
    feel = plan.style.writing.feel
    rng = plan.seed.stream("feel", part)
    beats_a_ms = plan.bpm / 60_000
    late, loose = feel.late_ms.get(part, 0.0), feel.loose_ms.get(part, 0.0)
    end = len(plan.bars) * 4.0
    played = []
    for note in sorted(notes):
        drift = (late + loose * max(-2.0, min(2.0, float(rng.normal())))) * beats_a_ms
        start = swing(note.start, feel) + (drift if note.start > 0 else 0.0)
        length = swing(note.start + note.length, feel) - swing(note.start, feel)
        velocity = note.velocity + float(rng.normal(0.0, 2.5))
        played.append(
            Note(
                start=round(min(max(start, 0.0), end - 0.01), 4),
                length=round(max(length, 0.03), 4),
                pitch=note.pitch,
                velocity=max(1, min(127, round(velocity))),
            )
        )
    return tuple(sorted(played))
