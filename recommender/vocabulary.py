"""The catalogue's tags: what other people's tags mean in them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Final

from recommender.names import normalise

MOST_TAGS: Final = 7
HEAVIEST: Final = 5.0

_MEANT: Final = {
    "rnb": "r&b",
    "rhythm and blues": "r&b",
    "dnb": "drum and bass",
    "d&b": "drum and bass",
    "drum n bass": "drum and bass",
    "electronica": "electronic",
    "synth wave": "synthwave",
    "retrowave": "synthwave",
    "hip hop rap": "hip hop",
    "rap": "hip hop",
    "lofi": "lo-fi",
    "lofi hip hop": "lo-fi beats",
    "lo-fi hip hop": "lo-fi beats",
    "prog rock": "progressive rock",
    "prog metal": "progressive metal",
    "psych rock": "psychedelic rock",
    "psytrance goa": "psytrance",
    "alternative": "alternative rock",
    "indie": "indie rock",
    "gothic rock": "goth rock",
    "rock n roll": "rock and roll",
    "hardcore": "hardcore punk",
    "fusion": "jazz fusion",
    "bossanova": "bossa nova",
    "tropicália": "tropicalia",
    "afrobeats": "afropop",
    "soundtrack": "film score",
    "video game music": "game score",
    "vgm": "game score",
    "modern classical": "neoclassical",
    "contemporary classical": "neoclassical",
    "electronic dance music": "edm",
    "female vocalists": "female vocals",
    "female vocalist": "female vocals",
    "chillout": "chill",
    "melancholy": "melancholic",
    "synthesizer": "analog synth",
    "sax": "saxophone",
    "singer songwriter": "singer-songwriter",
    "turkish psychedelic": "anatolian rock",
    "uk": "british",
    "united kingdom": "british",
    "english": "british",
    "france": "french",
    "germany": "german",
    "japan": "japanese",
    "brazil": "brazilian",
    "scandinavian": "nordic",
    "1950s": "50s",
    "1960s": "60s",
    "1970s": "70s",
    "1980s": "80s",
    "1990s": "90s",
    "00s": "2000s",
    "10s": "2010s",
    "20s": "2020s",
}


def in_our_words(tags: Mapping[str, float]) -> dict[str, float]:
    """``tags`` (tag -> how strongly, on any scale) in the catalogue's own words and weights 1..5.

    The strongest ``MOST_TAGS`` that have a word here, heaviest first; others are left out. A tag
    has to reach a twentieth of the strongest, for one person's whim is no tag.
    """
    meant: dict[str, float] = {}
    for tag, weight in tags.items():
        word = _words().get(normalise(tag))
        if word is not None and 0.0 < weight < math.inf:
            meant[word] = max(meant.get(word, 0.0), weight)
    if not meant:
        return {}
    most = max(meant.values())
    strongest = sorted(meant.items(), key=lambda item: (-item[1], item[0]))[:MOST_TAGS]
    return {
        word: max(1.0, float(round(HEAVIEST * weight / most)))
        for word, weight in strongest
        if weight >= most / 20.0
    }


@cache
def _words() -> Mapping[str, str]:
    """Normalised tag to the catalogue's word for it."""
    lines = resources.files("recommender.starter").joinpath("tags.txt").read_text("utf-8")
    words = [line for line in lines.splitlines() if line and not line.startswith("#")]
    known = {normalise(word): word for word in words}
    return {**{normalise(tag): word for tag, word in _MEANT.items()}, **known}
