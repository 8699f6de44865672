"""A motif and what becomes of it: repeated, climbing, turned over, answered, brought home.

The letters of a phrase (`LeadTable.phrases`):

====  ==========================================================================
m     the motif as it is, its strong notes on the tones of the chord now under it
d     the motif with a long note divided by its neighbour
s     a sequence: some steps higher or lower, where it suits the chord best
i     turned upside down
v     its beginning, then a new end
a     its beginning, then an end that stays open, on a chord tone that is held
c     its beginning, then home: a cadence on the tonic
f     its beginning alone, then silence
h     one chord tone, held
``.`` silence
====  ==========================================================================
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from generator.compose.line import LEAP, OCTAVE, Slot, Voice, contour, merit, slots_over, walk
from generator.compose.plan import Bar
from generator.compose.rhythm import STEPS
from generator.players import LeadTable

TRIES: Final = 12
GOOD: Final = 3
LONG_ENOUGH: Final = 3
SHIFTS: Final = (-4, -3, -2, -1, 1, 2, 3, 4)
Rhythm = tuple[tuple[int, int], ...]
"""(first sixteenth, length in sixteenths) of each note."""
Statement = list[tuple[Slot, int]]
"""The notes of one statement: where, over which chord, and their scale step."""


@dataclass(frozen=True, slots=True)
class Motif:
    """A rhythm of one or two bars, a line for it, and the shape that the line follows."""

    rhythm: Rhythm
    bars: int
    line: tuple[int, ...]
    shape: tuple[float, ...]

    @property
    def half(self) -> int:
        """How many of its notes make its beginning."""
        middle = self.bars * STEPS // 2
        early = sum(at < middle for at, _ in self.rhythm)
        return min(max(1, early), max(1, len(self.rhythm) - 1))


def invent(
    rhythm: Rhythm, bars: Sequence[Bar], voice: Voice, table: LeadTable, rng: np.random.Generator
) -> Motif:
    """One of the best-shaped of several random lines in that rhythm over those bars."""
    names, weights = list(table.contours), np.array(list(table.contours.values()))
    name = str(rng.choice(names, p=weights / weights.sum()))
    size, middle = float(rng.uniform(2.0, 4.0)), voice.middle + float(rng.uniform(-2.0, 2.0))
    shares = [at / (STEPS * len(bars)) for at, _ in rhythm]
    shape = tuple(middle + size * contour(name, share) for share in shares)
    slots = slots_over(rhythm, bars)
    lines = [walk(slots, voice, table, shape, (), rng) for _ in range(TRIES)]
    best = sorted(lines, key=merit)[-GOOD:]
    return Motif(rhythm, len(bars), tuple(best[int(rng.integers(GOOD))]), shape)


def state(
    letter: str,
    motif: Motif,
    bars: Sequence[Bar],
    voice: Voice,
    table: LeadTable,
    rng: np.random.Generator,
) -> Statement:
    """The motif as ``letter`` wants it over these bars."""
    slots = slots_over(motif.rhythm, bars)
    line = list(motif.line)
    if letter in "md":
        plain = _fitted(line, slots, voice)
        return _divided(plain, voice, rng) if letter == "d" else plain
    if letter == "s":
        return _fitted(_sequence(line, slots, voice, rng), slots, voice)
    if letter == "i":
        return _fitted([2 * line[0] - step for step in line], slots, voice)
    if letter == "v":
        return _new_end(motif, slots, voice, table, rng)
    if letter == "a":
        return _open_end(motif, bars, voice)
    if letter == "c":
        return _cadence(motif, bars, voice)
    if letter == "f":
        return _fitted(line[: motif.half], slots[: motif.half], voice)
    if letter == "h":
        held = slots_over([(0, 12)], bars)
        return [(held[0], voice.nearest_tone(line[0], held[0].chord))]
    return []


def _fitted(line: Sequence[int], slots: Sequence[Slot], voice: Voice) -> Statement:
    """The line over its chords: strong notes go to the nearest chord tone, the ones between
    follow."""
    folded = voice.folded(line)
    moved = list(folded)
    anchors = [at for at, slot in enumerate(slots) if slot.strong]
    for at in anchors:
        moved[at] = voice.nearest_tone(folded[at], slots[at].chord)
    shifts = [moved[at] - folded[at] for at in anchors]
    for at, slot in enumerate(slots):
        if slot.strong:
            continue
        drawn = float(np.interp(at, anchors, shifts)) if anchors else 0.0
        moved[at] = folded[at] + round(drawn)
    return list(zip(slots, _smoothed(moved, slots, voice), strict=True))


def _smoothed(line: list[int], slots: Sequence[Slot], voice: Voice) -> list[int]:
    """The line without a weak note outside the chord that does not come and go by step, and
    with leaps that turn back."""
    low, high = voice.steps[0], voice.steps[-1]
    line = [min(max(step, low), high) for step in line]
    for at, slot in enumerate(slots):
        around = [line[near] for near in (at - 1, at + 1) if 0 <= near < len(line)]
        by_step = all(abs(line[at] - step) <= 1 for step in around)
        if not slot.strong and not by_step and not voice.is_tone(line[at], slot.chord):
            line[at] = voice.nearest_tone(line[at], slot.chord)
    for at in range(2, len(line)):
        leap, move = line[at - 1] - line[at - 2], line[at] - line[at - 1]
        if abs(leap) >= LEAP and leap * move > 0:
            line[at] = _step_back(line[at - 1], leap, slots[at], voice, line[at])
    return line


def _step_back(start: int, leap: int, slot: Slot, voice: Voice, otherwise: int) -> int:
    """One or two steps from ``start`` against the ``leap`` that led there, onto the chord if the
    slot is strong; ``otherwise`` where there is no such tone."""
    way = -1 if leap > 0 else 1
    tones = [step for step in (start + way, start + 2 * way) if voice.is_tone(step, slot.chord)]
    if tones or slot.strong:
        return tones[0] if tones else otherwise
    return start + way


def _sequence(
    line: list[int], slots: Sequence[Slot], voice: Voice, rng: np.random.Generator
) -> list[int]:
    """The line some steps away, by the shift whose strong notes fit the chords best."""

    def misfit(shift: int) -> tuple[float, int]:
        strong = [
            (step + shift, slot) for step, slot in zip(line, slots, strict=True) if slot.strong
        ]
        wrong = sum(not voice.is_tone(step, slot.chord) for step, slot in strong)
        out = sum(step + shift not in voice.steps for step in line)
        return wrong + 2 * out + 0.3 * abs(shift) + float(rng.uniform(0, 0.8)), shift

    best = min(misfit(shift) for shift in SHIFTS)[1]
    return [step + best for step in line]


def _new_end(
    motif: Motif, slots: list[Slot], voice: Voice, table: LeadTable, rng: np.random.Generator
) -> Statement:
    head = _fitted(motif.line[: motif.half], slots[: motif.half], voice)
    before = [step for _, step in head]
    wanted = [2 * voice.middle - step for step in motif.shape[motif.half :]]
    tail = walk(slots[motif.half :], voice, table, wanted, before, rng)
    return [*head, *zip(slots[motif.half :], tail, strict=True)]


def _open_end(motif: Motif, bars: Sequence[Bar], voice: Voice) -> Statement:
    """The motif whose last note is held, on a tone of the chord that is not the tonic."""
    *most, (at, _) = motif.rhythm
    room = STEPS * len(bars) - at
    slots = slots_over([*most, (at, max(1, room - (2 if room > 4 else 0)))], bars)
    said = _fitted(motif.line, slots, voice)
    slot, step = said[-1]
    tones = [each for each in voice.steps if voice.is_tone(each, slot.chord) and each % OCTAVE]
    return [*said[:-1], (slot, min(tones, key=lambda each: (abs(each - step), each)))]


def _cadence(motif: Motif, bars: Sequence[Bar], voice: Voice) -> Statement:
    """The motif's beginning, then by step to the tonic, held on a strong place of the last bar."""
    goal_at = STEPS * (len(bars) - 1) + (8 if len(bars) == 1 else 0)
    kept = [note for note in motif.rhythm if note[0] < goal_at] or [(0, goal_at)]
    kept[-1] = (kept[-1][0], min(kept[-1][1], goal_at - kept[-1][0]))
    slots = slots_over([*kept, (goal_at, 6 if len(bars) == 1 else 10)], bars)
    said = _fitted(motif.line[: len(kept)], slots[:-1], voice)
    before, step = said[-1]
    goal = voice.home(step, slots[-1].chord)
    beside = goal + (1 if step > goal else -1)
    if len(said) > 1 and (not before.strong or voice.is_tone(beside, before.chord)):
        said[-1] = (before, beside)
    return [*said, (slots[-1], goal)]


def _divided(said: Statement, voice: Voice, rng: np.random.Generator) -> Statement:
    """The statement with one of its longer notes divided: the note, its neighbour, the note
    again."""
    long = [at for at, (slot, _) in enumerate(said) if slot.length >= LONG_ENOUGH]
    if not long:
        return said
    chosen = int(rng.choice(long))
    slot, step = said[chosen]
    way = 1 if step < voice.steps[-1] and rng.random() < 0.6 else -1
    first = slot.length - 2
    parts: Statement = [
        (replace(slot, length=first), step),
        (replace(slot, at=slot.at + first, length=1), step + way),
        (replace(slot, at=slot.at + first + 1, length=1), step),
    ]
    return [*said[:chosen], *parts, *said[chosen + 1 :]]
