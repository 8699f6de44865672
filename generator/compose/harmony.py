"""Harmony: a progression for each section's material, coloured, laid over its bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from generator.choose import chance, weighted
from generator.compose.form import Stretch
from generator.compose.tonality import clarity
from generator.grammar import HarmonyTable, Progression
from generator.learned.chords import SHAPE_BARS, roman, songbook
from generator.score import Chord
from generator.seed import Seed
from generator.theory import Harmony, Key, harmony, over

ATTEMPTS: Final = 6
BASS_SHARE: Final = 0.4
"""How long the bass sounds against a voice of the chords."""

CLEAR: Final = 0.06
"""The margin of `clarity` of the bare chords from which the finished clips say their key."""

MINOR_SEVENTH: Final = 10
RICH: Final = 0.5
"""The share of sevenths and ninths among a style's colours from which triads are too plain."""

LONG_LOOPS: Final = 0.4
"""How many of the learned progressions last eight bars, where the section does."""

Numerals = tuple[tuple[str, ...], ...]
"""Roman numerals bar by bar."""

Loop = list[list[Harmony]]
"""The chords of some bars, bar by bar; the chords of one bar share it equally."""


@dataclass(frozen=True, slots=True)
class Span:
    """A chord and the beats it sounds; ``index`` counts the clip's chords."""

    index: int
    start: float
    length: float
    chord: Harmony

    def as_chord(self) -> Chord:
        return Chord(self.start, self.length, self.chord.root, self.chord.tones, self.chord.symbol)


def harmonise(
    table: HarmonyTable,
    key: Key,
    mood: str,
    sections: Sequence[Stretch],
    seed: Seed,
    draft: int = 0,
) -> tuple[Span, ...]:
    """The chords of the whole clip, each within one bar, in order; every ``draft`` has others.

    Of a few draws it takes the first that says its key clearly, or the clearest.
    """
    draws = []
    for attempt in range(draft * ATTEMPTS, (draft + 1) * ATTEMPTS):
        spans = _laid_out(
            table, key, sections, seed, _draw(table, key, mood, sections, seed, attempt)
        )
        draws.append((clarity(_tone_weights(spans), key), spans))
        if draws[-1][0] >= CLEAR:
            break
    return max(draws, key=lambda draw: min(draw[0], CLEAR))[1]


def _draw(
    table: HarmonyTable, key: Key, mood: str, sections: Sequence[Stretch], seed: Seed, attempt: int
) -> dict[str, Loop]:
    """A loop for every material of the form."""
    loops: dict[str, Loop] = {}
    taken: set[str] = set()
    for section in sections:
        if section.material not in loops:
            rng = seed.stream(f"harmony {section.material} {attempt}")
            loops[section.material] = _loop(table, key, mood, section, rng, taken)
    return loops


def _laid_out(
    table: HarmonyTable, key: Key, sections: Sequence[Stretch], seed: Seed, loops: dict[str, Loop]
) -> tuple[Span, ...]:
    """The loops over the sections' bars, repeated sections perhaps with a turnaround."""
    spans: list[Span] = []
    for section in sections:
        loop = loops[section.material]
        bars = [loop[place % len(loop)] for place in range(section.bars)]
        if section.varied:
            bars[-1] = _turned(table, key, bars[-1], section, seed)
        for place, chords in enumerate(bars):
            length = 4.0 / len(chords)
            start = (section.start_bar + place) * 4.0
            spans += [
                Span(len(spans) + at, start + at * length, length, chord)
                for at, chord in enumerate(chords)
            ]
    return tuple(spans)


def _tone_weights(spans: Sequence[Span]) -> npt.NDArray[np.float64]:
    """How long each pitch class sounds when every chord is played whole over its bass."""
    weights = np.zeros(12)
    for span in spans:
        weights[list(span.chord.tones)] += span.length
        weights[span.chord.bass] += BASS_SHARE * span.length
    return weights


def _loop(
    table: HarmonyTable,
    key: Key,
    mood: str,
    section: Stretch,
    rng: np.random.Generator,
    taken: set[str],
) -> Loop:
    bars = _heard(table, key, mood, section, rng, taken)
    if bars is None:
        bars = _written(table, key, mood, section, rng, taken)
    taken.add(_text(bars))
    pedal = chance(rng, table.pedal)
    colours = {"none": 1.0} | table.colours
    names, weights = list(colours), list(colours.values())
    loop: Loop = []
    for bar in bars:
        chords = [
            harmony(key, coloured(roman, weighted(rng, names, weights), key)) for roman in bar
        ]
        loop.append([over(chord, key, key.tonic) if pedal else chord for chord in chords])
    return loop


