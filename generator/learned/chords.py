"""Chord progressions as songs have them: a chain of chords for either mode, from McGill Billboard.

A chord is a root above the tonic (0..11 semitones) and one of seven qualities; its token counts
roots first: ``root * 7 + quality``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any, Final

import numpy as np

from generator.choose import weighted
from generator.learned.model import Chain, Floats
from generator.learned.tables import read_json
from generator.theory import Mode

TABLE: Final = "chords.json"
QUALITIES: Final = ("maj", "min", "7", "maj7", "min7", "sus4", "dim")
TOKENS: Final = 12 * len(QUALITIES)
SHAPE_BARS: Final = 4
DRAFTS: Final = 12
FEWEST_ROOTS: Final = 3
DULL: Final = 0.05
"""What a loop of fewer roots is worth: songs have many, but with words over them."""
SHARPNESS: Final = 1.25
"""A little above 1: what songs seldom do, a loop of four bars does more seldom still."""

ROOTS: Final[dict[Mode, tuple[str, ...]]] = {
    "major": ("I", "bII", "II", "bIII", "III", "IV", "#IV", "V", "bVI", "VI", "bVII", "VII"),
    "minor": ("I", "bII", "II", "III", "#III", "IV", "#IV", "V", "VI", "#VI", "VII", "#VII"),
}
SUFFIXES: Final = {
    "maj": "", "min": "", "7": "7", "maj7": "maj7", "min7": "7", "sus4": "sus4", "dim": "dim",
}  # fmt: skip
LOWER: Final = {"min", "min7", "dim"}

Loop = tuple[tuple[int, ...], ...]
"""Tokens bar by bar; the chords of a bar share it equally."""


@dataclass(frozen=True, slots=True)
class Songbook:
    """``chains`` of changes of chord and ``openings`` of phrases by mode; ``shapes`` weighs what
    happens to the harmony in four bars, a letter each: 1 a new chord, 2 two chords, ``=`` the
    chord stays; ``moods`` says how much likelier each token is under a mood, by mode, shape
    (84,)."""

    chains: dict[str, Chain]
    openings: dict[str, Chain]
    shapes: dict[str, int]
    moods: dict[str, dict[str, Floats]]

    def draw(self, mode: Mode, mood: str, bars: int, rng: np.random.Generator) -> Loop:
        """A progression of ``bars`` bars (a multiple of 4) that begins as phrases do and leads
        back to its beginning.

        Of a few drafts, the likelier one the better its last chord leads to its first."""
        drafts = [self._draft(mode, mood, bars, rng) for _ in range(DRAFTS)]
        return weighted(rng, drafts, [self._merit(mode, draft) for draft in drafts])

    def _draft(self, mode: Mode, mood: str, bars: int, rng: np.random.Generator) -> Loop:
        names, weights = list(self.shapes), list(self.shapes.values())
        shape = "".join(weighted(rng, names, weights) for _ in range(bars // SHAPE_BARS))
        tilt = self.moods[mood][mode] if mood in self.moods else np.ones(TOKENS)
        line: list[int] = []
        loop: list[tuple[int, ...]] = []
        for letter in shape:
            count = 0 if letter == "=" and line else 2 if letter == "2" else 1
            for _ in range(count):
                line.append(self._next(mode, line, tilt, rng))
            loop.append(tuple(line[-count:]) if count else (line[-1],))
        return tuple(loop)

    def _next(self, mode: Mode, line: Sequence[int], tilt: Floats, rng: np.random.Generator) -> int:
        chain = self.chains[mode] if line else self.openings[mode]
        chances = chain.probabilities(chain.context(line)) ** SHARPNESS * tilt
        if line:
            chances[line[-1]] = 0.0
        return weighted(rng, range(TOKENS), chances.tolist())

    def _merit(self, mode: Mode, loop: Loop) -> float:
        """How likely its last chord other than its first leads to the first, less for few
        roots."""
        line = [token for bar in loop for token in bar]
        changes = [line[0]] + [b for a, b in pairwise(line) if a != b]
        while len(changes) > 1 and changes[-1] == line[0]:
            changes.pop()
        chain = self.chains[mode]
        closure = float(chain.probabilities(chain.context(changes))[line[0]])
        roots = {token // len(QUALITIES) for token in line}
        return closure * (1.0 if len(roots) >= FEWEST_ROOTS else DULL)


def roman(token: int, mode: Mode) -> str:
    """The numeral of a chord token, as `generator.theory.harmony` reads it."""
    root, quality = divmod(token, len(QUALITIES))
    name = QUALITIES[quality]
    numeral = ROOTS[mode][root]
    return (numeral.lower() if name in LOWER else numeral) + SUFFIXES[name]


@cache
def songbook() -> Songbook:
    """The shipped statistics."""
    document: dict[str, Any] = read_json(TABLE)
    return Songbook(
        {mode: Chain.from_json(row) for mode, row in document["chains"].items()},
        {mode: Chain.from_json(row) for mode, row in document["openings"].items()},
        document["shapes"],
        {
            mood: {mode: np.array(row) for mode, row in modes.items()}
            for mood, modes in document["moods"].items()
        },
    )
