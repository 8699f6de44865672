"""Single lines of melody in scale steps: making a motif, and stating it again over other chords."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from generator.compose.plan import Bar
from generator.grammar import LeadTable
from generator.theory import SCALES, Harmony, Key

Rhythm = Sequence[tuple[int, int]]
TRIES = 24


@dataclass(frozen=True, slots=True)
class Voice:
    """A key and a range: scale step 0 is the tonic in octave 0 of MIDI."""

    key: Key
    low: int
    high: int

    def pitch(self, step: int, chord: Harmony) -> int:
        """The MIDI pitch of a scale step, bent by a semitone where the chord alters that step."""
        octave, degree = divmod(step, 7)
        plain = self.key.tonic + SCALES[self.key.mode][degree] + 12 * octave
        for bend in (1, -1):
            altered = (plain + bend) % 12
            if plain % 12 not in chord.tones and altered in chord.tones and altered not in self.key.scale:
                return plain + bend
        return plain

    def steps(self) -> list[int]:
        """Every scale step inside the range."""
        tonic, scale = self.key.tonic, SCALES[self.key.mode]
        return [
            step for step in range(70)
            if self.low <= tonic + scale[step % 7] + 12 * (step // 7) <= self.high
        ]  # fmt: skip

    def is_tone(self, step: int, chord: Harmony) -> bool:
        return self.pitch(step, chord) % 12 in chord.tones

    def nearest_tone(self, step: int, chord: Harmony) -> int:
        """The chord tone inside the range that is fewest steps away."""
        tones = [each for each in self.steps() if self.is_tone(each, chord)]
        return min(tones, key=lambda each: (abs(each - step), each))


def strong(at: int, length: int) -> bool:
    """Whether a note is heard as belonging to the chord: on a half bar, or held for a beat or more."""
    return at % 8 == 0 or length >= 4


def chord_under(bars: Sequence[Bar], at: int, length: int) -> Harmony:
    """The chord a note belongs to: the one under most of it."""
    middle = at + length / 2 if length < 8 else at
    bar = bars[min(int(middle) // 16, len(bars) - 1)]
    return bar.span_at(middle % 16 if middle < 16 * len(bars) else 15).chord


def compose_motif(
    rhythm: Rhythm, bars: Sequence[Bar], voice: Voice, table: LeadTable, rng: np.random.Generator
) -> tuple[int, ...]:
    """The best of several random lines over the motif's own chords."""
    lines = [_wander(rhythm, bars, voice, table, rng) for _ in range(TRIES)]
    return max(lines, key=lambda line: (merit(line), line))


def _wander(
    rhythm: Rhythm, bars: Sequence[Bar], voice: Voice, table: LeadTable, rng: np.random.Generator
) -> tuple[int, ...]:
    inside = voice.steps()
    middle = inside[len(inside) // 2]
    here = middle + int(rng.integers(-3, 4))
    line: list[int] = []
    for at, length in rhythm:
        chord = chord_under(bars, at, length)
        if line:
            here = line[-1] + _interval(line, table, rng)
        here = min(max(here, inside[0]), inside[-1])
        line.append(voice.nearest_tone(here, chord) if strong(at, length) or not line else here)
    return tuple(line)


def _interval(line: Sequence[int], table: LeadTable, rng: np.random.Generator) -> int:
    leapt = line[-1] - line[-2] if len(line) > 1 else 0
    if abs(leapt) > 2:
        return -1 if leapt > 0 else 1
    draw = rng.random()
    if draw < table.repeat:
        return 0
    way = 1 if rng.random() < 0.5 else -1
    return way * int(rng.choice((2, 3, 4))) if draw < table.repeat + table.leap else way


def merit(line: Sequence[int]) -> float:
    """How well a line is shaped: one peak inside it, more steps than leaps, a fourth to a ninth wide."""
    moves = np.diff(line)
    width = max(line) - min(line)
    peak = line.index(max(line))
    turns = int(np.sum(np.sign(moves[1:]) != np.sign(moves[:-1])))
    return (
        (2.0 if 3 <= width <= 8 else 0.0)
        + (1.5 if line.count(max(line)) == 1 else 0.0)
        + (0.5 if 0 < peak < len(line) - 1 else 0.0)
        + float(np.mean(np.abs(moves) <= 1)) * 2.0
        - 0.4 * abs(turns - 2)
        - 1.0 * int(np.sum(moves == 0) > 2)
    ) if len(line) > 1 else 0.0


def restate(
    letter: str,
    line: Sequence[int],
    rhythm: Rhythm,
    bars: Sequence[Bar],
    voice: Voice,
    last: int | None,
    rng: np.random.Generator,
) -> list[tuple[tuple[int, int], int]]:
    """The motif as ``letter`` wants it over these bars: ((step, length), pitch) of each note."""
    if letter == ".":
        return []
    places = list(rhythm)
    wanted = list(line)
    if letter == "s":
        shift = int(rng.choice((-2, -1, 1, 2)))
        wanted = [step + shift for step in wanted]
    elif letter == "i":
        wanted = [2 * wanted[0] - step for step in wanted]
    elif letter in "vac":
        half = max(1, len(wanted) // 2)
        goal = voice.nearest_tone(wanted[half - 1], chord_under(bars, *places[-1]))
        if letter == "c":
            goal = _home(voice, wanted[half - 1])
            places = places[: max(2, len(places) - 1)]
            at = places[-1][0]
            places[-1] = (at, max(places[-1][1], min(6, 16 * len(bars) - at)))
        count = len(places)
        wanted = wanted[:half] + [
            round(wanted[half - 1] + (goal - wanted[half - 1]) * (k + 1) / (count - half))
            for k in range(count - half)
        ]
    elif letter == "h":
        places, wanted = [(0, 12)], [wanted[0]]
    return [
        ((at, length), voice.pitch(_fitted(step, at, length, bars, voice, letter), chord_under(bars, at, length)))
        for (at, length), step in zip(places, wanted, strict=True)
    ]


def _home(voice: Voice, near: int) -> int:
    return min((step for step in voice.steps() if step % 7 == 0), key=lambda step: (abs(step - near), step))


def _fitted(step: int, at: int, length: int, bars: Sequence[Bar], voice: Voice, letter: str) -> int:
    inside = voice.steps()
    while step > inside[-1]:
        step -= 7
    while step < inside[0]:
        step += 7
    if strong(at, length) and not (letter == "c" and step % 7 == 0):
        return voice.nearest_tone(step, chord_under(bars, at, length))
    return step
