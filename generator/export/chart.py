"""The chords of the picture as a lead sheet: each loop that sections go round is written once, in
rows of bars, beside the names of these sections."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from generator.export.canvas import text_width
from generator.score import Score, Section

Bar = tuple[str, ...]
"""The chords of a bar, in order."""

LARGEST, SMALLEST = 30, 24
LABEL: Final = 23
AGAIN: Final = "%"
"""Stands for a bar like the one before it, as on a lead sheet."""

_BARS_A_ROW: Final = (8, 4, 2, 1)
_FEW_ROWS, _MOST_ROWS = 3, 8
_TINY: Final = 12
_TALL, _LOW, _LOWEST = 44.0, 36.0, 29.0
_BETWEEN, _INSIDE = 18.0, 12.0
"""Points between the chords of a bar, and between a bar line and what stands beside it."""

_SIGN: Final = 16.0
_WIDEST_LABEL: Final = 400.0
_CHIP, _GAP = 10.0, 8.0


@dataclass(frozen=True, slots=True)
class Loop:
    """Bars that ``sections`` go round; ``again`` if one of them goes round more than once."""

    bars: tuple[Bar, ...]
    sections: tuple[Section, ...]
    again: bool


@dataclass(frozen=True, slots=True)
class Word:
    """A text of the chart: its left end and baseline in points."""

    text: str
    x: float
    y: float
    size: float

    @property
    def right(self) -> float:
        return self.x + text_width(self.text, self.size)


@dataclass(frozen=True, slots=True)
class Chip:
    """A section's name in its colour: its left and right end, and its band from top to bottom."""

    section: Section
    name: str
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Row:
    """Bars of a loop: their chords, their bar lines from left to right, the band they stand in;
    ``ends`` on the loop's last row, with a repeat sign if it goes round ``again``."""

    words: tuple[Word, ...]
    lines: tuple[float, ...]
    band: tuple[float, float]
    ends: bool
    again: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """The whole lead sheet, laid out from ``top`` to ``bottom``."""

    chips: tuple[Chip, ...]
    rows: tuple[Row, ...]
    bottom: float


def loops(score: Score) -> list[Loop]:
    """The loops of the clip in the order of their first sections. What is the beginning of a
    longer loop, and fits wherever it is played, is not written twice."""
    written = _bars(score)
    played = [
        (each, tuple(written[each.start_bar : each.start_bar + each.bars]))
        for each in score.sections
    ]
    shortest = dict.fromkeys(_loop(bars) for _, bars in played if bars)
    taken: dict[tuple[Bar, ...], list[tuple[Section, int]]] = {}
    for section, bars in played:
        fits = [loop for loop in shortest if bars and _goes_round(bars, loop)]
        if fits:
            taken.setdefault(max(fits, key=len), []).append((section, len(bars)))
    return [
        Loop(
            bars,
            tuple(section for section, _ in turns),
            any(length > len(bars) for _, length in turns),
        )
        for bars, turns in taken.items()
    ]


def lay_out_chart(found: Sequence[Loop], left: float, right: float, top: float) -> Chart:
    """The loops between ``left`` and ``right``, as large as they fit in few rows."""
    everyone = [section for loop in found for section in loop.sections]
    named = [_names(loop.sections, everyone) for loop in found]
    label = max(map(_label_width, named), default=0.0)
    start = left + label + 2 * _GAP
    width = right - start - _SIGN
    size = _size(found, width)
    cut = [(loop, _rows(loop.bars, width, size)) for loop in found]
    count = sum(len(rows) for _, rows in cut)
    height = _TALL if count <= _FEW_ROWS else _LOW if count <= 2 * _FEW_ROWS else _LOWEST
    chips: list[Chip] = []
    rows: list[Row] = []
    y = top
    for names, (loop, pieces) in zip(named, cut, strict=True):
        chips += _chips(names, left, y, height)
        for number, bars in enumerate(pieces):
            last = number == len(pieces) - 1
            rows.append(_row(bars, start, width, (y, y + height), size, (last, loop.again)))
            y += height
    return Chart(tuple(chips), tuple(rows), y)


def _bars(score: Score) -> list[Bar]:
    """Every bar's chords: the one it begins in, and each that it changes to."""
    bars = []
    for number in range(score.bars):
        start = number * score.beats_per_bar
        sounding = [
            chord.symbol
            for chord in score.chords
            if chord.start < start + score.beats_per_bar and chord.start + chord.length > start
        ]
        bars.append(tuple(_changes(sounding)))
    return bars


def _changes(symbols: Iterable[str]) -> list[str]:
    found: list[str] = []
    for symbol in symbols:
        if not found or found[-1] != symbol:
            found.append(symbol)
    return found


