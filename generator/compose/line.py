"""A melody's ground: scale steps, the chords under them, and walking from one to the next.

A line is written in scale steps (0 is the key's tonic in MIDI octave 0, 7 its octave), so that
moving it along the scale is adding; it becomes pitches only where it sounds over a chord."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import exp, pi, sin
from typing import Final

import numpy as np

from generator.choose import weighted
from generator.compose.plan import Bar
from generator.compose.rhythm import STEPS
from generator.learned.melody import sung
from generator.players import LeadTable
from generator.theory import SCALES, Harmony, Key

OCTAVE: Final = 7
STRONG: Final = 8
LONG: Final = 4
LEAP: Final = 3
LEAP_SIZES: Final = {2: 0.5, 3: 0.26, 4: 0.16, 5: 0.05, 7: 0.03}
"""Of all leaps, how many are thirds, fourths, fifths, sixths and octaves."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One note to be: ``at`` and ``length`` in sixteenths from the statement's start, its chord."""

    at: int
    length: int
    chord: Harmony

    @property
    def strong(self) -> bool:
        """Whether it is heard as belonging to its chord: on a half bar, or held for a beat."""
        return self.at % STRONG == 0 or self.length >= LONG


@dataclass(frozen=True, slots=True)
class Voice:
    """A key and a range of scale steps."""

    key: Key
    steps: tuple[int, ...]

    @classmethod
    def between(cls, key: Key, low: int, high: int) -> Voice:
        """The voice whose steps sound from MIDI ``low`` to ``high``."""
        inside = (step for step in range(75) if low <= _plain(key, step) <= high)
        return cls(key, tuple(inside))

    @property
    def middle(self) -> int:
        return self.steps[len(self.steps) // 2]

    def pitch(self, step: int, chord: Harmony) -> int:
        """The MIDI pitch of a step, bent by a semitone where the chord alters that step of the
        key."""
        plain = _plain(self.key, step)
        if plain % 12 not in chord.tones:
            for bend in (1, -1):
                bent = (plain + bend) % 12
                if bent in chord.tones and bent not in self.key.scale:
                    return plain + bend
        return plain

    def is_tone(self, step: int, chord: Harmony) -> bool:
        return self.pitch(step, chord) % 12 in chord.tones

    def nearest_tone(self, step: int, chord: Harmony) -> int:
        """The chord tone inside the range that is fewest steps away."""
        tones = [each for each in self.steps if self.is_tone(each, chord)]
        return min(tones, key=lambda each: (abs(each - step), each))

    def home(self, near: int, chord: Harmony) -> int:
        """The tonic nearest to ``near``, or a chord tone over a chord that would make it a
        suspension: a fourth above the root, or a semitone above a tone."""
        tonics = [step for step in self.steps if step % OCTAVE == 0]
        tonic = min(tonics, key=lambda each: (abs(each - near), each))
        fourth = (self.key.tonic - chord.root) % 12 == 5
        rubs = any((self.key.tonic - tone) % 12 == 1 for tone in chord.tones)
        return self.nearest_tone(tonic, chord) if fourth or rubs else tonic

    def folded(self, line: Sequence[int]) -> list[int]:
        """The line moved by whole octaves so that as much of it as possible is in range."""
        low, high = self.steps[0], self.steps[-1]
        centre = (min(line) + max(line)) / 2
        octaves = round((self.middle - centre) / OCTAVE)
        if low <= min(line) and max(line) <= high:
            octaves = 0
        return [min(max(step + OCTAVE * octaves, low), high) for step in line]


def _plain(key: Key, step: int) -> int:
    octave, degree = divmod(step, OCTAVE)
    return key.tonic + SCALES[key.mode][degree] + 12 * octave


def slots_over(rhythm: Sequence[tuple[int, int]], bars: Sequence[Bar]) -> list[Slot]:
    """The rhythm's notes with their chords; a note tied over a change belongs to the coming
    chord."""
    slots = []
    for at, length in rhythm:
        heard = at + 2 if length > 2 and at % 4 else at
        bar = bars[min(heard // STEPS, len(bars) - 1)]
        last = heard >= STEPS * len(bars)
        slots.append(Slot(at, length, bar.span_at(15 if last else heard % STEPS).chord))
    return slots


def contour(name: str, share: float) -> float:
    """A melody's shape at ``share`` 0..1 of its way, -1..1."""
    return {
        "arch": sin(pi * share) * 1.6 - 0.8,
        "valley": 0.8 - sin(pi * share) * 1.6,
        "fall": 1.0 - 2.0 * share,
        "rise": 2.0 * share - 1.0,
        "wave": sin(2.0 * pi * share),
        "flat": 0.0,
    }[name]


def walk(
    slots: Sequence[Slot],
    voice: Voice,
    table: LeadTable,
    wanted: Sequence[float],
    before: Sequence[int],
    rng: np.random.Generator,
) -> list[int]:
    """A random line for the slots that follows ``wanted`` loosely and goes on from ``before``.

    Strong notes are chord tones, other tones come and go by step, a leap is followed by a step
    back."""
    line = list(before)
    for slot, target in zip(slots, wanted, strict=True):
        tones = _tones(voice, slot.chord)
        habits = _habits(line, slot, voice, table, tones)
        weights = [
            _weight(step, line, slot, tone, habit, target)
            for step, tone, habit in zip(voice.steps, tones, habits, strict=True)
        ]
        line.append(weighted(rng, voice.steps, weights))
    return line[len(before) :]


@lru_cache(maxsize=512)
def _tones(voice: Voice, chord: Harmony) -> tuple[bool, ...]:
    """Which of the voice's steps belong to the chord; walking asks it again and again."""
    return tuple(voice.is_tone(step, chord) for step in voice.steps)


def _habits(
    line: Sequence[int], slot: Slot, voice: Voice, table: LeadTable, tones: Sequence[bool]
) -> Sequence[float]:
    """How usual the interval to each step of the voice is: for this style, and, as far as it has
    ``learned``, in sung melodies."""
    if not line:
        return [1.0] * len(voice.steps)
    own = [_interval_weight(abs(step - line[-1]), table) for step in voice.steps]
    if not table.learned:
        return own
    before = [after - step for step, after in pairwise(line)]
    theirs = sung().of_moves(voice.steps[0] - line[-1], slot.at, before, np.array(tones))
    mixed: list[float] = (
        (1.0 - table.learned) * np.array(own) / sum(own) + table.learned * theirs
    ).tolist()
    return mixed


def _weight(
    step: int, line: Sequence[int], slot: Slot, tone: bool, habit: float, target: float
) -> float:
    near = exp(-(((step - target) / 2.2) ** 2)) + 1e-6
    if not line:
        return near if tone else 0.0
    move = step - line[-1]
    if slot.strong and not tone:
        return 0.0
    weight = near * habit
    if not tone and abs(move) != 1:
        weight *= 0.02
    leapt = line[-1] - line[-2] if len(line) > 1 else 0
    if abs(leapt) >= LEAP and not (move * leapt < 0 and abs(move) <= 2):
        weight *= 0.05
    return weight


def _interval_weight(size: int, table: LeadTable) -> float:
    plain: Mapping[int, float] = {0: table.repeat, 1: 1.0 - table.repeat - table.leap}
    return plain.get(size, table.leap * LEAP_SIZES.get(size, 0.0005)) + 1e-5


def merit(line: Sequence[int]) -> float:
    """How well a line is shaped: one peak, more steps than leaps, a fourth to an octave wide, few
    turns."""
    if len(line) < 2:
        return 0.0
    moves = np.diff(line)
    width = max(line) - min(line)
    turns = int(np.sum(moves[1:] * moves[:-1] < 0))
    stuck = int(np.sum(moves == 0))
    return (
        (2.0 if 3 <= width <= 7 else 0.0)
        + 0.5 * min(len(set(line)), 5)
        + (1.5 if line.count(max(line)) == 1 else 0.0)
        + 1.5 * float(np.mean(np.abs(moves) <= 1))
        - 0.5 * abs(turns - 2)
        - 1.2 * max(0, stuck - len(line) // 4)
        - 1.0 * int(np.sum(np.abs(moves) > 5))
    )
