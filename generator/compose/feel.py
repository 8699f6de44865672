"""From the grid to a player's hands: swing, lag, looseness and touch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from generator.compose.plan import Plan
from generator.grammar import Feel
from generator.learned.grooves import Groove, drum_class, groove
from generator.score import KICK, Note

CALM: Final = 0.88
LIFT: Final = 0.18
TOUCH: Final = 2.5
FURTHEST: Final = 2.0
"""Velocity at no energy, what full energy adds, as shares of the written one; how much it
wanders; and nobody is further off than so many standard deviations."""


GHOST: Final = 0.62
"""A stroke softer than this share of its drum's hardest is a ghost note."""


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
    whoever the style gives no looseness, keeps strict time. Drums take over the time and the
    touch of the style's ``groove``. Touch follows the sections' energy.
    """
    feel = plan.style.writing.feel
    if part in feel.straight:
        feel = replace(feel, swing=0.5)
    rng = plan.seed.stream("feel", part)
    late, loose = feel.late_ms.get(part, 0.0), feel.loose_ms.get(part, 0.0)
    end = len(plan.bars) * 4.0
    drifts: dict[float, float] = {}
    played = []
    notes = sorted(notes)
    hands = _hands(notes, feel) if part == "drums" and feel.groove else None
    # Drawn at once: one by one they cost a third of all playing.
    draws: list[list[float]] = rng.normal(size=(len(notes), 2)).clip(-FURTHEST, FURTHEST).tolist()
    for note, (wander, weight) in zip(notes, draws, strict=True):
        energy = plan.bars[int(note.start // 4)].energy
        drift = drifts.setdefault(note.start, (late + loose * wander) * plan.beats_a_ms())
        force = 1.0
        if hands:
            behind, force = hands.take(note, wander)
            drift += behind * plan.beats_a_ms()
        if note.start == 0 or (part == "drums" and note.pitch == KICK):
            drift = 0.0
        start = swing(note.start, feel)
        played.append(
            Note(
                start=round(min(max(start + drift, 0.0), end - 0.01), 4),
                length=round(max(swing(note.start + note.length, feel) - start, 0.03), 4),
                pitch=note.pitch,
                velocity=_velocity(note.velocity * force * (CALM + LIFT * energy) + TOUCH * weight),
            )
        )
    return tuple(sorted(played))


def _velocity(force: float) -> int:
    return max(1, min(127, round(force)))


@dataclass(frozen=True, slots=True)
class _Hands:
    """A family of drummers: how they place and weigh a stroke, ``human`` of it taken over;
    ``loudest`` is the hardest stroke of each drum, next to which ghosts are known."""

    template: Groove
    human: float
    loudest: dict[int, int]

    def take(self, note: Note, wander: float) -> tuple[float, float]:
        """Milliseconds a stroke comes late, and the factor of its velocity."""
        ghost = note.velocity < GHOST * self.loudest[note.pitch]
        drum, step = drum_class(note.pitch, ghost=ghost), round(note.start * 4)
        behind = self.human * self.template.late(drum, step, wander)
        return behind, 1.0 + self.human * (self.template.touch(drum, step) - 1.0)


def _hands(notes: Sequence[Note], feel: Feel) -> _Hands:
    loudest: dict[int, int] = {}
    for note in notes:
        loudest[note.pitch] = max(note.velocity, loudest.get(note.pitch, 0))
    return _Hands(groove(feel.groove), feel.human, loudest)


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
