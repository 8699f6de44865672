"""Names for groups of artists, made of the tags they share: "Synthwave & Darksynth", "French
House".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

SECOND_AT_LEAST: Final = 0.5
SECOND_COVERS: Final = 0.25
FIRST_COVERS: Final = 0.3
ADJECTIVE_AT_LEAST: Final = 0.4
ADJECTIVE_COVERS: Final = 0.45

ADJECTIVES: Final = {
    "acoustic guitar": "Acoustic",
    "aggressive": "Aggressive",
    "analog synth": "Analogue",
    "brazilian": "Brazilian",
    "british": "British",
    "chill": "Laid-back",
    "cinematic": "Cinematic",
    "dark": "Dark",
    "detroit": "Detroit",
    "dreamy": "Dreamy",
    "energetic": "Energetic",
    "epic": "Epic",
    "french": "French",
    "german": "German",
    "groovy": "Groovy",
    "hypnotic": "Hypnotic",
    "instrumental": "Instrumental",
    "introspective": "Introspective",
    "japanese": "Japanese",
    "lo-fi": "Lo-fi",
    "melancholic": "Melancholic",
    "new york": "New York",
    "nordic": "Nordic",
    "nostalgic": "Nostalgic",
    "orchestral": "Orchestral",
    "piano": "Piano",
    "playful": "Playful",
    "political": "Political",
    "romantic": "Romantic",
    "uplifting": "Uplifting",
    "virtuosic": "Virtuosic",
    "west african": "West African",
    **{era: era for era in ("50s", "60s", "70s", "80s", "90s", "2000s", "2010s", "2020s")},
}
"""Tags that stand before the name of a genre, and how."""

NO_NAME: Final = frozenset(
    (
        "albums i own",
        "awesome",
        "beautiful",
        "drum machine",
        "favorites",
        "favourite",
        "favourites",
        "female vocalist",
        "female vocalists",
        "female vocals",
        "good",
        "horns",
        "love",
        "male vocalists",
        "percussion",
        "pre-50s",
        "sampling",
        "saxophone",
        "seen live",
        "virtuosic",
        "vocal harmony",
    )
)
"""Tags that name no kind of music, in the catalogue or in what people write on Last.fm."""

NIGHT: Final = frozenset(
    (
        "boom bap",
        "chillwave",
        "cool jazz",
        "deep house",
        "downtempo",
        "instrumental hip hop",
        "jazz rap",
        "lo-fi beats",
        "neo soul",
        "r&b",
        "trip hop",
        "vocal jazz",
    )
)
"""Genres that are "Late-night" when they are chill."""

SPELLINGS: Final = {
    "drum and bass": "Drum 'n' Bass",
    "ebm": "EBM",
    "edm": "EDM",
    "film score": "Film Scores",
    "game score": "Game Scores",
    "idm": "IDM",
    "k-pop": "K-Pop",
    "lo-fi beats": "Lo-fi",
    "mpb": "MPB",
    "r&b": "R&B",
    "rnb": "R&B",
    "rock and roll": "Rock 'n' Roll",
    "singer-songwriter": "Singer-Songwriters",
    "uk garage": "UK Garage",
}


@dataclass(frozen=True, slots=True)
class SharedTag:
    """A tag of a group: its ``strength`` over all members, more for rarer tags, and the share 0..1
    of the group it ``covers``.
    """

    name: str
    strength: float
    covers: float


@dataclass(frozen=True, slots=True)
class Title:
    """A name and what it is made of: tags, and an artist where tags alone would not tell."""

    text: str
    tags: tuple[str, ...]
    core: str = ""


def titles(shared: Sequence[SharedTag], core: str) -> Iterator[Title]:
    """Names for a group with these tags, the strongest first, around the artist ``core``: the best
    one first, the last one always there.
    """
    genres = [tag for tag in shared if tag.name not in ADJECTIVES and tag.name not in NO_NAME]
    wide = [tag for tag in genres if tag.covers >= FIRST_COVERS] or genres
    if wide:
        first = _most_specific(wide)
        for tag in genres:
            if _stands_beside(tag, first):
                yield Title(_pair(first.name, tag.name), (first.name, tag.name))
        for tag in shared:
            if _describes(tag, first):
                yield Title(_described(tag.name, first.name), (first.name, tag.name))
        yield Title(_spelt(first.name), (first.name,))
        yield Title(f"{_spelt(first.name)} around {core}", (first.name,), core)
    yield Title(f"Around {core}", (), core)


def _most_specific(genres: Sequence[SharedTag]) -> SharedTag:
    """The strongest genre, or a narrower one of the same name that is nearly as strong."""
    first = genres[0]
    for tag in genres[1:]:
        narrower = set(first.name.split()) < set(tag.name.split())
        if narrower and tag.strength >= SECOND_AT_LEAST * first.strength:
            return tag
    return first


def _stands_beside(tag: SharedTag, first: SharedTag) -> bool:
    words, others = set(tag.name.split()), set(first.name.split())
    return (
        not (words <= others or others <= words)
        and tag.strength >= SECOND_AT_LEAST * first.strength
        and tag.covers >= SECOND_COVERS
    )


def _describes(tag: SharedTag, first: SharedTag) -> bool:
    return (
        tag.name in ADJECTIVES
        and tag.name[:3] not in first.name
        and not (tag.name == "british" and "uk" in first.name.split())
        and tag.strength >= ADJECTIVE_AT_LEAST * first.strength
        and tag.covers >= ADJECTIVE_COVERS
    )


def _pair(first: str, second: str) -> str:
    """Both names; the word they end in is said once: "Indie & Alternative Rock"."""
    one, other = first.split(), second.split()
    if len(one) == len(other) == 2 and one[1] == other[1]:
        return f"{_spelt(one[0])} & {_spelt(second)}"
    return f"{_spelt(first)} & {_spelt(second)}"


def _described(adjective: str, genre: str) -> str:
    how = ADJECTIVES[adjective]
    if adjective == "chill" and genre in NIGHT:
        how = "Late-night"
    return f"{how} {_spelt(genre)}"


def _spelt(genre: str) -> str:
    return SPELLINGS.get(genre) or " ".join(map(_capital, genre.split()))


def _capital(word: str) -> str:
    return "-".join(part[:1].upper() + part[1:] for part in word.split("-"))
