"""Bass: cells of chord degrees that agree with the kick, with steps into the next chord."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from generator.choose import chance, turn, weighted
from generator.compose.feel import touch
from generator.compose.form import Stretch
from generator.compose.harmony import Span
from generator.compose.plan import Bar, Plan
from generator.compose.rhythm import agreement, attacks, bent, closeness, in_bars, lengths, steps
from generator.compose.riff import riff
from generator.compose.walk import walk_bass
from generator.players import BassTable
from generator.score import Note
from generator.theory import Harmony, Key

DEAD, DEAD_BEATS = 0.62, 0.09
"""A muted string's velocity against a sounding one's, and how long it is heard."""

SLID, SLIDE_BEATS = 0.8, 0.15
"""The same of the note that a slide comes from; it sounds before the beat."""

LOWEST: Final = 26
FELT: Final = 32
"""The pitch under which a tone's fundamental (51 Hz) is a rumble: a tonic there tells no key."""

WIDTH: Final = 0.6
"""How far a cell's density may be from the level before it becomes unlikely."""

BUSY: Final = 6
CHORD_DEGREES: Final = {3: 1, 5: 2, 7: 3}


@dataclass(frozen=True, slots=True)
class _Hand:
    """How a clip's bass is played: from which pitch up roots lie, and which share of its last
    sixteenth a note sounds."""

    low: int
    gate: float


def write_bass(plan: Plan, table: BassTable) -> list[Note]:
    """Every bass note of the clip, on the grid."""
    rng = plan.seed.stream("bass manner", "bass")
    low = _audible(int(rng.integers(min(table.windows), max(table.windows) + 1)), plan.key)
    hand = _Hand(low, float(rng.choice(table.gates)))
    notes: list[Note] = []
    for section in plan.sections:
        if section.usual("bass") <= 0:
            continue
        if chance(plan.seed.stream(f"walk {section.material}"), table.walk):
            before = notes[-1].pitch if notes else None
            notes += walk_bass(plan, table, section, low, before)
            continue
        phrase = _phrase(plan, table, section)
        for bar in plan.bars_of(section):
            if bar.level("bass") > 0:
                notes += _bar(plan, table, bar, phrase[bar.place % 4], hand)
    return notes


def _audible(low: int, key: Key) -> int:
    """The lowest root that puts the tonic where its pitch is heard and not only felt: an octave
    higher, as a bassist would take it, where it would lie under `FELT`."""
    tonic = low + (key.tonic - low) % 12
    return tonic + 1 if tonic < FELT else low


def _phrase(plan: Plan, table: BassTable, section: Stretch) -> list[str]:
    """Four bars: the section's riff if it has one, else one cell, its bars ornamented once for the
    phrase, the last one once more."""
    rng = plan.seed.stream(f"bass {section.name}", "bass")
    figure = riff(table, section, plan.seed, plan.seed.take("bass"))
    if figure:
        return [*figure[:3], _ornamented(figure[3], table, rng)]
    level = section.usual("bass")
    kick = plan.bars_of(section)[0].kick
    fits = [
        close * 2.0 ** (table.kick * agreement(steps(cell), kick))
        for cell, close in zip(table.cells, closeness(table.cells, level, WIDTH), strict=True)
    ]
    name = f"bass {section.material}"
    cell = _own(steps(turn(plan.seed, name, "bass", table.cells, fits)), plan, table, name)
    one, two = (in_bars(cell) * 2)[:2]
    if chance(rng, table.answer):
        two = in_bars(steps(weighted(rng, table.cells, fits)))[-1]
    one, two, end = (_ornamented(each, table, rng) for each in (one, two, two))
    return [one, two, one, end] if chance(rng, 0.5) else [one, one, two, end]


def _own(cell: str, plan: Plan, table: BassTable, name: str) -> str:
    """The cell as this clip has it: changed a little, once for a material."""
    rng = plan.seed.stream(f"{name} bent", "bass")
    return bent(cell, rng, int(rng.binomial(2, table.bend)))


