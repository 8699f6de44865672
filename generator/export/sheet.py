"""Where things stand on the picture of a clip, and in which colour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from generator.export.canvas import Colour
from generator.export.chart import Chart, lay_out_chart, loops
from generator.score import Score

WIDTH: Final = 1100
HEIGHT: Final = 700
"""Just not too tall: where a channel shows pictures 550 wide, it shows them at most 350 tall."""

MARGIN: Final = 28.0
LEFT: Final = 126.0
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

TEXT: Final = 23
"""The size of all small writing: at 550 points' width, half of today's, it is 11.5 high."""

_WAVE: Final = (634.0, 686.0)
_DRUM_ROW, _LOWEST_LANE, _HIGHEST_LANE = 15.0, 76.0, 132.0
_FX_LANE: Final = 26.0
_CHART_TOP: Final = 112.0
_FORM: Final = 30.0
_CALM: Final[Colour] = (92, 96, 190)
_LIVELY: Final[Colour] = (232, 84, 150)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One score laid out: bands as (top, bottom) in points, none for drums or effects where there
    are none."""

    score: Score
    chart: Chart
    form: tuple[float, float]
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
    """The sheet of ``score``; what chords and ``drum_rows`` leave free belongs to the notes."""
    chart = lay_out_chart(loops(score), MARGIN, RIGHT, _CHART_TOP)
    lane = max(_LOWEST_LANE, min(_HIGHEST_LANE, _DRUM_ROW * drum_rows)) if drum_rows else 0.0
    bottom = _WAVE[0] - (42 if drum_rows else 34) - lane
    strip = _FX_LANE if any(part.name == "fx" and part.notes for part in score.parts) else 0.0
    form = chart.bottom + 10
    return Sheet(
        score=score,
        chart=chart,
        form=(form, form + _FORM),
        roll=(form + _FORM + 4, bottom - strip),
        numbers=bottom + 23,
        drums=(bottom + 32, bottom + 32 + lane) if drum_rows else None,
        wave=_WAVE,
        fx=(bottom - strip + 4, bottom) if strip else None,
    )


def warmth(energy: float) -> Colour:
    """The colour of a section: calm blue at energy 0, rose at 1."""
    mixed = [round(a + (b - a) * energy) for a, b in zip(_CALM, _LIVELY, strict=True)]
    return mixed[0], mixed[1], mixed[2]
