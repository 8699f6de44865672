"""Which touches share one rendering: those that agree in all that can be heard, turn by turn."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from generator.synth.stage import Touch

ROUND_ROBIN: Final = 2
GRADES: Final = 6
SHADES: Final = 3


class Take(NamedTuple):
    """What decides the samples of a touch. ``hardness`` comes in sixths, ``octaves`` in thirds, and
    ``turn`` alternates, so that a repeated note is not the same sample again."""

    pitches: tuple[int, ...]
    gate: int
    hardness: float
    octaves: float
    turn: int


def gather(touches: Iterable[Touch], turns: int = ROUND_ROBIN) -> dict[Take, list[Touch]]:
    """The touches of each take, in order of first use."""
    uses: dict[Take, list[Touch]] = {}
    counts: dict[tuple[tuple[int, ...], int, float, float], int] = {}
    for touch in touches:
        hardness = round(touch.hardness * GRADES) / GRADES
        octaves = round(touch.octaves * SHADES) / SHADES
        same = (touch.pitches, touch.gate, hardness, octaves)
        counts[same] = turn = counts.get(same, -1) + 1
        uses.setdefault(Take(*same, turn % turns), []).append(touch)
    return uses
