"""Form: which sections a clip has, how long, how strong, and who plays in each."""

from __future__ import annotations

import re
from dataclasses import dataclass

from generator.grammar import Mood
from generator.seed import Seed
from generator.spec import ClipSpec
from generator.style import Style

SECTION_TEXT = re.compile(r"([A-Za-z]+)('*)(\d+)")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A section of the clip: ``material`` names what it plays (A for A and A'), ``varied`` counts the
    marks, ``levels`` says how much each part plays, ``fill`` how much of its last bar is a fill."""

    name: str
    material: str
    varied: int
    start_bar: int
    bars: int
    energy: float
    levels: dict[str, float]
    fill: float
    crash: bool


def read_plan(text: str) -> list[tuple[str, int, int]]:
    """(section, marks, bars) of each word in "A4 A'4 B8"; ValueError for other words."""
    found = []
    for word in text.split():
        match = SECTION_TEXT.fullmatch(word)
        if match is None:
            raise ValueError(f"{word!r} in form {text!r} does not read like A4 or A'4.")
        found.append((match.group(1), len(match.group(2)), int(match.group(3))))
    return found


def lay_out(spec: ClipSpec, style: Style, mood: Mood, seed: Seed) -> tuple[Stretch, ...]:
    """The clip's sections, from one of the style's plans for its number of bars."""
    form = style.writing.form
    rng = seed.stream("form")
    plan = read_plan(str(rng.choice(form.plans[str(spec.bars)])))
    sections, start = [], 0
    for name, marks, bars in plan:
        kind = form.sections[name + "'" * marks] if name + "'" * marks in form.sections else form.sections[name]
        swell = float(rng.normal(0.0, 0.05))
        levels = {
            part: min(1.0, max(0.05, (level + mood.energy + swell) * mood.density))
            for part, level in kind.play.items()
            if part in style.parts
        }
        if not set(levels) & set(spec.parts):
            levels |= dict.fromkeys(spec.parts, kind.energy)
        sections.append(
            Stretch(
                name=name + "'" * marks,
                material=kind.borrows or name,
                varied=marks,
                start_bar=start,
                bars=bars,
                energy=min(1.0, max(0.05, kind.energy + mood.energy + swell)),
                levels=levels,
                fill=kind.fill,
                crash=kind.crash,
            )
        )
        start += bars
    return tuple(sections)
