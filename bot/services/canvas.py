"""What pictures of listening are drawn with: one width, one set of colours, one font."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageFont

WIDTH: Final = 1200
SCALE: Final = 2  # drawn at twice the size and reduced, so that edges are smooth
MARGIN: Final = 56
BACKGROUND: Final = (14, 16, 24)
TEXT: Final = (236, 238, 246)
QUIET: Final = (146, 152, 172)
WARM: Final = ((255, 122, 89), (255, 196, 92))
COOL: Final = ((94, 129, 255), (118, 226, 214))

Colour = tuple[int, int, int]
Box = tuple[float, float, float, float]


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    # Pillow's own font stops at ASCII; artists' names do not.
    file = resources.files("font_source_sans_pro") / "files" / "SourceSansPro-Regular.ttf"
    return ImageFont.truetype(io.BytesIO(file.read_bytes()), size * SCALE)


@cache
def _drawn(character: str) -> bytes:
    return bytes(_font(20).getmask(character))


def legible(text: str) -> str:
    """``text`` without what the font can only draw as an empty box."""
    missing = _drawn("\uffff")
    return "".join(c for c in text if c == " " or _drawn(c) != missing).strip()


def between(first: Colour, last: Colour, where: float) -> Colour:
    """The colour at ``where`` 0..1 on the way from the first to the last."""
    r, g, b = (round(a + (z - a) * where) for a, z in zip(first, last, strict=True))
    return (r, g, b)


@dataclass(frozen=True, slots=True)
class Lamp:
    """Light around a place, ``strength`` 0..1 in its middle, none from ``radius`` on."""

    x: float
    y: float
    radius: float
    colour: Colour
    strength: float


class Canvas:
    """Drawing in the picture's own pixels, whatever the scale underneath."""

    def __init__(self, height: int) -> None:
        self.height: Final = height
        self.image = Image.new("RGB", (WIDTH * SCALE, height * SCALE), BACKGROUND)
        self._draw = ImageDraw.Draw(self.image)

    def text(
        self, x: float, y: float, text: str, size: int, fill: Colour, anchor: str = "lm"
    ) -> None:
        place = (x * SCALE, y * SCALE)
        self._draw.text(place, text, font=_font(size), fill=fill, anchor=anchor)

    def width(self, text: str, size: int) -> float:
        """How wide ``text`` comes out."""
        return _font(size).getlength(text) / SCALE

    def fit(self, text: str, size: int, width: float) -> str:
        """``text``, shortened with an ellipsis until it is at most ``width`` wide."""
        shown = text
        while len(shown) > 1 and self.width(shown, size) > width:
            shown = shown[:-2].rstrip() + "…"
        return shown

    def bar(self, x: float, y: float, width: float, height: float, fill: Colour) -> None:
        box = (x * SCALE, y * SCALE, (x + max(width, height)) * SCALE, (y + height) * SCALE)
        self._draw.rounded_rectangle(box, radius=height * SCALE / 2, fill=fill)

    def dot(self, x: float, y: float, radius: float, fill: Colour, edge: Colour) -> None:
        self._draw.ellipse(_round(x, y, radius), fill=fill, outline=edge, width=SCALE)

    def halves(self, x: float, y: float, radius: float, left: Colour, right: Colour) -> None:
        """A dot of two colours."""
        box = _round(x, y, radius)
        self._draw.pieslice(box, 90, 270, fill=left)
        self._draw.pieslice(box, 270, 90, fill=right)
        self._draw.ellipse(box, outline=TEXT, width=2 * SCALE)

    def light(self, *lamps: Lamp) -> None:
        """Lights up the background: to be called before anything is drawn."""
        step = 8  # reckoned on a coarse grid: light has no edges
        rows, columns = np.mgrid[0 : self.height : step, 0:WIDTH:step]
        shown = np.broadcast_to(np.array(BACKGROUND, dtype=np.float64), (*rows.shape, 3))
        for lamp in lamps:
            near = 1.0 - np.hypot(columns - lamp.x, rows - lamp.y) / lamp.radius
            share = lamp.strength * np.clip(near, 0.0, 1.0)[..., None] ** 1.5
            shown = (1.0 - share) * shown + share * np.array(lamp.colour)
        coarse = Image.fromarray(np.round(shown).astype(np.uint8))
        self.image.paste(coarse.resize(self.image.size, Image.Resampling.BILINEAR))

    def png(self) -> bytes:
        stream = io.BytesIO()
        small = self.image.resize((WIDTH, self.height), Image.Resampling.LANCZOS)
        small.save(stream, "PNG", optimize=False, compress_level=6)
        return stream.getvalue()


def _round(x: float, y: float, radius: float) -> Box:
    low, high = (x - radius) * SCALE, (x + radius) * SCALE
    return (low, (y - radius) * SCALE, high, (y + radius) * SCALE)
