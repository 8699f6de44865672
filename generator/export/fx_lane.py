"""The effects of the picture: what swells widens, what dies away narrows, a blow is a stroke, a
texture a ribbon."""

from __future__ import annotations

from typing import Final

from generator import score as gm
from generator.export.canvas import Canvas
from generator.export.sheet import COLOURS, DIM, LEFT, LIGHT, RIGHT, TEXT, Sheet
from generator.score import Note

_SLICE: Final = 3.0
_STROKE: Final = 4.0
_RIBBON: Final = 0.16


def draw_fx(canvas: Canvas, sheet: Sheet) -> None:
    """One lane; nothing where the clip has no effects."""
    if sheet.fx is None:
        return
    top, bottom = sheet.fx
    middle = (top + bottom) / 2
    canvas.box((LEFT, middle - 0.5, RIGHT, middle + 0.5), LIGHT, 0.05)
    canvas.text(LEFT - 12, middle, "fx", TEXT, DIM, anchor="rm")
    for note in sheet.score.part("fx").notes:
        _draw(canvas, sheet, note, middle, (bottom - top) / 2)


def _draw(canvas: Canvas, sheet: Sheet, note: Note, middle: float, half: float) -> None:
    """The effect, once more at the start for what crosses the clip's end."""
    end, beats = note.start + note.length, sheet.score.beats
    left = sheet.x(note.start)
    opacity = 0.35 + 0.5 * note.velocity / 127
    if note.pitch == gm.FX_HIT:
        place = (left, middle - half, left + _STROKE, middle + half)
        canvas.box(place, COLOURS["fx"], opacity, 2, glow=0.2)
        return
    for start, stop in ((note.start, min(end, beats)), (0.0, end - beats)):
        x = sheet.x(start)
        while stop > start and x < sheet.x(stop) - 1:
            right = min(x + _SLICE, sheet.x(stop) - 1)
            share = (x - sheet.x(start)) / (sheet.x(stop) - sheet.x(start))
            tall = half * _height(note.pitch, share)
            canvas.box((x, middle - tall, right, middle + tall), COLOURS["fx"], opacity)
            x += _SLICE


def _height(pitch: int, share: float) -> float:
    """How much of the lane an effect fills at ``share`` of its way, 0..1."""
    if pitch in (gm.FX_RISE, gm.FX_SWELL):
        return 0.08 + 0.92 * (share if pitch == gm.FX_RISE else share**3)
    return 0.08 + 0.92 * (1 - share) if pitch == gm.FX_FALL else _RIBBON
