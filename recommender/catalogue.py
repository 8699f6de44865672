"""The catalogue: artists with their weighted tags, and the crates Nightjar starts from."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Final

from recommender.errors import DataError
from recommender.names import NameIndex, clean, normalise

__all__ = [
    "Artist",
    "Catalogue",
    "Crate",
    "Starter",
    "load_starter",
    "normalise",
    "starter_catalogue",
]

CRATE_LISTENER: Final = "crate:"


@dataclass(frozen=True, slots=True)
class Artist:
    """A name as it is shown, and its tags: tag -> weight > 0 (how strongly, on the source's own
    scale).
    """

    name: str
    tags: Mapping[str, float] = field(default_factory=dict)


class Catalogue:
    """Artists in a fixed order, each once (by key; the first spelling wins). Immutable."""

    def __init__(self, artists: Iterable[Artist]) -> None:
        unique: dict[str, Artist] = {}
        for artist in artists:
            name = clean(artist.name)
            unique.setdefault(normalise(name), Artist(name, artist.tags))
        unique.pop("", None)
        self.artists: Final = tuple(unique.values())
        self.index: Final = NameIndex([artist.name for artist in self.artists], tuple(unique))

    def __len__(self) -> int:
        return len(self.artists)

    def __iter__(self) -> Iterator[Artist]:
        return iter(self.artists)

    def __contains__(self, name: str) -> bool:
        return self.index.get(name) is not None

    def find(self, text: str) -> Artist | None:
        """The one artist ``text`` can mean (case, accents, "The", "&", a surname, a typo), else
        None.
        """
        position = self.index.find(text)
        return None if position is None else self.artists[position]

    def suggest(self, typed: str, limit: int = 25) -> list[str]:
        """Up to ``limit`` names for autocomplete, best first; under 50 ms for 100,000 names."""
        return [self.artists[position].name for position in self.index.suggest(typed, limit)]

    def nearest(self, text: str, limit: int = 3) -> list[str]:
        """Names to offer when :meth:`find` found none."""
        return [self.artists[position].name for position in self.index.nearest(text, limit)]

    def with_tags(self, tags: Mapping[str, Mapping[str, float]]) -> Catalogue:
        """This catalogue with ``tags`` (artist -> tag -> weight) on top; unknown artists are
        appended.
        """
        added = {normalise(name): (name, given) for name, given in tags.items()}
        merged = [
            Artist(artist.name, {**artist.tags, **added.pop(key)[1]}) if key in added else artist
            for artist, key in zip(self.artists, self.index.keys, strict=True)
        ]
        return Catalogue([*merged, *(Artist(name, dict(given)) for name, given in added.values())])


@dataclass(frozen=True, slots=True)
class Crate:
    """A named, themed list of artists; LightFM's first "listeners"."""

    slug: str
    name: str
    artists: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Starter:
    """What a fresh Nightjar knows: a catalogue and crates written from knowledge of music, no one's
    listening.
    """

    catalogue: Catalogue
    crates: tuple[Crate, ...]

    def listeners(self) -> dict[str, dict[str, float]]:
        """Each crate as a listener that played its artists once; ids cannot meet a member's."""
        return {
            CRATE_LISTENER + crate.slug: dict.fromkeys(crate.artists, 1.0) for crate in self.crates
        }


@cache
def starter_catalogue() -> Catalogue:
    """The catalogue of `load_starter`, read once."""
    return load_starter().catalogue


def load_starter() -> Starter:
    """Read ``recommender/starter``; DataError names the entry that does not parse."""
    folder = resources.files("recommender.starter")
    with folder.joinpath("artists.csv").open(encoding="utf-8") as lines:
        artists = [
            Artist(clean(row["artist"]), _parse_tags(row["artist"], row["tags"]))
            for row in csv.DictReader(lines)
        ]
    tables = tomllib.loads(folder.joinpath("crates.toml").read_text(encoding="utf-8"))
    crates = tuple(
        Crate(slug, table["name"], tuple(table["artists"]), table.get("note", ""))
        for slug, table in tables.items()
    )
    return Starter(Catalogue(artists), crates)


def _parse_tags(artist: str, text: str) -> dict[str, float]:
    tags: dict[str, float] = {}
    for pair in filter(None, text.split(";")):
        tag, colon, weight = pair.rpartition(":")
        if not colon or not weight.strip().isdigit():
            raise DataError(
                f"The starter artist {artist!r} has the tag {pair!r}; write it as tag:weight."
            )
        tags[tag.strip()] = float(weight)
    return tags
