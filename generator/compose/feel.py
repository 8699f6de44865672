"""From the grid to a player's hands: swing, lag, looseness and touch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from generator.compose.plan import Plan
from generator.grammar import Feel
from generator.score import KICK, Note


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
    whoever the style gives no looseness, keeps strict time."""
    feel = plan.style.writing.feel
    rng = plan.seed.stream("feel", part)
    late, loose = feel.late_ms.get(part, 0.0), feel.loose_ms.get(part, 0.0)
    end = len(plan.bars) * 4.0
    drifts: dict[float, float] = {}
    played = []
    for note in sorted(notes):
        wander = max(-2.0, min(2.0, float(rng.normal())))
        weight = float(rng.normal(0.0, 2.5))
        drift = drifts.setdefault(note.start, (late + loose * wander) * plan.beats_a_ms())
        if note.start == 0 or (part == "drums" and note.pitch == KICK):
            drift = 0.0
        start = swing(note.start, feel)
        played.append(
            Note(
                start=round(min(max(start + drift, 0.0), end - 0.01), 4),
                length=round(max(swing(note.start + note.length, feel) - start, 0.03), 4),
                pitch=note.pitch,
                velocity=max(1, min(127, round(note.velocity + weight))),
            )
        )
    return tuple(sorted(played))


def open_on_the_beat(notes: list[Note]) -> list[Note]:
    """The notes with the first one drawn forward to the clip's first beat, if none is there."""
    if not notes or min(notes).start == 0:
        return notes
    first = min(notes)
    early = Note(0.0, first.start + first.length, first.pitch, first.velocity)
    return [early, *(note for note in notes if note != first)]
