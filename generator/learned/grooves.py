"""How drummers play: hits, timing and touch on every sixteenth, by family (Groove MIDI Dataset).

Timing counts from the family's own kick, because here the kick keeps the grid.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np

from generator import score
from generator.learned.model import Floats
from generator.learned.tables import read_json

TABLE: Final = "grooves.json"
CLASSES: Final = ("kick", "snare", "ghost", "hat", "open", "ride", "tom", "crash")
STEPS: Final = 16
SPREAD_SHARE: Final = 0.4
"""How much of the measured spread of timing is played: the rest is between drummers, not within
one."""
FURTHEST_MS: Final = 35.0
ACCENT_RANGE: Final = (0.6, 1.3)

CLASS_OF: Final = {
    score.KICK: "kick", score.SNARE: "snare", score.CLAP: "snare", score.SIDE_STICK: "snare",
    40: "snare", score.CLOSED_HAT: "hat", score.PEDAL_HAT: "hat", score.TAMBOURINE: "hat",
    score.SHAKER: "hat", score.OPEN_HAT: "open", score.RIDE: "ride", score.COWBELL: "ride",
    score.CRASH: "crash",
}  # fmt: skip
"""Whose habits a drum follows; every other percussion key follows the toms."""


@dataclass(frozen=True, slots=True)
class Groove:
    """A family's habits, each of shape (8 classes, 16 sixteenths): ``hit`` the chance of a stroke,
    ``late_ms`` its mean distance behind the kick's grid, ``spread_ms`` the standard deviation of
    that, ``accent`` its mean velocity over the class's own. ``bars`` were heard, a share
    ``swung`` of them with swing, which is taken out of the timing."""

    bars: int
    swung: float
    hit: Floats
    late_ms: Floats
    spread_ms: Floats
    accent: Floats

    def late(self, drum: str, step: int, wander: float) -> float:
        """Milliseconds a stroke of that class on that sixteenth comes late; ``wander`` is a
        normal draw."""
        at = CLASSES.index(drum), step % STEPS
        drift = float(self.late_ms[at] + SPREAD_SHARE * self.spread_ms[at] * wander)
        return max(-FURTHEST_MS, min(FURTHEST_MS, drift))

    def touch(self, drum: str, step: int) -> float:
        """What that sixteenth does to the velocity of a stroke, as a factor around 1."""
        low, high = ACCENT_RANGE
        return max(low, min(high, float(self.accent[CLASSES.index(drum), step % STEPS])))

    def strokes(self, drum: str, rng: np.random.Generator, amount: float = 1.0) -> frozenset[int]:
        """The sixteenths of a bar on which this family might hit that class, each drawn by its
        own chance times ``amount``."""
        chances = self.hit[CLASSES.index(drum)] * amount
        return frozenset(int(at) for at in np.flatnonzero(rng.random(STEPS) < chances))


def drum_class(pitch: int, *, ghost: bool = False) -> str:
    """The class of a General MIDI percussion key; a soft stroke of the snare is a ghost."""
    name = CLASS_OF.get(pitch, "tom")
    return "ghost" if ghost and name == "snare" else name


@cache
def groove(family: str) -> Groove:
    """What was learned of a family (`generator.learned.FAMILIES`); KeyError for another."""
    row = _families()[family]
    tables = {
        name: np.array(row[name], dtype=np.float64)
        for name in ("hit", "late_ms", "spread_ms", "accent")
    }
    return Groove(bars=row["bars"], swung=row["swung"], **tables)


@cache
def _families() -> dict[str, Any]:
    families: dict[str, Any] = read_json(TABLE)["families"]
    return families
