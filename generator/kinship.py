"""What listeners' tags say about styles and moods: from the artists somebody likes to a blend.

Tags are a public vocabulary of genres, moods and instruments. Nothing else of an artist is known
here, so nothing else of an artist can be followed.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Final

from generator.style import Style, list_styles
from generator.tables import read_table

MOST_DONORS: Final = 3
MOST: Final = 0.5
"""What all donors weigh together at most: the style that was asked for keeps the majority."""

LEAST: Final = 0.06
CLEAR: Final = 1.2
"""The affinity from which donors get all they can; fainter tags move less."""

SHARED_TAG: Final = 0.4
MOST_TAGS: Final = 12

Weights = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Liked:
    """An artist somebody named, with the artist's tags by weight (> 0, on any scale)."""

    name: str
    tags: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Push:
    """What a tag does to any clip: ``brightness`` in octaves, ``energy`` added, ``density`` a
    factor, ``mood`` the mood it makes likelier."""

    brightness: float = 0.0
    energy: float = 0.0
    density: float = 1.0
    mood: str = ""


@dataclass(frozen=True, slots=True)
class Kinship:
    """The tables of ``kinship.toml``."""

    styles: dict[str, dict[str, float]]
    moods: dict[str, Push] = field(default_factory=dict)
    silent: tuple[str, ...] = ()


@cache
def load_kinship() -> Kinship:
    """What ``generator/kinship.toml`` says; TableError where it cannot be understood."""
    text = files("generator").joinpath("kinship.toml").read_text("utf-8")
    return read_table(Kinship, tomllib.loads(text), "kinship")


def shared_tags(liked: Sequence[Liked]) -> tuple[tuple[str, float, str], ...]:
    """(tag, weight 0..1, artist) of the tags that can move anything, from the heaviest down.

    An artist's strongest tag weighs 1; the artists count equally. The artist named with a tag is
    the one who has it most.
    """
    sums: defaultdict[str, float] = defaultdict(float)
    owner: dict[str, tuple[float, str]] = {}
    for artist in liked:
        strongest = max(artist.tags.values(), default=0.0)
        for tag, weight in artist.tags.items():
            share = weight / strongest if weight > 0 else 0.0
            sums[tag] += share / len(liked)
            if share > owner.get(tag, (0.0, ""))[0]:
                owner[tag] = (share, artist.name)
    telling = [(tag, round(sums[tag], 2), owner[tag][1]) for tag in owner if _tells(tag)]
    ranked = sorted(telling, key=lambda each: (-each[1], each[0]))[:MOST_TAGS]
    return tuple(each for each in ranked if each[1] > 0)


def blend_for(style: Style, tags: Mapping[str, float]) -> Weights:
    """The styles that ``tags`` (weights 0..1) mix into ``style``: (slug, weight), heaviest first.

    At most three donors, together at most `MOST`. The more the tags already speak of the style
    itself, the less of others comes in.
    """
    kin = {
        other.slug: sum(weight * affinity(tag, other) for tag, weight in tags.items())
        for other in list_styles()
    }
    own = kin.pop(style.slug, 0.0)
    donors = sorted(kin.items(), key=lambda each: (-each[1], each[0]))[:MOST_DONORS]
    whole = sum(weight for _, weight in donors)
    if whole <= 0.0:
        return ()
    strength = MOST * min(1.0, whole / CLEAR) * whole / (whole + own)
    shares = (
        (slug, int(100.0 * strength * weight / whole + 1e-9) / 100) for slug, weight in donors
    )
    return tuple((slug, share) for slug, share in shares if share >= LEAST)


def affinity(tag: str, style: Style) -> float:
    """How clearly a tag speaks of a style, 0..1."""
    kinship = load_kinship()
    named = kinship.styles.get(tag, {})
    if style.slug in named:
        return named[style.slug]
    return SHARED_TAG if tag in style.tags and tag not in kinship.silent else 0.0


def pushes(tags: Sequence[tuple[str, float, str]]) -> list[tuple[str, float, Push]]:
    """The tags that move any clip: (tag, weight, what it does)."""
    known = load_kinship().moods
    return [(tag, weight, known[tag]) for tag, weight, _ in tags if tag in known]


def _tells(tag: str) -> bool:
    kinship = load_kinship()
    return (
        tag in kinship.styles
        or tag in kinship.moods
        or any(affinity(tag, style) for style in list_styles())
    )
