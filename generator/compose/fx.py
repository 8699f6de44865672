"""Effects: what announces a section, what its beginning throws out, what lies under the quiet
ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from generator.choose import chance
from generator.compose.form import Stretch
from generator.compose.plan import Plan
from generator.players import FxTable
from generator.score import FX_BED, FX_FALL, FX_HIT, FX_RISE, FX_SWELL, Note

SOFTER: Final = {FX_BED: 0.72, FX_SWELL: 0.9, FX_HIT: 1.08}
DROP: Final = 2.5
"""A section stronger by so many steps is a drop: it is always announced."""

BED_BARS: Final = 4
HIT_BEATS: Final = 4.0
ECHO, SPECK = 0.7, 0.42
"""How hard a second blow and the small sounds are played against the first of their kind."""


@dataclass(frozen=True, slots=True)
class _Joint:
    """Where a section begins: its beat, how much stronger it is than the one before, and the
    beats that each of the two lasts. The first follows the last, for the clip is a loop."""

    beat: float
    gain: float
    before: float
    after: float
    section: Stretch


def write_fx(plan: Plan, table: FxTable) -> list[Note]:
    """Every effect of the clip, on the grid; at least one."""
    notes: list[Note] = []
    for number, joint in enumerate(_joints(plan)):
        rng = plan.seed.stream(f"fx {number}", "fx")
        share = plan.mood.density * joint.section.kind.play.get("fx", 1.0)
        notes += _joint(plan, table, joint, min(1.0, share), rng)
    notes += _beds(plan, table)
    notes += _specks(plan, table)
    if plan.opener == "fx":
        notes.append(_note(plan, table, FX_BED, 0.0, plan.beats, plan.sections[0]))
    return notes or [_way_back(plan, table)]


def _joints(plan: Plan) -> list[_Joint]:
    return [
        _Joint(
            beat=section.start_bar * 4.0,
            gain=section.energy - plan.sections[at - 1].energy,
            before=plan.sections[at - 1].bars * 4.0,
            after=section.bars * 4.0,
            section=section,
        )
        for at, section in enumerate(plan.sections)
    ]


def _joint(
    plan: Plan, table: FxTable, joint: _Joint, share: float, rng: np.random.Generator
) -> list[Note]:
    """What is heard around a joint; every draw is made, so that they do not hang on each other."""
    rises, swells, hits, falls = (rng.random(4) / max(share, 1e-9)).tolist()
    long = _drawn(table.rise_bars, 4.0, rng)
    swell, fall = _drawn(table.swell_beats, 1.0, rng), _drawn(table.fall_bars, 4.0, rng)
    up, drop = joint.gain >= table.step, joint.gain >= DROP * table.step
    notes = []
    if up and (rises < table.rise or (drop and share * table.rise > 0)):
        notes.append(_into(plan, table, FX_RISE, joint, long))
    if abs(joint.gain) >= table.step / 2 and swells < table.swell:
        notes.append(_into(plan, table, FX_SWELL, joint, swell))
    if up and hits < table.hit:
        notes.append(_from(plan, table, FX_HIT, joint, HIT_BEATS))
        notes += _echoes(notes[-1], rng)
    if (joint.gain <= -table.step or drop) and falls < table.fall:
        notes.append(_from(plan, table, FX_FALL, joint, fall))
    return notes


def _echoes(hit: Note, rng: np.random.Generator) -> list[Note]:
    """Perhaps a softer second blow in the same bar."""
    if not chance(rng, 0.4):
        return []
    late = int(rng.integers(3, 15)) / 4
    return [replace(hit, start=hit.start + late, velocity=round(hit.velocity * ECHO))]


def _specks(plan: Plan, table: FxTable) -> list[Note]:
    """Short soft sounds between the beats: something breathes in, and out."""
    rng = plan.seed.stream("fx specks", "fx")
    notes = []
    for bar in plan.bars:
        first, second = sorted(rng.choice(15, 2, replace=False).tolist())
        wanted = table.specks * min(1.0, bar.section.kind.play.get("fx", 1.0))
        for at, pitch in ((first, FX_SWELL), (second, FX_FALL)) if chance(rng, wanted) else ():
            start, length = bar.beat + (at + 1) / 4, int(rng.integers(1, 5)) / 4
            note = _note(plan, table, pitch, start, length, bar.section)
            notes.append(replace(note, velocity=round(note.velocity * SPECK)))
    return notes


def _drawn(lengths: Sequence[float], unit: float, rng: np.random.Generator) -> float:
    """One of the lengths in beats, a few sixteenths more or less."""
    beats = float(rng.choice(lengths)) * unit
    return max(0.5, beats + int(rng.integers(-2, 3)) / 4)


def _into(plan: Plan, table: FxTable, pitch: int, joint: _Joint, length: float) -> Note:
    """An effect that ends where the section begins."""
    length = min(length, joint.before)
    start = (joint.beat - length) % plan.beats
    return _note(plan, table, pitch, start, length, joint.section)


def _from(plan: Plan, table: FxTable, pitch: int, joint: _Joint, length: float) -> Note:
    """An effect that the section begins with."""
    return _note(plan, table, pitch, joint.beat, min(length, joint.after), joint.section)


def _note(
    plan: Plan, table: FxTable, pitch: int, start: float, length: float, section: Stretch
) -> Note:
    force = table.velocity * SOFTER.get(pitch, 1.0) * (0.85 + 0.15 * section.energy)
    return Note(start, min(length, plan.beats), pitch, max(1, min(127, round(force))))


def _beds(plan: Plan, table: FxTable) -> list[Note]:
    """A texture under the quiet sections: it comes anew every four bars, each time over the end
    of the one before."""
    notes = []
    for section in plan.sections:
        rng = plan.seed.stream(f"fx bed {section.name}", "fx")
        wanted = table.bed * min(1.0, section.kind.play.get("fx", 1.0))
        if section.energy > table.bed_below or not chance(rng, wanted):
            continue
        for place in range(0, section.bars, BED_BARS):
            late = int(rng.integers(0, 8)) / 4 if section.start_bar + place else 0.0
            start = (section.start_bar + place) * 4.0 + late
            bars = min(BED_BARS, section.bars - place)
            length = bars * 4.0 + 2.0 - late
            notes.append(_note(plan, table, FX_BED, start, length, section))
    return notes


def _way_back(plan: Plan, table: FxTable) -> Note:
    """A reversed cymbal at the clip's end, into its beginning."""
    rng = plan.seed.stream("fx way back", "fx")
    return _into(plan, table, FX_SWELL, _joints(plan)[0], _drawn(table.swell_beats, 1.0, rng))
