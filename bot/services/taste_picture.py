"""A picture of a member's taste: the artists they play most, and the tags those share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from bot.services.canvas import COOL, MARGIN, QUIET, TEXT, WARM, WIDTH, Canvas, Colour, between

HEIGHT: Final = 675
ROWS: Final = 10
TOP: Final = 150
BOTTOM: Final = 76
RAIL: Final = (32, 36, 50)


def draw_taste(
    artists: Sequence[tuple[str, float]], tags: Sequence[tuple[str, float]], caption: str
) -> bytes:
    """A PNG of 1200 x 675 with the ten largest of each and ``caption`` below.

    ``artists`` come with their plays, ``tags`` with their shares 0..1, both from the largest down.
    """
    canvas = Canvas(HEIGHT)
    canvas.text(MARGIN, 62, "Your taste", 44, TEXT)
    middle = WIDTH / 2
    _column(canvas, MARGIN, middle - 30, "ARTISTS YOU PLAY", artists[:ROWS], WARM, _plays)
    _column(canvas, middle + 30, WIDTH - MARGIN, "WHAT THEY SHARE", tags[:ROWS], COOL, _share)
    canvas.text(MARGIN, HEIGHT - 38, canvas.fit(caption, 18, WIDTH - 2 * MARGIN), 18, QUIET)
    return canvas.png()


def _column(
    canvas: Canvas,
    left: float,
    right: float,
    title: str,
    rows: Sequence[tuple[str, float]],
    colours: tuple[Colour, Colour],
    label: Callable[[float], str],
) -> None:
    canvas.text(left, TOP - 30, title, 15, QUIET)
    if not rows:
        canvas.text(left, TOP + 20, "Nothing yet.", 22, QUIET)
        return
    step = (HEIGHT - TOP - BOTTOM) / ROWS
    most = max(value for _, value in rows) or 1.0
    for index, (name, value) in enumerate(rows):
        y = TOP + index * step
        canvas.text(left, y + 12, canvas.fit(name, 20, right - left - 110), 20, TEXT)
        canvas.text(right, y + 12, label(value), 16, QUIET, anchor="rm")
        canvas.bar(left, y + 29, right - left, 7, RAIL)
        colour = between(*colours, index / max(1, ROWS - 1))
        canvas.bar(left, y + 29, (right - left) * value / most, 7, colour)


def _plays(value: float) -> str:
    return f"{value:,.0f}" if value >= 1 else ""


def _share(value: float) -> str:
    return f"{value:.0%}"
