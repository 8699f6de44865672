"""The plan every player reads: form, harmony and the kick. It is drawn before any part is written.

Nothing here depends on a part's take, so writing one part anew leaves the plan, and the others, alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from generator.choose import turn
from generator.compose.form import Stretch, lay_out
from generator.compose.harmony import Span, harmonise
from generator.compose.rhythm import STEPS, attacks, by_density
from generator.grammar import Mood
from generator.seed import PARTS, Seed
from generator.spec import ClipSpec
from generator.style import Style
from generator.theory import Key


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: ``place`` counts from its section's start, ``spans`` are its chords in order."""

    index: int
    place: int
    section: Stretch
    spans: tuple[Span, ...]
    kick: str

    @property
    def beat(self) -> float:
        return self.index * 4.0

    @property
    def last(self) -> bool:
        return self.place == self.section.bars - 1

    def span_at(self, step: float) -> Span:
        """The chord under a step of this bar (steps past its end see its last chord)."""
        beat = self.beat + step / 4
        return next((span for span in reversed(self.spans) if span.start <= beat + 1e-9), self.spans[0])


@dataclass(frozen=True, slots=True)
class Plan:
    """What all players share."""

    style: Style
    mood: Mood
    key: Key
    seed: Seed
    bpm: int
    sections: tuple[Stretch, ...]
    bars: tuple[Bar, ...]
    opener: str

    def level(self, part: str, bar: Bar) -> float:
        """How much ``part`` plays in that bar, 0 (silent) to about 1."""
        return bar.section.levels.get(part, 0.0)

    def next_span(self, span: Span) -> Span:
        """The chord after ``span``; after the last one the first, for the clip is a loop."""
        spans = [each for bar in self.bars for each in bar.spans]
        return spans[(spans.index(span) + 1) % len(spans)]


def make_plan(spec: ClipSpec, style: Style) -> Plan:
    """The plan for a spec, drawn from its seed's shared streams."""
    seed, key, mood = Seed(spec.seed), Key.parse(spec.key), style.mood(spec.mood)
    sections = lay_out(spec, style, mood, seed)
    spans = harmonise(style.writing.harmony, key, spec.mood, sections, seed)
    bars = []
    for section in sections:
        kick = _kick(style, section, seed)
        for place in range(section.bars):
            index = section.start_bar + place
            inside = tuple(span for span in spans if span.start // 4 == index)
            bars.append(Bar(index, place, section, inside, kick[place % len(kick)]))
    opener = next(part for part in OPENERS if part in spec.parts)
    return Plan(style, mood, key, seed, spec.bpm, sections, tuple(bars), opener)


OPENERS = ("drums", "bass", "pad", "keys", "arp", "lead", *PARTS)


def _kick(style: Style, section: Stretch, seed: Seed) -> list[str]:
    """The kick's bars for a section: two that alternate, the second often the first again."""
    drums = style.writing.drums
    shared = next((layer for layer in drums.layers if layer.shared), None) if drums else None
    if shared is None:
        return ["." * STEPS]
    rng = seed.stream(f"kick {section.material}")
    level = section.levels.get("drums", section.energy)
    first = by_density(rng, shared.cells, level)
    bars = [first[at : at + STEPS] for at in range(0, len(first), STEPS)]
    if len(bars) == 1 and rng.random() < 0.5:
        second = by_density(rng, shared.cells, level)[:STEPS]
        bars = [*bars * 3, second] if rng.random() < 0.5 else [*bars, second]
    return bars
