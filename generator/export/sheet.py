"""Where things stand on the picture of a clip, and in which colour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from generator.export.canvas import Colour
from generator.score import Score

WIDTH: Final = 1200
HEIGHT: Final = 675
MARGIN: Final = 30.0
LEFT: Final = 116.0
RIGHT: Final = WIDTH - MARGIN

WHITE: Final[Colour] = (246, 246, 252)
INK: Final[Colour] = (192, 196, 214)
DIM: Final[Colour] = (132, 137, 160)
LIGHT: Final[Colour] = (255, 255, 255)
SHADE: Final[Colour] = (0, 0, 0)
SKY: Final[Colour] = (19, 20, 36)
GROUND: Final[Colour] = (8, 9, 16)

COLOURS: Final[dict[str, Colour]] = {
    "drums": (255, 178, 91), "bass": (158, 112, 255), "pad": (74, 122, 245), "arp": (48, 214, 200),
    "lead": (255, 86, 142), "keys": (255, 214, 102), "fx": (150, 158, 184), "vocal": (255, 140, 96),
}  # fmt: skip
"""Each part's colour, the same in every style."""

_WAVE: Final = (590.0, 656.0)
_DRUM_ROW, _LOWEST_LANE, _HIGHEST_LANE = 16.0, 84.0, 152.0
_FX_LANE: Final = 26.0
_CALM: Final[Colour] = (92, 96, 190)
_LIVELY: Final[Colour] = (232, 84, 150)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One score laid out: bands as (top, bottom) in points, none for drums or effects where there
    are none."""

    score: Score
    form: tuple[float, float]
    chords: float
    roll: tuple[float, float]
    numbers: float
    drums: tuple[float, float] | None
    wave: tuple[float, float]
    fx: tuple[float, float] | None = None

    def x(self, beat: float) -> float:
        """Where ``beat`` stands."""
        return LEFT + (RIGHT - LEFT) * beat / self.score.beats

    def bar(self, number: int) -> float:
        """Where bar ``number`` (from 0) begins."""
        return self.x(number * self.score.beats_per_bar)


def lay_out(score: Score, drum_rows: int) -> Sheet:
    """The sheet of ``score``; what ``drum_rows`` leave free belongs to the notes."""
    lane = max(_LOWEST_LANE, min(_HIGHEST_LANE, _DRUM_ROW * drum_rows)) if drum_rows else 0.0
    bottom = _WAVE[0] - 42 - lane
    strip = _FX_LANE if any(part.name == "fx" and part.notes for part in score.parts) else 0.0
    return Sheet(
        score=score,
        form=(116.0, 142.0),
        chords=168.0,
        roll=(180.0, bottom - strip),
        numbers=bottom + 21,
        drums=(bottom + 30, bottom + 30 + lane) if drum_rows else None,
        wave=_WAVE,
        fx=(bottom - strip + 4, bottom) if strip else None,
    )


def warmth(energy: float) -> Colour:
    """The colour of a section: calm blue at energy 0, rose at 1."""
    mixed = [round(a + (b - a) * energy) for a, b in zip(_CALM, _LIVELY, strict=True)]
    return mixed[0], mixed[1], mixed[2]
