"""Drums: layers of cells, ghosts, fills at the ends of phrases, a crash where a section begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

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
from generator.players import DRUM_LETTERS, DrumLayer, DrumTable
from generator.score import Note

HIT: Final = 0.25
GHOST: Final = 0.42
ACCENT: Final = 1.16
SMALL_FILL: Final = 4
GHOST_STEPS: Final = (3, 6, 7, 9, 10, 11, 14, 15)


@dataclass(frozen=True, slots=True)
class _Groove:
    """A layer's four-bar phrase, and the steps of its ghost notes."""

    layer: DrumLayer
    bars: tuple[str, ...]
    ghosts: frozenset[int]


def write_drums(plan: Plan, table: DrumTable) -> list[Note]:
    """Every drum note of the clip, on the grid."""
    notes: list[Note] = []
    for section in plan.sections:
        level = section.usual("drums")
        if level <= 0:
            continue
        grooves = [_groove(plan, layer, section.material, level) for layer in table.layers]
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


def _groove(plan: Plan, layer: DrumLayer, material: str, level: float) -> _Groove:
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
    return _Groove(layer, tuple(bars), frozenset(ghosts if layer.ghost else ()))


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
    cell = bar.kick if layer.shared else groove.bars[bar.place % 4]
    late = layer.late_ms * plan.beats_a_ms()
    force = layer.velocity * (0.86 + 0.14 * level)
    notes = []
    for at, letter in enumerate(cell):
        ghost = letter == REST and at in groove.ghosts
        if letter == REST and not ghost:
            continue
        drum = layer.ghost if ghost else letter.lower()
        if at >= STEPS - filled and drum not in table.keep:
            continue
        weight = GHOST if ghost else ACCENT if letter.isupper() else 1.0
        start = bar.beat + at / 4 + late
        notes.append(Note(start, HIT, DRUM_LETTERS[drum], touch(force * weight, at, layer.accents)))
    return notes


def _one_stick_each(notes: list[Note]) -> list[Note]:
    """The notes without a second, softer stroke of one drum at one moment."""
    loudest: dict[tuple[float, int], Note] = {}
    for note in notes:
        place = (note.start, note.pitch)
        if place not in loudest or loudest[place].velocity < note.velocity:
            loudest[place] = note
    return list(loudest.values())