def _loop(bars: tuple[Bar, ...]) -> tuple[Bar, ...]:
    """The shortest beginning of the bars that makes all of them when it goes round."""
    lengths = (length for length in (1, 2, 4, 8, 16) if length < len(bars))
    return bars[: next((n for n in lengths if _goes_round(bars, bars[:n])), len(bars))]


def _goes_round(bars: tuple[Bar, ...], loop: tuple[Bar, ...]) -> bool:
    return all(bar == loop[at % len(loop)] for at, bar in enumerate(bars))


def _names(sections: Sequence[Section], everyone: Sequence[Section]) -> list[tuple[Section, str]]:
    """What the loop's sections are called, as many as have room: a family (A, A', A'') by one name
    where all of it goes round this loop."""
    elsewhere = {_family(section) for section in everyone if section not in sections}
    named: dict[str, Section] = {}
    for section in sections:
        family = _family(section)
        named.setdefault(section.name if family in elsewhere else family, section)
    names = [(section, name) for name, section in named.items()]
    while len(names) > 1 and _label_width(names) > _WIDEST_LABEL:
        names.pop()
    return names


def _family(section: Section) -> str:
    return section.name.rstrip("'")


def _label_width(names: Sequence[tuple[Section, str]]) -> float:
    chips = sum(text_width(name, LABEL) + 2 * _CHIP for _, name in names)
    return chips + _GAP * max(0, len(names) - 1)


def _chips(
    names: Sequence[tuple[Section, str]], left: float, y: float, height: float
) -> list[Chip]:
    chips = []
    for section, name in names:
        right = left + text_width(name, LABEL) + 2 * _CHIP
        middle, half = y + height / 2, min(15.0, height / 2 - 1)
        chips.append(Chip(section, name, (left, middle - half, right, middle + half)))
        left = right + _GAP
    return chips


def _rows(bars: tuple[Bar, ...], width: float, size: float) -> list[tuple[Bar, ...]]:
    """The bars in rows of eight, or of as many fewer as fit."""
    for count in _BARS_A_ROW:
        rows = [bars[at : at + count] for at in range(0, len(bars), count)]
        if all(sum(_needs(row, size)) <= width for row in rows):
            return rows
    return [(bar,) for bar in bars]


def _size(found: Sequence[Loop], width: float) -> int:
    """The largest size at which the loops take few rows, better still with their bars under each
    other; else a readable one; where even that takes more rows than the picture has room for,
    what it needs."""

    def rows(size: int) -> list[tuple[Bar, ...]]:
        return [row for loop in found for row in _rows(loop.bars, width, size)]

    def even(size: int) -> bool:
        return all(max(_needs(row, size)) <= width / _columns(row) for row in rows(size))

    large = [size for size in range(LARGEST, SMALLEST - 1, -2) if len(rows(size)) <= _FEW_ROWS]
    enough = (size for size in range(SMALLEST, _TINY, -1) if len(rows(size)) <= _MOST_ROWS)
    return next(filter(even, large), large[0] if large else next(enough, _TINY))


def _columns(row: Sequence[Bar]) -> int:
    """How many bars as wide as these have room in a row; a short row does not spread."""
    return max(4, len(row))


def _spelled(bars: Sequence[Bar]) -> list[Bar]:
    return [(AGAIN,) if at and bar == bars[at - 1] else bar for at, bar in enumerate(bars)]


def _needs(bars: Sequence[Bar], size: float) -> list[float]:
    """How wide each bar must be."""
    return [
        sum(text_width(chord, size) for chord in bar) + _BETWEEN * (len(bar) - 1) + 2 * _INSIDE
        for bar in _spelled(bars)
    ]


def _row(
    bars: tuple[Bar, ...],
    left: float,
    width: float,
    band: tuple[float, float],
    size: float,
    end: tuple[bool, bool],
) -> Row:
    """The bars over the width: all alike if each has room so, else by what they need."""
    needs = _needs(bars, size)
    while size > 1 and sum(needs) > width:
        size -= 1
        needs = _needs(bars, size)
    share = width / _columns(bars)
    spare = (width - sum(needs)) / len(bars)
    widths = [share] * len(bars) if max(needs) <= share else [each + spare for each in needs]
    lines, words = [left], []
    y = (band[0] + band[1]) / 2 + size * 0.36
    for bar, wide, need in zip(_spelled(bars), widths, needs, strict=True):
        x = lines[-1] + _INSIDE
        for chord in bar:
            words.append(Word(chord, x, y, size))
            x = words[-1].right + _BETWEEN + (wide - need) / len(bar)
        lines.append(lines[-1] + wide)
    return Row(tuple(words), tuple(lines), band, *end)
