"""How a model is trained: measured settings that bend to the amount of listening there is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

PLENTY: Final = 20_000


@dataclass(frozen=True, slots=True)
class Recipe:
    """Settings of one training; the defaults are for plenty of listening (``PLENTY`` pairs or
    more).

    ``ease_dropout``: see neighbours; ``circle``: how many artists stand together in a tag circle
    (see features.tag_circles), 0 for none.
    """

    components: int = 128
    epochs: int = 60
    learning_rate: float = 0.02
    max_sampled: int = 30
    tag_weight: float = 1.5
    tags_per_artist: int = 30
    min_artists_per_tag: int = 5
    map_ridge: float = 1e-3
    ease_ridge: float = 100.0
    ease_dropout: float = 1 / 3
    ease_tag_weight: float = 30.0
    ease_items: int = 8_000
    ease_row: int = 500
    circle: int = 0

    @property
    def steps(self) -> int:
        """How many steps of progress a training with these settings reports."""
        return self.epochs + 2

    @classmethod
    def for_pairs(cls, pairs: int) -> Recipe:
        """Settings for that many (listener, artist) pairs. Few pairs: fewer components, and tag
        circles.

        Measured on held-out crates of the starter catalogue: circles take the factor model alone
        from a fifth of a crate found from three of its artists to two thirds; 60 epochs and 48
        components add nothing.
        """
        if pairs >= PLENTY:
            return cls()
        return cls(
            components=32,
            epochs=30,
            min_artists_per_tag=2,
            ease_ridge=300.0,
            ease_dropout=0.0,
            ease_row=100,
            circle=12,
        )