def _written(
    table: HarmonyTable,
    key: Key,
    mood: str,
    section: Stretch,
    rng: np.random.Generator,
    taken: set[str],
) -> Numerals:
    """One of the style's own progressions."""
    options = [each for each in table.progressions if each.mode == key.mode]
    fitting = [each for each in options if each.section in ("", section.material)]
    short = [each for each in fitting if len(each.bars) <= section.bars] or fitting
    fresh = [each for each in short if _text(each.bars) not in taken] or short
    return weighted(rng, fresh, [_suits(each, mood, section.material) for each in fresh]).bars


def _heard(
    table: HarmonyTable,
    key: Key,
    mood: str,
    section: Stretch,
    rng: np.random.Generator,
    taken: set[str],
) -> Numerals | None:
    """A progression such as songs have, that says its key; None when it is not its turn, when the
    section is too short for one, or when no draft is clear."""
    if not table.learned or section.bars < SHAPE_BARS or not chance(rng, table.learned):
        return None
    long = section.bars >= 2 * SHAPE_BARS and chance(rng, LONG_LOOPS)
    for _ in range(ATTEMPTS):
        loop = songbook().draw(key.mode, mood, SHAPE_BARS * (1 + long), rng)
        bars = tuple(
            tuple(_rich(roman(token, key.mode), table, key) for token in bar) for bar in loop
        )
        if _text(bars) not in taken and clarity(_weights_of(bars, key), key) >= CLEAR:
            return bars
    return None


def _rich(numeral: str, table: HarmonyTable, key: Key) -> str:
    """The numeral with a seventh, where the style's chords mostly have one: songs have more
    triads."""
    colours = {"none": 1.0} | table.colours
    fuller = colours.get("seventh", 0.0) + colours.get("ninth", 0.0)
    if fuller < RICH * sum(colours.values()):
        return numeral
    if numeral.endswith("dim"):
        return numeral.removesuffix("dim") + "m7b5"
    if numeral.endswith("sus4"):
        chord = harmony(key, numeral)
        inside = (chord.root + MINOR_SEVENTH) % 12 in key.scale
        return numeral.removesuffix("sus4") + ("7sus4" if inside else "sus4")
    return coloured(numeral, "seventh", key)


def _weights_of(bars: Numerals, key: Key) -> npt.NDArray[np.float64]:
    """The tone weights of numerals, whole bars shared equally."""
    spans = [Span(0, 0.0, 4.0 / len(bar), harmony(key, numeral)) for bar in bars for numeral in bar]
    return _tone_weights(spans)


def _text(bars: Numerals) -> str:
    return " | ".join(" ".join(bar) for bar in bars)


def _suits(progression: Progression, mood: str, material: str) -> float:
    """A progression of this mood is likelier than a neutral one, one of other moods unlikely."""
    fits = 1.0 if not progression.moods else 2.0 if mood in progression.moods else 0.15
    return progression.weight * fits * (3.0 if progression.section == material else 1.0)


def _turned(
    table: HarmonyTable, key: Key, bar: list[Harmony], section: Stretch, seed: Seed
) -> list[Harmony]:
    """The section's last bar, perhaps with a turnaround as its second half."""
    rng = seed.stream(f"turnaround {section.name}")
    numerals = table.turnarounds.get(key.mode, ())
    if not numerals or len(bar) > 1 or not chance(rng, table.turn):
        return bar
    chord = harmony(key, str(rng.choice(numerals)))
    return bar if chord.root == bar[0].root else [bar[0], chord]


def coloured(roman: str, colour: str, key: Key) -> str:
    """A plain triad's numeral with a colour from inside the key; others stay as written."""
    if colour == "none" or not set(roman) <= set("IViv"):
        return roman
    plain = harmony(key, roman)
    above = [(key.scale[(plain.degree + step) % 7] - plain.root) % 12 for step in range(7)]
    if colour in {"seventh", "ninth"}:
        number = "9" if colour == "ninth" and above[1] == 2 else "7"
        return roman + ("maj" if above[6] == 11 and roman.isupper() else "") + number
    inside = above[3] == 5 if colour == "sus4" else above[1] == 2
    return roman + colour if inside else roman
