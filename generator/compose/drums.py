"""Drums: layers of cells, ghosts, fills at the ends of phrases, a crash where a section begins."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from generator.choose import chance
from generator.compose.feel import touch
from generator.compose.plan import Bar, Plan
from generator.compose.rhythm import (
    REST,
    STEPS,
    attacks,
    by_density,
    in_bars,
    steps,
    turn_by_density,
)
from generator.learned.grooves import drum_class
from generator.learned.grooves import groove as heard_groove
from generator.players import DRUM_LETTERS, DrumLayer, DrumTable
from generator.score import Note

HIT: Final = 0.25
GHOST: Final = 0.42
ROLL_STEPS: Final = 2
ROLL_SOFT: Final = 0.55
"""Sixteenths of most rolls, and how soft the softest stroke of one is."""

ACCENT: Final = 1.16
SMALL_FILL: Final = 4
GHOST_STEPS: Final = (3, 6, 7, 9, 10, 11, 14, 15)


@dataclass(frozen=True, slots=True)
class _Groove:
    """A layer's four-bar phrase, the steps of its ghost notes, and its rolls: by bar of the phrase
    and step, how many sixteenths each takes and its strokes a beat."""

    layer: DrumLayer
    bars: tuple[str, ...]
    ghosts: frozenset[int]
    rolls: dict[tuple[int, int], tuple[int, int]]


def write_drums(plan: Plan, table: DrumTable) -> list[Note]:
    """Every drum note of the clip, on the grid."""
    notes: list[Note] = []
    for section in plan.sections:
        level = section.usual("drums")
        if level <= 0:
            continue
        grooves = [_groove(plan, table, layer, section.material, level) for layer in table.layers]
        for bar in plan.bars_of(section):
            notes += _bar(plan, table, bar, grooves)
    return notes


def _bar(plan: Plan, table: DrumTable, bar: Bar, grooves: list[_Groove]) -> list[Note]:
    level = bar.level("drums")
    if level <= 0:
        return []
    fill = _fill(plan, table, bar)
    notes = _fill_notes(bar, fill)
    for groove in grooves:
        if groove.layer.above <= level < groove.layer.below:
            notes += _layer(plan, bar, groove, len(fill), table, level)
    if bar.place == 0 and bar.section.kind.crash and table.crash:
        notes.append(Note(bar.beat, 1.0, DRUM_LETTERS[table.crash], round(88 + 24 * level)))
    return _one_stick_each(notes)


def _groove(plan: Plan, table: DrumTable, layer: DrumLayer, material: str, level: float) -> _Groove:
    name = f"{layer.name} {material}"
    rng = plan.seed.stream(name, "drums")
    first = in_bars(turn_by_density(plan.seed, name, "drums", layer.cells, level))
    bars = (first * 4)[:4]
    other = in_bars(by_density(rng, layer.cells, level))[-1]
    if chance(rng, layer.change):
        bars[3] = other
    kept = rng.random(STEPS) >= layer.thin
    bars = [
        "".join(letter if kept[at] or at % 4 == 0 else REST for at, letter in enumerate(bar))
        for bar in bars
    ]
    busy = {at for bar in bars for at in attacks(bar)}
    ghosts = {at for at in GHOST_STEPS if at not in busy and chance(rng, layer.ghosts * 2)}
    if layer.ghost and table.learned:
        ghosts = _heard_ghosts(plan, table, layer, name, ghosts) - busy
    rolls = _rolls(layer, bars, plan.seed.stream(f"{name} rolls", "drums"))
    return _Groove(layer, tuple(bars), frozenset(ghosts if layer.ghost else ()), rolls)


def _heard_ghosts(
    plan: Plan, table: DrumTable, layer: DrumLayer, name: str, ghosts: set[int]
) -> set[int]:
    """Perhaps, instead of ``ghosts``, the steps where drummers of the style's groove play them."""
    rng = plan.seed.stream(f"{name} heard", "drums")
    family = plan.style.writing.feel.groove
    if not family or not chance(rng, table.learned):
        return ghosts
    drum = drum_class(DRUM_LETTERS[layer.ghost], ghost=True)
    return set(heard_groove(family).strokes(drum, rng))


