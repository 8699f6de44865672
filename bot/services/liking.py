"""Artists as people name them, with the tags the catalogue has of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from bot.errors import UserError
from generator.kinship import Liked
from recommender.catalogue import Catalogue

LONGEST_ECHO: Final = 80


def unknown_artist(text: str, near: Iterable[str]) -> UserError:
    """What to tell somebody who named an artist nobody knows; ``near`` are the nearest names."""
    names = " or ".join(near)
    hint = f"did you mean {names}?" if names else "check the spelling or try another."
    return UserError(f"I do not know {text.strip()[:LONGEST_ECHO]!r} yet; {hint}")


def liked_artists(catalogue: Catalogue, names: Iterable[str]) -> tuple[Liked, ...]:
    """Each artist meant, once; UserError with the nearest names for one nobody knows."""
    found: dict[str, Liked] = {}
    for name in names:
        artist = catalogue.find(name)
        if artist is None:
            raise unknown_artist(name, catalogue.nearest(name, limit=3))
        found.setdefault(artist.name, Liked(artist.name, artist.tags))
    return tuple(found.values())
