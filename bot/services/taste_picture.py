"""A picture of a member's taste: the artists they play most, and the tags those share."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from functools import cache
from importlib import resources
from typing import Final

from PIL import Image, ImageDraw, ImageFont

WIDTH: Final = 1200
HEIGHT: Final = 675
SCALE: Final = 2  # drawn at twice the size and reduced, so that edges are smooth
MARGIN: Final = 56
ROWS: Final = 10
TOP: Final = 150
BOTTOM: Final = 76
BACKGROUND: Final = (14, 16, 24)
RAIL: Final = (32, 36, 50)
TEXT: Final = (236, 238, 246)
QUIET: Final = (146, 152, 172)
WARM: Final = ((255, 122, 89), (255, 196, 92))
COOL: Final = ((94, 129, 255), (118, 226, 214))

Colour = tuple[int, int, int]


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    # Pillow's own font stops at ASCII; artists' names do not.
    file = resources.files("font_source_sans_pro") / "files" / "SourceSansPro-Regular.ttf"
    return ImageFont.truetype(io.BytesIO(file.read_bytes()), size * SCALE)


class _Canvas:
    """Drawing in the picture's own pixels, whatever the scale underneath."""

    def __init__(self) -> None:
        self.image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), BACKGROUND)
        self._draw = ImageDraw.Draw(self.image)

    def text(
        self, x: float, y: float, text: str, size: int, fill: Colour, anchor: str = "lm"
    ) -> None:
        place = (x * SCALE, y * SCALE)
        self._draw.text(place, text, font=_font(size), fill=fill, anchor=anchor)

    def fit(self, text: str, size: int, width: float) -> str:
        """``text``, shortened with an ellipsis until it is at most ``width`` wide."""
        font = _font(size)
        shown = text
        while len(shown) > 1 and font.getlength(shown) > width * SCALE:
            shown = shown[:-2].rstrip() + "…"
        return shown

    def bar(self, x: float, y: float, width: float, height: float, fill: Colour) -> None:
        box = (x * SCALE, y * SCALE, (x + max(width, height)) * SCALE, (y + height) * SCALE)
        self._draw.rounded_rectangle(box, radius=height * SCALE / 2, fill=fill)

    def png(self) -> bytes:
        stream = io.BytesIO()
        small = self.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
        small.save(stream, "PNG", optimize=False, compress_level=6)
        return stream.getvalue()


def draw_taste(
    artists: Sequence[tuple[str, float]], tags: Sequence[tuple[str, float]], caption: str
) -> bytes:
    """A PNG of 1200 x 675 with the ten largest of each and ``caption`` below.

    ``artists`` come with their plays, ``tags`` with their shares 0..1, both from the largest down.
    """
    canvas = _Canvas()
    canvas.text(MARGIN, 62, "Your taste", 44, TEXT)
    middle = WIDTH / 2
    _column(canvas, MARGIN, middle - 30, "ARTISTS YOU PLAY", artists[:ROWS], WARM, _plays)
    _column(canvas, middle + 30, WIDTH - MARGIN, "WHAT THEY SHARE", tags[:ROWS], COOL, _share)
    canvas.text(MARGIN, HEIGHT - 38, canvas.fit(caption, 18, WIDTH - 2 * MARGIN), 18, QUIET)
    return canvas.png()


def _column(
    canvas: _Canvas,
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
        colour = _between(*colours, index / max(1, ROWS - 1))
        canvas.bar(left, y + 29, (right - left) * value / most, 7, colour)


def _between(first: Colour, last: Colour, where: float) -> Colour:
    r, g, b = (round(a + (z - a) * where) for a, z in zip(first, last, strict=True))
    return (r, g, b)


def _plays(value: float) -> str:
    return f"{value:,.0f}" if value >= 1 else ""


def _share(value: float) -> str:
    return f"{value:.0%}"
