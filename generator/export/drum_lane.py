"""The drums of the picture: a row an instrument, a stroke a hit, taller when played harder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from generator import score as gm
from generator.export.canvas import Canvas, Colour
from generator.export.sheet import DIM, LEFT, LIGHT, RIGHT, TEXT, Sheet
from generator.score import Note, Score

_FEWEST_ROWS: Final = 4
_APART: Final = 24.0
"""Points between two names."""

_BARS_OF_FULL_GLOW: Final = 8


@dataclass(frozen=True, slots=True)
class _Row:
    """Drums that share a line; ``spread`` ones stand at their own height within it, low to
    high."""

    label: str
    colour: Colour
    pitches: tuple[int, ...]
    spread: bool = False


_ROWS: Final = (
    _Row("crash", (255, 240, 206), (gm.SPLASH, gm.CRASH)),
    _Row("ride", (255, 234, 178), (gm.RIDE, gm.RIDE_BELL)),
    _Row("open hat", (255, 222, 140), (gm.OPEN_HAT,)),
    _Row("hat", (255, 208, 112), (gm.CLOSED_HAT, gm.PEDAL_HAT)),
    _Row("shaker", (240, 206, 140), (gm.SHAKER,)),
    _Row("tamb", (240, 206, 140), (gm.TAMBOURINE,)),
    _Row("cowbell", (236, 190, 120), (gm.COWBELL,)),
    _Row("agogo", (236, 190, 120), (gm.AGOGO,)),
    _Row("guiro", (226, 184, 126), (gm.GUIRO,)),
    _Row("claves", (226, 184, 126), (gm.CLAVES,)),
    _Row("bongos", (246, 160, 112), (gm.LOW_BONGO, gm.HIGH_BONGO), spread=True),
    _Row("congas", (246, 150, 104), (gm.LOW_CONGA, gm.MUTE_CONGA, gm.HIGH_CONGA), spread=True),
    _Row("toms", (255, 146, 120), (gm.LOW_TOM, gm.MID_TOM, gm.HIGH_TOM), spread=True),
    _Row("clap", (255, 170, 100), (gm.CLAP,)),
    _Row("rim", (255, 164, 92), (gm.SIDE_STICK,)),
    _Row("snare", (255, 144, 74), (gm.SNARE, gm.OTHER_SNARE)),
    _Row("kick", (255, 100, 84), (gm.KICK,)),
)


def count_rows(score: Score) -> int:
    """How many instruments are played; 0 where nobody drums."""
    return len(_rows(_hits(score)))


def draw_drums(canvas: Canvas, sheet: Sheet) -> None:
    """The rows that are played, cymbals above, kick below; nothing where nobody drums. From the
    kick up, every row has its name that has room for it."""
    if sheet.drums is None:
        return
    top, bottom = sheet.drums
    hits = _hits(sheet.score)
    rows = _rows(hits)
    height = (bottom - top) / max(len(rows), _FEWEST_ROWS)
    labelled = bottom + _APART
    for number, row in enumerate(reversed(rows)):
        y = bottom - (number + 0.5) * height
        canvas.box((LEFT, y - 0.5, RIGHT, y + 0.5), LIGHT, 0.05)
        if labelled - y >= _APART:
            canvas.text(LEFT - 12, y, row.label, TEXT, DIM, anchor="rm")
            labelled = y
        for note in hits:
            if note.pitch in row.pitches:
                _stroke(canvas, sheet, note, row, (y, height))


def _hits(score: Score) -> tuple[Note, ...]:
    return next((part.notes for part in score.parts if part.name == "drums"), ())


def _rows(hits: tuple[Note, ...]) -> list[_Row]:
    used = {note.pitch for note in hits}
    return [row for row in _ROWS if used.intersection(row.pitches)]


def _stroke(
    canvas: Canvas, sheet: Sheet, note: Note, row: _Row, place: tuple[float, float]
) -> None:
    y, height = place
    strength = note.velocity / 127
    x = sheet.x(note.start)
    half = height * (0.14 + 0.3 * strength)
    if row.spread:
        half *= 0.7
        middle = (len(row.pitches) - 1) / 2
        y += (middle - row.pitches.index(note.pitch)) * height * 0.24
    glow = 0.26 * strength * min(1.0, _BARS_OF_FULL_GLOW / sheet.score.bars)
    width = 4.0 if sheet.score.bars <= 16 else 2.5
    canvas.box((x, y - half, x + width, y + half), row.colour, 0.4 + 0.6 * strength, 2, glow)
