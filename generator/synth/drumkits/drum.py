"""One drum of a kit."""

from __future__ import annotations

from typing import Final, NamedTuple

from generator.synth.drums import Recipe

ROUND_ROBIN: Final = 3


class Drum(NamedTuple):
    """A drum of a kit: the name styles tune it by, its recipe, its level in dB, how many ``takes``
    of each layer there are, and whether each is also played with its sides exchanged."""

    name: str
    recipe: Recipe
    level: float
    takes: int = ROUND_ROBIN
    mirrored: bool = False


Drums = dict[int, Drum]
"""By General MIDI key."""
