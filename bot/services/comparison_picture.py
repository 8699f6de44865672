"""A picture of two tastes: how much they share, and everybody's artists on one map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from bot.services.canvas import (
    COOL,
    MARGIN,
    QUIET,
    TEXT,
    WARM,
    WIDTH,
    Box,
    Canvas,
    Colour,
    Lamp,
    between,
    legible,
)
from recommender.arrays import Doubles
from recommender.compare import Comparison, Place

HEIGHT: Final = 1000
MAP: Final = (90.0, 300.0, WIDTH - 90.0, HEIGHT - 110.0)
FIRST: Final = WARM[0]
SECOND: Final = COOL[1]
LEGEND: Final = "Two colours: both play it.   Near each other: similar music."
LABEL: Final = 25
LONGEST_LABEL: Final = 300.0
SMALLEST, LARGEST = 7.0, 19.0
ROOM: Final = 6.0
SETTLING: Final = 60
PUSH: Final = 0.3
TOUCHING: Final = 1e-6
EVENNESS: Final = 0.6  # 0 keeps the distances of the embedding, 1 only the order


@dataclass(frozen=True, slots=True)
class _Dot:
    place: Place
    x: float
    y: float
    radius: float


def draw_comparison(comparison: Comparison, first: str, second: str) -> bytes:
    """A PNG of 1200 x 1000. ``first`` and ``second`` are the members' names; what of a name the
    font cannot draw is left out.
    """
    canvas = Canvas(HEIGHT)
    left, top, right, bottom = MAP
    middle = (top + bottom) / 2
    canvas.light(
        Lamp(left + 130, middle, 560, FIRST, 0.26), Lamp(right - 130, middle, 560, SECOND, 0.22)
    )
    _head(canvas, comparison, legible(first) or "One", legible(second) or "The other")
    dots = _dots(comparison.places)
    for dot in sorted(dots, key=lambda dot: -dot.radius):
        _draw_dot(canvas, dot)
    _label(canvas, dots)
    canvas.text(WIDTH / 2, HEIGHT - 42, LEGEND, 24, QUIET, "mm")
    return canvas.png()


def _head(canvas: Canvas, comparison: Comparison, first: str, second: str) -> None:
    canvas.text(WIDTH / 2, 92, f"{comparison.share}%", 104, TEXT, "mm")
    canvas.text(WIDTH / 2, 164, "in common", 26, QUIET, "mm")
    width = WIDTH / 2 - MARGIN - 160
    for x, anchor, name, colour, tags in (
        (float(MARGIN), "lm", first, FIRST, comparison.tags_first),
        (float(WIDTH - MARGIN), "rm", second, SECOND, comparison.tags_second),
    ):
        canvas.text(x, 72, canvas.fit(name, 46, width), 46, colour, anchor)
        for row, tag in enumerate(tags[:3]):
            canvas.text(x, 126 + 34 * row, canvas.fit(tag, 26, width), 26, QUIET, anchor)
    shared = "Both: " + ", ".join(comparison.tags_both[:4])
    if comparison.tags_both:
        canvas.text(WIDTH / 2, 252, canvas.fit(shared, 26, WIDTH - 2 * MARGIN), 26, TEXT, "mm")


def _dots(places: Sequence[Place]) -> list[_Dot]:
    """Places on the map, with their sizes."""
    left, top, right, bottom = MAP
    radii = np.array([SMALLEST + (LARGEST - SMALLEST) * place.weight for place in places])
    x = left + (right - left) * _evened(np.array([place.x for place in places]))
    y = top + (bottom - top) * _evened(np.array([place.y for place in places]))
    spots = _settled(np.column_stack([x, y]), radii)
    return [
        _Dot(place, float(x), float(y), float(radius))
        for place, (x, y), radius in zip(places, spots, radii, strict=True)
    ]


def _settled(spots: Doubles, radii: Doubles) -> Doubles:
    """Spots (n, 2) moved apart until hardly any dot lies on another; of two in the same spot the
    first goes up.
    """
    wanted = radii[:, None] + radii[None, :] + 3 * ROOM
    np.fill_diagonal(wanted, 0.0)
    order = np.arange(len(spots))
    upwards = np.sign(order[:, None] - order[None, :])
    for _ in range(SETTLING):
        apart = spots[:, None, :] - spots[None, :, :]
        apart[..., 1] += np.where(np.hypot(*np.moveaxis(apart, -1, 0)) < TOUCHING, upwards, 0)
        distance = np.maximum(np.hypot(*np.moveaxis(apart, -1, 0)), TOUCHING)
        push = PUSH * np.clip(wanted - distance, 0.0, None) / distance
        spots = np.clip(spots + (apart * push[..., None]).sum(axis=1), MAP[:2], MAP[2:])
    return spots


def _evened(values: Doubles) -> Doubles:
    """Values -1..1 as 0..1, partly by rank, so that a crowd gets more of the map."""
    if not np.ptp(values):
        return np.full(len(values), 0.5)
    ranks = np.argsort(np.argsort(values, kind="stable"), kind="stable") / (len(values) - 1)
    evened: Doubles = EVENNESS * ranks + (1.0 - EVENNESS) * (values + 1.0) / 2.0
    return evened


def _draw_dot(canvas: Canvas, dot: _Dot) -> None:
    if dot.place.whose == "both":
        canvas.halves(dot.x, dot.y, dot.radius + 2, FIRST, SECOND)
    else:
        colour = _colour(dot.place)
        canvas.dot(dot.x, dot.y, dot.radius, colour, between(colour, (0, 0, 0), 0.35))


def _colour(place: Place) -> Colour:
    return {"first": FIRST, "second": SECOND, "both": TEXT}[place.whose]


def _label(canvas: Canvas, dots: Sequence[_Dot]) -> None:
    """Names where there is room for them: shared artists first, then the most played."""
    taken: list[Box] = [
        (d.x - d.radius, d.y - d.radius, d.x + d.radius, d.y + d.radius) for d in dots
    ]
    for dot in sorted(dots, key=lambda d: (d.place.whose != "both", -d.place.weight)):
        name = canvas.fit(legible(dot.place.artist), LABEL, LONGEST_LABEL)
        if not name:
            continue
        width = canvas.width(name, LABEL)
        for x, anchor, box in _spots(dot, width):
            if (
                not any(_meet(box, other) for other in taken)
                and box[0] > 16
                and box[2] < WIDTH - 16
            ):
                canvas.text(x, (box[1] + box[3]) / 2, name, LABEL, _label_colour(dot.place), anchor)
                taken.append(box)
                break


def _spots(dot: _Dot, width: float) -> list[tuple[float, str, Box]]:
    """Where a name may stand by its dot: right, left, below, above, and below and above to the
    sides; each with the room it takes.
    """
    gap, half = dot.radius + ROOM + 2, LABEL * 0.58
    right, left = dot.x + gap, dot.x - gap
    below, above = dot.y + dot.radius + half + 2, dot.y - dot.radius - half - 2
    return [
        (right, "lm", (right, dot.y - half, right + width, dot.y + half)),
        (left, "rm", (left - width, dot.y - half, left, dot.y + half)),
        *(
            (x, anchor, (x - shift, level - half, x - shift + width, level + half))
            for x, anchor, shift in (
                (dot.x, "mm", width / 2),
                (dot.x - dot.radius, "lm", 0.0),
                (dot.x + dot.radius, "rm", width),
            )
            for level in (below, above)
        ),
    ]


def _meet(one: Box, other: Box) -> bool:
    return (
        one[0] < other[2] + ROOM
        and other[0] < one[2] + ROOM
        and one[1] < other[3] + 1
        and other[1] < one[3] + 1
    )


def _label_colour(place: Place) -> Colour:
    return TEXT if place.whose == "both" else between(_colour(place), TEXT, 0.45)
