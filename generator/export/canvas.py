"""A dark sheet to draw on: measured in points of the finished picture, drawn at twice the size."""

from __future__ import annotations

import io
from functools import cache
from typing import Final

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont
from PIL.ImageFont import FreeTypeFont
from PIL.PngImagePlugin import PngInfo

Colour = tuple[int, int, int]
Box = tuple[float, float, float, float]

_OVERSAMPLING: Final = 2
_GLOW_SCALE: Final = 0.25
_GLOW_RADIUS: Final = 2.6
_UNPRINTABLE: Final = str.maketrans({"♯": "#", "♭": "b", "–": "-", "ø": "m7b5", "Δ": "maj7"})


class Canvas:
    """A picture of ``width`` x ``height`` points. Colours are RGB, opacity and glow 0..1."""

    def __init__(self, width: int, height: int, top: Colour, bottom: Colour) -> None:
        self._size = (width, height)
        self._image = _shaded(width * _OVERSAMPLING, height * _OVERSAMPLING, top, bottom)
        self._pen = ImageDraw.Draw(self._image, "RGBA")
        self._halo = Image.new("RGB", (round(width * _GLOW_SCALE), round(height * _GLOW_SCALE)))
        self._halo_pen = ImageDraw.Draw(self._halo, "RGBA")

    def box(
        self, box: Box, colour: Colour, opacity: float = 1.0, radius: float = 0.0, glow: float = 0.0
    ) -> None:
        """A filled rectangle, its corners rounded by ``radius``, shining by ``glow``."""
        fill = (*colour, round(255 * opacity))
        left, top, right, bottom = (edge * _OVERSAMPLING for edge in box)
        right, bottom = max(left, right - 1), max(top, bottom - 1)
        corner = min(radius * _OVERSAMPLING, (right - left) / 2, (bottom - top) / 2)
        if corner >= 1:
            self._pen.rounded_rectangle((left, top, right, bottom), corner, fill)
        else:
            self._pen.rectangle((left, top, right, bottom), fill)
        if glow:
            self._shine(box, colour, glow)

    def dot(self, x: float, y: float, radius: float, colour: Colour, opacity: float = 1.0) -> None:
        """A filled circle round (x, y)."""
        scaled = (x - radius, y - radius, x + radius, y + radius)
        fill = (*colour, round(255 * opacity))
        self._pen.ellipse(tuple(edge * _OVERSAMPLING for edge in scaled), fill)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        colour: Colour,
        *,
        anchor: str = "ls",
        bold: bool = False,
    ) -> None:
        """One line; ``anchor`` as in Pillow ("ls": x is its left end, y its baseline)."""
        self._pen.text(
            (x * _OVERSAMPLING, y * _OVERSAMPLING),
            text.translate(_UNPRINTABLE),
            (*colour, 255),
            _font(size),
            anchor=anchor,
            stroke_width=0.45 * size / 16 if bold else 0,
        )

    def paste(self, picture: Image.Image, x: float, y: float) -> None:
        """An RGBA ``picture``, already at twice the size, its top left corner at (x, y)."""
        place = (round(x * _OVERSAMPLING), round(y * _OVERSAMPLING))
        self._image.paste(picture, place, picture)

    def png(self, comment: str) -> bytes:
        """The finished picture, smoothed, with its glow; equal drawings give equal bytes."""
        halo = self._halo.filter(ImageFilter.GaussianBlur(_GLOW_RADIUS))
        lit = ImageChops.screen(
            self._image.reduce(_OVERSAMPLING), halo.resize(self._size, Image.Resampling.BILINEAR)
        )
        notes = PngInfo()
        notes.add_itxt("Comment", comment)
        target = io.BytesIO()
        lit.save(target, "PNG", compress_level=1, pnginfo=notes)
        return target.getvalue()

    def _shine(self, box: Box, colour: Colour, glow: float) -> None:
        left, top, right, bottom = (edge * _GLOW_SCALE for edge in box)
        self._halo_pen.rectangle(
            (left, top, max(left, right), max(top, bottom)), (*colour, round(255 * glow))
        )


def text_width(text: str, size: float) -> float:
    """How many points ``text`` takes at ``size``."""
    return _font(size).getlength(text.translate(_UNPRINTABLE)) / _OVERSAMPLING


def _shaded(width: int, height: int, top: Colour, bottom: Colour) -> Image.Image:
    """A sheet that goes from ``top`` to ``bottom``, computed on one column."""
    shade = Image.linear_gradient("L").resize((1, height))
    above, below = Image.new("RGB", shade.size, top), Image.new("RGB", shade.size, bottom)
    return Image.composite(below, above, shade).resize((width, height), Image.Resampling.NEAREST)


@cache
def _font(size: float) -> FreeTypeFont:
    font = ImageFont.load_default(size * _OVERSAMPLING)
    if not isinstance(font, FreeTypeFont):
        raise TypeError("This Pillow was built without FreeType; install the wheel from PyPI.")
    return font
