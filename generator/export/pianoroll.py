"""The picture of a clip: form, chords, every note in its part's colour, drums, the sound itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from generator.export.canvas import Canvas, text_width
from generator.export.chart import AGAIN, LABEL, Chart
from generator.export.drum_lane import count_rows, draw_drums
from generator.export.fx_lane import draw_fx
from generator.export.provenance import tags
from generator.export.sheet import (
    COLOURS,
    DIM,
    GROUND,
    HEIGHT,
    INK,
    LEFT,
    LIGHT,
    MARGIN,
    RIGHT,
    SHADE,
    SKY,
    TEXT,
    WHITE,
    WIDTH,
    Sheet,
    lay_out,
    warmth,
)
from generator.export.waveform import waveform
from generator.score import Note, Section

if TYPE_CHECKING:
    from generator.clip import Clip

_LANES: Final = {"drums", "fx"}
_BACK_TO_FRONT: Final = ("pad", "bass", "arp", "keys", "vocal", "lead")
_FEWEST_PITCHES: Final = 30
_BLACK_KEYS: Final = {1, 3, 6, 8, 10}
_THINNEST: Final = 6.0
_INSET: Final = 4.0
_PRESENCE: Final = {"pad": 0.72, "bass": 0.95}
_BARS_OF_FULL_GLOW: Final = 16


def draw(clip: Clip) -> bytes:
    """A PNG of 1100 x 700; the same clip gives the same bytes."""
    canvas = Canvas(WIDTH, HEIGHT, SKY, GROUND)
    sheet = lay_out(clip.score, count_rows(clip.score))
    _title(canvas, clip)
    _legend(canvas, clip)
    _form(canvas, sheet)
    _chart(canvas, sheet.chart)
    _roll(canvas, sheet)
    _bar_lines(canvas, sheet)
    draw_drums(canvas, sheet)
    draw_fx(canvas, sheet)
    top, bottom = sheet.wave
    canvas.paste(waveform(clip.audio, round(RIGHT - LEFT) * 2, round(bottom - top) * 2), LEFT, top)
    return canvas.png(tags(clip)["comment"])


def _title(canvas: Canvas, clip: Clip) -> None:
    spec = clip.spec
    canvas.text(MARGIN, 54, clip.style_name, 42, WHITE, bold=True)
    facts = f"{spec.key}  ·  {spec.bpm} bpm  ·  {spec.mood}"
    canvas.text(RIGHT, 50, facts, 26, INK, anchor="rs")


def _legend(canvas: Canvas, clip: Clip) -> None:
    x = MARGIN
    for part in clip.score.parts:
        canvas.box((x, 79, x + 15, 94), COLOURS[part.name], radius=4, glow=0.5)
        canvas.text(x + 22, 95, part.name, TEXT, INK)
        x += text_width(part.name, TEXT) + 42
    canvas.text(RIGHT, 95, f"seed {clip.spec.seed}", TEXT, INK, anchor="rs")


def _form(canvas: Canvas, sheet: Sheet) -> None:
    top, bottom = sheet.form
    roll_top, roll_bottom = sheet.roll
    for section in sheet.score.sections:
        left = sheet.bar(section.start_bar) + 1
        right = sheet.bar(section.start_bar + section.bars) - 2
        colour = warmth(section.energy)
        canvas.box((left, top, right, bottom), colour, _tint(section), 6)
        canvas.box((left, roll_top, right, roll_bottom), colour, 0.03 + 0.05 * section.energy)
        free = right - left - text_width(section.name, TEXT)
        if free >= 2:
            inset = min(10.0, free / 2)
            canvas.text(left + inset, (top + bottom) / 2, section.name, TEXT, WHITE, anchor="lm")


def _tint(section: Section) -> float:
    return 0.2 + 0.3 * section.energy


def _chart(canvas: Canvas, chart: Chart) -> None:
    """The lead sheet: names in their sections' colours, chords between bar lines."""
    for chip in chart.chips:
        left, top, _, bottom = chip.box
        canvas.box(chip.box, warmth(chip.section.energy), _tint(chip.section), 6)
        canvas.text(left + 10, (top + bottom) / 2, chip.name, LABEL, WHITE, anchor="lm")
    for row in chart.rows:
        top, bottom = row.band[0] + 5, row.band[1] - 5
        for x in row.lines:
            canvas.box((x - 0.75, top, x + 0.75, bottom), LIGHT, 0.22)
        if row.ends:
            _end(canvas, row.lines[-1], (top, bottom), again=row.again)
        for word in row.words:
            colour = DIM if word.text == AGAIN else WHITE
            canvas.text(word.x, word.y, word.text, word.size, colour)


