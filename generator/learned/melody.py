"""Melodic habits of sung songs (POP909): which step follows which, where in the bar, how likely on
a tone of the chord; which time passes between two notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from generator.learned.model import Chain, Floats
from generator.learned.tables import read_json

TABLE: Final = "melody.json"
REACH: Final = 7
MOVES: Final = 2 * REACH + 1
"""Tokens of moves in scale steps: -7..7 become 0..14, wider ones the nearest of these."""
GAPS: Final = 16
"""Tokens of times between attacks: 1..16 sixteenths become 0..15, longer ones 15."""
PLACES: Final = 5
"""Classes of metric places: see `place_class`."""
SIZES: Final = 4
"""Classes of moves by size: see `size_class`."""
RAREST: Final = 1 / 7
"""The least share of tones, or of others, among the steps around: one in an octave."""


def move_token(move: int) -> int:
    """The token of a move by so many scale steps."""
    return min(max(move, -REACH), REACH) + REACH


def gap_token(sixteenths: int) -> int:
    """The token of a time between two attacks."""
    return min(max(sixteenths, 1), GAPS) - 1


def size_class(move: int) -> int:
    """0 for a repeated note, 1 a step, 2 a third, 3 wider."""
    return min(abs(move), SIZES - 1)


def place_class(step: int) -> int:
    """What kind of place a sixteenth of the bar is: 0 its beginning, 1 its middle, 2 another beat,
    3 between two beats, 4 the sixteenths beside."""
    step %= 16
    if step % 8 == 0:
        return step // 8
    return 2 if step % 4 == 0 else 3 if step % 2 == 0 else 4


@dataclass(frozen=True, slots=True)
class Habits:
    """``moves`` is a chain of `move_token` placed by `place_class`, ``gaps`` one of `gap_token`
    placed by the sixteenth of the bar; ``tones[place][size]`` is the share of notes there, after
    such a move, that belong to their chord."""

    moves: Chain
    gaps: Chain
    tones: tuple[tuple[float, ...], ...]

    def of_moves(
        self, lowest: int, step: int, before: Sequence[int], tones: npt.NDArray[np.bool_]
    ) -> Floats:
        """How likely singers take each move (scale steps) from ``lowest`` upwards to a note on
        that sixteenth.

        ``before`` are the line's earlier moves, ``tones`` says of each move whether it leads to a
        tone of the chord. Shape of ``tones``, sums to 1. The chain's chance of a move times how
        much likelier a note there is a tone (or none) than any step around: Bayes' rule, move and
        chord taken as independent given the place."""
        place = place_class(step)
        history = [move_token(move) for move in before[-self.moves.order :]]
        chances = self.moves.probabilities(self.moves.context(history, place))
        tokens = np.arange(lowest + REACH, lowest + REACH + len(tones)).clip(0, MOVES - 1)
        own = self._tone_shares(place)[tokens]
        share = min(max(float(tones.mean()), RAREST), 1.0 - RAREST)
        likely = chances[tokens] * np.where(tones, own / share, (1.0 - own) / (1.0 - share))
        shares: Floats = likely / likely.sum()
        return shares

    def _tone_shares(self, place: int) -> Floats:
        """The share of chord tones after each token of a move, shape (15,)."""
        return _spread(self.tones[place])

    def of_rhythm(self, gaps: Sequence[int], first: int) -> float:
        """Bits a note that a rhythm costs, from its times between attacks (sixteenths) and the
        sixteenth of the bar where it begins: the fewer, the more like what is sung."""
        places = [first % 16]
        for gap in gaps[:-1]:
            places.append((places[-1] + gap) % 16)
        costs = self.gaps.bits([gap_token(gap) for gap in gaps], places)
        return sum(costs) / max(1, len(costs))

    def as_json(self) -> dict[str, Any]:
        return {"moves": self.moves.as_json(), "gaps": self.gaps.as_json(), "tones": self.tones}

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Habits:
        """The habits that `as_json` wrote."""
        return cls(
            Chain.from_json(document["moves"]),
            Chain.from_json(document["gaps"]),
            tuple(map(tuple, document["tones"])),
        )


@cache
def _spread(shares: tuple[float, ...]) -> Floats:
    return np.array([shares[size_class(token - REACH)] for token in range(MOVES)])


@cache
def sung() -> Habits:
    """The shipped habits."""
    return Habits.from_json(read_json(TABLE))
