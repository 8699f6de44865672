"""The plan every player reads: form, harmony, the kick and the riff. It is drawn before any part
is written.

Nothing here depends on a part's take, so writing one part anew leaves the plan, and the others,
alone."""

from __future__ import annotations

from dataclasses import dataclass

from generator.choose import chance
from generator.compose.form import Stretch, lay_out, opener
from generator.compose.harmony import Span, harmonise
from generator.compose.rhythm import REST, STEPS, by_density, in_bars
from generator.compose.riff import answers, riff
from generator.grammar import Mood
from generator.seed import Seed
from generator.spec import ClipSpec
from generator.style import Style
from generator.theory import Key


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: ``place`` counts from its section's start, ``spans`` are its chords in order,
    ``kick`` the steps of its kick, ``riff`` the bass's figure that others may double ("" for
    none); in an ``answer`` the lead is silent for somebody else."""

    index: int
    place: int
    section: Stretch
    spans: tuple[Span, ...]
    kick: str
    riff: str = ""
    answer: bool = False

    @property
    def beat(self) -> float:
        return self.index * 4.0

    @property
    def energy(self) -> float:
        """The section's energy as far as it has grown by now, 0..1."""
        grown = self.section.kind.grow * (self.place / max(1, self.section.bars - 1) - 0.5)
        return min(1.0, max(0.0, self.section.energy + grown))

    @property
    def last(self) -> bool:
        return self.place == self.section.bars - 1

    def level(self, part: str) -> float:
        """How much ``part`` plays in this bar, 0 (silent) to 1."""
        return self.section.level(part, self.place)

    def span_at(self, step: float) -> Span:
        """The chord under a step of this bar (steps past its end see its last chord)."""
        beat = self.beat + step / 4 + 1e-9
        return next((span for span in reversed(self.spans) if span.start <= beat), self.spans[0])


@dataclass(frozen=True, slots=True)
class Plan:
    """What all players share; ``opener`` is the part that must sound on the first beat."""

    style: Style
    mood: Mood
    key: Key
    seed: Seed
    bpm: int
    sections: tuple[Stretch, ...]
    spans: tuple[Span, ...]
    bars: tuple[Bar, ...]
    opener: str

    def bars_of(self, section: Stretch) -> tuple[Bar, ...]:
        return self.bars[section.start_bar : section.start_bar + section.bars]

    def after(self, span: Span) -> Span:
        """The chord after ``span``; after the last one the first, for the clip is a loop."""
        return self.spans[(span.index + 1) % len(self.spans)]

    @property
    def beats(self) -> float:
        """The clip's length."""
        return len(self.bars) * 4.0

    def beats_a_ms(self) -> float:
        return self.bpm / 60_000


def make_plan(spec: ClipSpec, style: Style, draft: int = 0) -> Plan:
    """The plan for a spec, drawn from its seed's shared streams; each ``draft`` has its own
    harmony."""
    seed, key, mood = Seed(spec.seed), Key.parse(spec.key), style.mood(spec.mood)
    sections = lay_out(spec, style, mood, seed)
    spans = harmonise(style.writing.harmony, key, spec.mood, sections, seed, draft)
    by_bar: list[list[Span]] = [[] for _ in range(spec.bars)]
    for span in spans:
        by_bar[int(span.start // 4)].append(span)
    bars: list[Bar] = []
    for section in sections:
        figure = riff(style.writing.bass, section, seed)
        answered = answers(style.writing.lead, section, seed)
        for place, kick in enumerate(_kick(style, section, seed)):
            index = section.start_bar + place
            doubled = figure[place % len(figure)] if figure else ""
            inside = tuple(by_bar[index])
            bars.append(Bar(index, place, section, inside, kick, doubled, place in answered))
    first = opener(sections, spec.parts)
    return Plan(style, mood, key, seed, spec.bpm, sections, spans, tuple(bars), first)


def _kick(style: Style, section: Stretch, seed: Seed) -> list[str]:
    """The kick in every bar of a section: a cell, its fourth bar perhaps another, its last
    perhaps gone."""
    drums = style.writing.drums
    shared = next((layer for layer in drums.layers if layer.shared), None) if drums else None
    if shared is None:
        return [REST * STEPS] * section.bars
    rng = seed.stream(f"kick {section.material}")
    level = section.usual("drums")
    first = in_bars(by_density(rng, shared.cells, level))
    other = in_bars(by_density(rng, shared.cells, level))
    bars = (first * 4)[:4]
    if chance(rng, shared.change):
        bars[3] = other[-1]
    kicks = [bars[place % 4] for place in range(section.bars)]
    if chance(seed.stream(f"breath {section.name}"), section.kind.breath):
        kicks[-1] = kicks[-1][: STEPS // 2] + REST * (STEPS // 2)
    return kicks
