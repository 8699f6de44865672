"""Drums: layers of cells, ghosts, fills at the ends of phrases, a crash where a section begins."""

from __future__ import annotations

from dataclasses import dataclass

from generator.choose import chance, turn
from generator.compose.feel import accent
from generator.compose.plan import Bar, Plan
from generator.compose.rhythm import REST, STEPS, attacks, closeness, steps
from generator.grammar import DRUM_LETTERS, DrumLayer, DrumTable
from generator.score import Note

HIT: float = 0.25


@dataclass(frozen=True, slots=True)
class _Groove:
    """A layer's four-bar phrase, and the steps of its ghost notes."""

    layer: DrumLayer
    bars: tuple[str, ...]
    ghosts: frozenset[int]


def write_drums(plan: Plan, table: DrumTable) -> list[Note]:
    """Every drum note of the clip, on the grid."""
    rng = plan.seed.stream("drums", "drums")
    grooves: dict[str, list[_Groove]] = {}
    notes: list[Note] = []
    for bar in plan.bars:
        level = plan.level("drums", bar)
        if level <= 0:
            continue
        material = bar.section.material
        if material not in grooves:
            grooves[material] = [_groove(plan, layer, material, level) for layer in table.layers]
        fill = _fill(plan, table, bar)
        for groove in grooves[material]:
            if groove.layer.above <= level < groove.layer.below:
                notes += _layer(bar, groove, fill, table, level)
        notes += _fill_notes(bar, fill, table)
        if bar.place == 0 and bar.section.crash:
            notes.append(Note(bar.beat, 1.0, DRUM_LETTERS[table.crash], 96 + int(rng.integers(12))))
    return notes


def _groove(plan: Plan, layer: DrumLayer, material: str, level: float) -> _Groove:
    name = f"{layer.name} {material}"
    rng = plan.seed.stream(name, "drums")
    cell = steps(turn(plan.seed, name, "drums", layer.cells, closeness(layer.cells, level)))
    bars = [cell[at : at + STEPS] for at in range(0, len(cell), STEPS)]
    if len(bars) == 1:
        other = steps(layer.cells[int(rng.integers(len(layer.cells)))])[:STEPS]
        bars = [bars[0], bars[0], bars[0], other if chance(rng, 0.5) else bars[0]]
    bars = [_thinned(bar, rng.random(STEPS), layer.thin) for bar in bars]
    free = [at for at in range(STEPS) if at % 4 and all(bar[at] == REST for bar in bars)]
    ghosts = frozenset(at for at in free if layer.ghost and chance(rng, layer.ghosts))
    return _Groove(layer, tuple(bars), ghosts)


def _thinned(bar: str, draws: object, share: float) -> str:
    return bar if share == 0 else "".join(
        REST if at % 4 and draw < share else letter for at, (letter, draw) in enumerate(zip(bar, draws))
    )


def _fill(plan: Plan, table: DrumTable, bar: Bar) -> str:
    """The fill that ends this bar, or nothing."""
    rng = plan.seed.stream(f"fill {bar.index}", "drums")
    wanted = bar.section.fill * STEPS if bar.last else 4 if bar.place % 4 == 3 else 0
    if wanted == 0 or (not bar.last and not chance(rng, table.small_fills)):
        return ""
    fitting = [fill for fill in map(steps, table.fills) if len(fill) <= wanted]
    return fitting[int(rng.integers(len(fitting)))] if fitting else ""


def _fill_notes(bar: Bar, fill: str, table: DrumTable) -> list[Note]:
    first = STEPS - len(fill)
    notes = []
    for at in attacks(fill):
        letter = fill[at]
        force = 78 + 30 * at / max(len(fill) - 1, 1) + (12 if letter.isupper() else 0)
        pitch = DRUM_LETTERS[letter.lower()]
        notes.append(Note(bar.beat + (first + at) / 4, HIT, pitch, min(124, round(force))))
    return notes


def _layer(bar: Bar, groove: _Groove, fill: str, table: DrumTable, level: float) -> list[Note]:
    layer = groove.layer
    cell = bar.kick if layer.shared else groove.bars[bar.place % len(groove.bars)]
    until = STEPS - len(fill)
    strength = layer.velocity * (0.88 + 0.12 * level)
    notes = []
    for at in range(STEPS):
        letter = cell[at]
        ghost = letter == REST and at in groove.ghosts
        if letter == REST and not ghost:
            continue
        drum = layer.ghost if ghost else letter.lower()
        if at >= until and drum not in table.keep:
            continue
        force = accent(strength, at, layer.accents) * (0.45 if ghost else 1.15 if letter.isupper() else 1)
        start = bar.beat + at / 4
        notes.append(Note(start, HIT, DRUM_LETTERS[drum], max(1, min(127, round(force)))))
    return notes