def _ornamented(cell: str, table: BassTable, rng: np.random.Generator) -> str:
    """The cell with some of its weak notes moved to another degree; a busy one may lose some."""
    letters = list(cell)
    busy = len(attacks(cell)) >= BUSY
    fitting = {name: share for name, share in table.ornaments.items() if busy or name not in ".-"}
    for at in attacks(cell) if fitting else ():
        ornament = weighted(rng, list(fitting), list(fitting.values()))
        if at % 8 and ornament != "same":
            letters[at] = ornament
    return "".join(letters)


def _bar(plan: Plan, table: BassTable, bar: Bar, cell: str, hand: _Hand) -> list[Note]:
    rng = plan.seed.stream(f"bass approach {bar.index}", "bass")
    urge = table.approach * (1.5 if bar.last else 1.0)
    if chance(rng, urge):
        cell = _leading(
            plan, bar, cell, "c" if "c" in table.ornaments and chance(rng, 0.5) else "a"
        )
    notes: list[Note] = []
    for at, length, letter in lengths(cell):
        notes += _sounded(plan, table, bar, (at, length, letter), hand)
    return notes


def _sounded(
    plan: Plan, table: BassTable, bar: Bar, place: tuple[int, int, str], hand: _Hand
) -> list[Note]:
    """A cell's letter as notes: one, or two for a slide."""
    at, length, letter = place
    start, force = bar.beat + at / 4, touch(table.velocity, at, table.accents)
    pitch = degree_pitch(letter, bar.span_at(at), plan, hand.low)
    if letter == "x":
        return [Note(start, DEAD_BEATS, pitch, round(force * DEAD))]
    note = Note(start, (length - 1 + hand.gate) / 4, pitch, force)
    if letter != "g" or start < SLIDE_BEATS:
        return [note]
    below = pitch - 2 if pitch - 2 >= LOWEST else pitch + 2
    return [Note(start - SLIDE_BEATS, SLIDE_BEATS, below, round(force * SLID)), note]


def _leading(plan: Plan, bar: Bar, cell: str, step: str) -> str:
    """The cell with its last late note a ``step`` from the next chord's bass, where that
    moves."""
    here = bar.spans[-1]
    late = [at for at in attacks(cell) if at >= 12]
    if not late or plan.after(here).chord.bass == here.chord.bass:
        return cell
    return cell[: late[-1]] + step + cell[late[-1] + 1 :]


def degree_pitch(letter: str, span: Span, plan: Plan, low: int) -> int:
    """The pitch of a cell's letter over a chord, its bass in the octave from ``low`` up."""
    chord = span.chord
    bass = low + (chord.bass - low) % 12
    if letter in "ac":
        goal = low + (plan.after(span).chord.bass - low) % 12
        return step_beside(goal, bass, plan.key, chromatic=letter == "c")
    if letter in "18gx" or (chord.bass != chord.root and not _own_fifth(letter, chord)):
        return bass + (12 if letter == "8" else 0)
    if letter == "l":
        below = bass - 12 + _interval(chord, plan.key, 5)
        return below if below >= low else below + 12
    return bass + _interval(chord, plan.key, int(letter))


def _own_fifth(letter: str, chord: Harmony) -> bool:
    """Whether a fifth asked for above a bass that is not the root still lies inside the chord."""
    return letter in "5l" and (chord.bass + 7) % 12 in chord.tones


def step_beside(goal: int, start: int, key: Key, *, chromatic: bool = False) -> int:
    """The key's step (or the semitone) beside ``goal``, on the side that ``start`` comes from."""
    away = 1 if start > goal else -1
    if chromatic:
        return goal + away
    return next(goal + away * by for by in (1, 2) if (goal + away * by) % 12 in key.scale)


def _interval(chord: Harmony, key: Key, degree: int) -> int:
    """Semitones from the root up to that degree: a chord tone where it has one, else the key's."""
    if chord.bass != chord.root:
        return 7
    place = CHORD_DEGREES.get(degree, len(chord.tones))
    if place < len(chord.tones):
        return (chord.tones[place] - chord.root) % 12
    return (key.scale[(chord.degree + degree - 1) % 7] - chord.root) % 12
