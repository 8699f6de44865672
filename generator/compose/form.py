"""Form: which sections a clip has, how long, how strong, and who plays in each."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

import numpy as np

from generator.choose import chance
from generator.grammar import Mood, SectionKind, read_plan
from generator.seed import Seed
from generator.spec import ClipSpec
from generator.style import Style

LONG_FORM: Final = 16
LONGEST_AWAY: Final = 0.4
"""The share of a clip's bars that chance may keep a part out of."""

OPENERS: Final = ("drums", "bass", "pad", "keys", "arp", "lead", "fx", "vocal")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A section of the clip: ``material`` names what it plays (A for A and A'), ``varied`` counts
    the marks, ``levels`` says by part how much it plays in each bar, 0 (silent) to 1."""

    name: str
    material: str
    varied: int
    start_bar: int
    bars: int
    energy: float
    levels: dict[str, tuple[float, ...]]
    kind: SectionKind

    def level(self, part: str, place: int = 0) -> float:
        """How much ``part`` plays in the section's bar ``place``."""
        return self.levels[part][place] if part in self.levels else 0.0

    def usual(self, part: str) -> float:
        """How much ``part`` plays here once it plays: the level its cells are chosen for."""
        return max(self.levels.get(part, (0.0,)))


def lay_out(spec: ClipSpec, style: Style, mood: Mood, seed: Seed) -> tuple[Stretch, ...]:
    """The clip's sections, from one of the style's plans for its number of bars.

    Nobody whom the style lets play rests for most of the clip."""
    form = style.writing.form
    rng = seed.stream("form")
    plan = read_plan(str(rng.choice(form.plans[str(spec.bars)])))
    sections: list[Stretch] = []
    away: Counter[str] = Counter()
    start = 0
    for name, marks, bars in plan:
        title = name + "'" * marks
        kind = form.sections.get(title, form.sections[name])
        swell = mood.energy + float(rng.normal(0.0, 0.04)) + 0.05 * max(0, marks - 1)
        levels = _levels(spec, style, kind, bars, swell, away, rng)
        sections.append(
            Stretch(
                name=title,
                material=kind.borrows or name,
                varied=marks,
                start_bar=start,
                bars=bars,
                energy=min(1.0, max(0.05, kind.energy + swell)),
                levels=_somebody_plays(levels, spec.parts, bars, kind, opening=start == 0),
                kind=kind,
            )
        )
        start += bars
    return tuple(sections)


def _levels(
    spec: ClipSpec,
    style: Style,
    kind: SectionKind,
    bars: int,
    swell: float,
    away: Counter[str],
    rng: np.random.Generator,
) -> dict[str, tuple[float, ...]]:
    """How much each part plays in each of the section's bars; who rests is absent. ``away`` counts
    the bars that each part has sat out, and goes on counting."""
    form, density = style.writing.form, style.mood(spec.mood).density
    levels = {}
    for part in style.parts:
        late = chance(rng, form.late.get(part, 0.0)) and bars >= 4
        rests = chance(rng, kind.rest.get(part, 0.0)) and spec.bars >= LONG_FORM
        rests = rests and away[part] + bars <= LONGEST_AWAY * spec.bars
        if rests or part not in kind.play:
            away[part] += bars
            continue
        base = (kind.play[part] + swell) * density
        enters = kind.enter.get(part, bars // 2 if late else 0)
        leaves = bars - kind.leave.get(part, 0)
        rise = kind.rise.get(part, 0.0) / bars
        levels[part] = tuple(
            0.0 if not enters <= place < leaves else min(1.0, max(0.05, base + rise * place))
            for place in range(bars)
        )
    return levels


def _somebody_plays(
    levels: dict[str, tuple[float, ...]],
    parts: tuple[str, ...],
    bars: int,
    kind: SectionKind,
    *,
    opening: bool,
) -> dict[str, tuple[float, ...]]:
    """The levels, with a bar in which no chosen part would play given to the one that opens
    clips."""
    first = next(part for part in OPENERS if part in parts)
    mine = levels.get(first, (0.0,) * bars)
    filled = tuple(
        own
        or (0.0 if any(levels[part][place] for part in parts if part in levels) else kind.energy)
        for place, own in enumerate(mine)
    )
    if opening and not any(levels[part][0] for part in parts if part in levels):
        filled = (kind.energy, *filled[1:])
    return {**levels, first: filled} if any(filled) else levels


def opener(sections: tuple[Stretch, ...], parts: tuple[str, ...]) -> str:
    """The chosen part that sounds on the clip's very first beat."""
    ready = [part for part in OPENERS if part in parts and sections[0].level(part) > 0]
    return ready[0]
