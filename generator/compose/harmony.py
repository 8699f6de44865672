"""Harmony: a progression for each section's material, coloured, laid over its bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from generator.choose import chance, weighted
from generator.compose.form import Stretch
from generator.grammar import HarmonyTable, Progression
from generator.score import Chord
from generator.seed import Seed
from generator.theory import Harmony, Key, harmony, over


@dataclass(frozen=True, slots=True)
class Span:
    """A chord and the beats it sounds."""

    start: float
    length: float
    chord: Harmony

    @property
    def end(self) -> float:
        return self.start + self.length

    def as_chord(self) -> Chord:
        return Chord(self.start, self.length, self.chord.root, self.chord.tones, self.chord.symbol)


def harmonise(
    table: HarmonyTable, key: Key, mood: str, sections: Sequence[Stretch], seed: Seed
) -> tuple[Span, ...]:
    """The chords of the whole clip, each within one bar, in order."""
    loops: dict[str, list[list[Harmony]]] = {}
    taken: set[str] = set()
    for section in sections:
        if section.material not in loops:
            loops[section.material] = _loop(table, key, mood, section.material, seed, taken)
    return tuple(span for section in sections for span in _spans(section, loops[section.material]))


def _loop(
    table: HarmonyTable, key: Key, mood: str, material: str, seed: Seed, taken: set[str]
) -> list[list[Harmony]]:
    rng = seed.stream(f"harmony {material}")
    options = [each for each in table.progressions if each.mode == key.mode]
    fitting = [each for each in options if each.section in ("", material)]
    fresh = [each for each in fitting if each.chords not in taken] or fitting
    chosen = weighted(rng, fresh, [_suits(each, mood, material) for each in fresh])
    taken.add(chosen.chords)
    pedal = chance(rng, table.pedal)
    colours, weights = list(table.colours) or ["none"], list(table.colours.values()) or [1.0]
    bars: list[list[Harmony]] = []
    for bar in chosen.bars:
        chords = [harmony(key, _coloured(roman, weighted(rng, colours, weights), key)) for roman in bar]
        bars.append([over(chord, key, key.tonic) if pedal else chord for chord in chords])
    return bars


def _suits(progression: Progression, mood: str, material: str) -> float:
    """A progression of this mood is far likelier than a neutral one, one of other moods unlikely."""
    fits = 1.0 if not progression.moods else 4.0 if mood in progression.moods else 0.15
    return progression.weight * fits * (3.0 if progression.section == material else 1.0)


def _coloured(roman: str, colour: str, key: Key) -> str:
    """A plain triad's numeral with a colour from inside the key; others stay as written."""
    if colour == "none" or not roman.isalpha() or not set(roman) <= set("IViv"):
        return roman
    plain = harmony(key, roman)
    if colour in {"seventh", "ninth"}:
        seventh = key.scale[(plain.degree + 6) % 7]
        major = (seventh - plain.root) % 12 == 11
        ninth = (key.scale[(plain.degree + 1) % 7] - plain.root) % 12 == 2
        number = "9" if colour == "ninth" and ninth else "7"
        return roman + ("maj" if major and roman.isupper() else "") + number
    second = (key.scale[(plain.degree + 1) % 7] - plain.root) % 12 == 2
    fourth = (key.scale[(plain.degree + 3) % 7] - plain.root) % 12 == 5
    return roman + colour if (fourth if colour == "sus4" else second) else roman


def _spans(section: Stretch, loop: list[list[Harmony]]) -> list[Span]:
    spans = []
    for place in range(section.bars):
        chords = loop[place % len(loop)]
        length = 4.0 / len(chords)
        start = (section.start_bar + place) * 4.0
        spans += [Span(start + at * length, length, chord) for at, chord in enumerate(chords)]
    return spans