def _rolls(
    layer: DrumLayer, bars: list[str], rng: np.random.Generator
) -> dict[tuple[int, int], tuple[int, int]]:
    """Where the phrase has rolls, likelier late in it; none begins inside another."""
    rolls: dict[tuple[int, int], tuple[int, int]] = {}
    if layer.rolls == 0:
        return rolls
    for number, bar in enumerate(bars):
        free = 0
        for at in attacks(bar):
            size = ROLL_STEPS if at % 2 == 0 and chance(rng, 0.75) else 1
            late = 1.0 + 0.5 * (number % 2) + 0.5 * (at >= STEPS // 2)
            if at >= free and at + size <= STEPS and chance(rng, layer.rolls * late / 1.5):
                rolls[number, at] = size, int(rng.choice(layer.roll_steps))
                free = at + size
    return rolls


def _roll(note: Note, size: int, strokes: int, *, rising: bool) -> list[Note]:
    """The note as a roll over ``size`` sixteenths, its strokes swelling or dying away."""
    count = max(2, round(strokes * size / 4))
    shares = [ROLL_SOFT + (1.0 - ROLL_SOFT) * at / (count - 1) for at in range(count)]
    return [
        replace(
            note,
            start=note.start + at * size / 4 / count,
            length=size / 4 / count,
            velocity=max(1, round(note.velocity * share)),
        )
        for at, share in enumerate(shares if rising else shares[::-1])
    ]


def _fill(plan: Plan, table: DrumTable, bar: Bar) -> str:
    """The fill that ends this bar, or nothing: a section's end always has one, a phrase's end
    may."""
    rng = plan.seed.stream(f"fill {bar.index}", "drums")
    room = round(bar.section.kind.fill * STEPS) if bar.last else SMALL_FILL
    if not bar.last and (bar.place % 4 != 3 or not chance(rng, table.small_fills)):
        return ""
    fitting = [fill for fill in map(steps, table.fills) if len(fill) <= room]
    long = [fill for fill in fitting if len(fill) * 2 >= room] or fitting
    return long[int(rng.integers(len(long)))] if long else ""


def _fill_notes(bar: Bar, fill: str) -> list[Note]:
    """The fill against the bar's end, growing as it goes."""
    first = STEPS - len(fill)
    notes = []
    for at in attacks(fill):
        force = (76 + 30 * at / len(fill)) * (ACCENT if fill[at].isupper() else 1.0)
        start = bar.beat + (first + at) / 4
        notes.append(Note(start, HIT, DRUM_LETTERS[fill[at].lower()], touch(force, 0, (1.0,))))
    return notes


def _layer(
    plan: Plan, bar: Bar, groove: _Groove, filled: int, table: DrumTable, level: float
) -> list[Note]:
    layer = groove.layer
    phrase = bar.place % 4
    cell = bar.kick if layer.shared else groove.bars[phrase]
    covered = 0
    late = layer.late_ms * plan.beats_a_ms()
    force = layer.velocity * (0.86 + 0.14 * level)
    notes = []
    for at, letter in enumerate(cell):
        ghost = letter == REST and at in groove.ghosts
        if at < covered or (letter == REST and not ghost):
            continue
        drum = layer.ghost if ghost else letter.lower()
        if at >= STEPS - filled and drum not in table.keep:
            continue
        weight = GHOST if ghost else ACCENT if letter.isupper() else 1.0
        start = bar.beat + at / 4 + late
        note = Note(start, HIT, DRUM_LETTERS[drum], touch(force * weight, at, layer.accents))
        size, strokes = groove.rolls.get((phrase, at), (0, 0))
        if not size or ghost or layer.shared or at + size > STEPS - filled:
            notes.append(note)
            continue
        notes += _roll(note, size, strokes, rising=at >= STEPS // 2)
        covered = at + size
    return notes


def _one_stick_each(notes: list[Note]) -> list[Note]:
    """The notes without a second, softer stroke of one drum at one moment."""
    loudest: dict[tuple[float, int], Note] = {}
    for note in notes:
        place = (note.start, note.pitch)
        if place not in loudest or loudest[place].velocity < note.velocity:
            loudest[place] = note
    return list(loudest.values())