def _end(canvas: Canvas, x: float, band: tuple[float, float], *, again: bool) -> None:
    """A double bar, with the dots of a repeat where the loop goes round again."""
    canvas.box((x + 3, band[0], x + 6, band[1]), LIGHT, 0.45)
    middle = (band[0] + band[1]) / 2
    for y in (middle - 5, middle + 5) if again else ():
        canvas.dot(x - 6, y, 2.2, LIGHT, 0.6)


def _bar_lines(canvas: Canvas, sheet: Sheet) -> None:
    bands = [band for band in (sheet.roll, sheet.fx, sheet.drums) if band]
    every = 1 if sheet.score.bars <= 16 else 4
    for bar in range(sheet.score.bars + 1):
        x = sheet.bar(bar)
        for top, bottom in bands:
            canvas.box((x - 0.5, top, x + 0.5, bottom), LIGHT, 0.08 if bar % 4 else 0.2)
        if bar < sheet.score.bars and bar % every == 0:
            canvas.text(x + 3, sheet.numbers, str(bar + 1), TEXT, DIM if bar % 4 else INK)


def _roll(canvas: Canvas, sheet: Sheet) -> None:
    pitched = {part.name: part.notes for part in sheet.score.parts if part.name not in _LANES}
    lowest, highest = _range([note.pitch for notes in pitched.values() for note in notes])
    top, bottom = sheet.roll
    row = (bottom - top) / (highest - lowest + 1)
    named = bottom + TEXT - _INSET
    for pitch in range(lowest, highest + 1):
        y = bottom - (pitch - lowest + 1) * row
        if pitch % 12 in _BLACK_KEYS and row > _THINNEST:
            canvas.box((LEFT, y, RIGHT, y + row), SHADE, 0.15)
        if pitch % 12 == 0:
            canvas.box((LEFT, y + row - 0.5, RIGHT, y + row + 0.5), LIGHT, 0.09)
            if top < y + row / 2 < named - TEXT:
                canvas.text(LEFT - 12, y + row / 2, f"C{pitch // 12 - 1}", TEXT, DIM, anchor="rm")
                named = y + row / 2
    for name in _BACK_TO_FRONT:
        for note in pitched.get(name, ()):
            middle = bottom - (note.pitch - lowest + 0.5) * row
            half = max(row * 0.92, _THINNEST) / 2
            _note(canvas, sheet, note, (middle - half, middle + half), name)


def _range(pitches: list[int]) -> tuple[int, int]:
    lowest, highest = min(pitches, default=48) - 2, max(pitches, default=72) + 2
    missing = max(0, _FEWEST_PITCHES - (highest - lowest))
    return lowest - missing // 2, highest + missing - missing // 2


def _note(canvas: Canvas, sheet: Sheet, note: Note, band: tuple[float, float], part: str) -> None:
    """A bar of the note's length, once more at the start for what crosses the end."""
    strength = note.velocity / 127
    opacity = _PRESENCE.get(part, 1.0) * (0.6 + 0.4 * strength)
    glow = 0.45 * strength * min(1.0, _BARS_OF_FULL_GLOW / sheet.score.bars)
    end, beats = note.start + note.length, sheet.score.beats
    for start, stop in ((note.start, min(end, beats)), (0.0, end - beats)):
        if stop > start:
            left, right = sheet.x(start), sheet.x(stop) - 1
            right = max(right, left + 3)
            radius = min(2.2, (right - left) / 4)
            if part not in _PRESENCE:
                canvas.box((left - 1, band[0] - 1, right + 1, band[1] + 1), SHADE, 0.5, radius)
            canvas.box((left, band[0], right, band[1]), COLOURS[part], opacity, radius, glow)
