"""Artist names as people type them: one key per artist, exact and fuzzy lookup, autocomplete.

Two spellings are the same artist when their keys are equal. A key has no case, accents, spaces or
punctuation, no leading "The" and no "feat." tail, and "&" and "'n'" are "and":
``normalise("The Midnight feat. Nikki Flores") == normalise("midnight") == "midnight"``.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from typing import Final

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

MAX_NAME: Final = 200

_LETTERS: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "$": "s"}
)
# Latin, Greek and Cyrillic accents, but for the one that makes another letter of a Cyrillic i;
# Hebrew points; Arabic vowel signs and hamza. Signs of other scripts are letters.
_ACCENTS: Final = re.compile(
    "[\u0300-\u0305\u0307-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670]"
    "|(?<!\u0438)\u0306"
)
_FEATURING: Final = re.compile(
    r"(?<=\S)\s+(?:[(\[]?(?:feat|ft|featuring)\b\.?\s|[(\[]with\s).*$", re.DOTALL
)
_TRAILING_THE: Final = re.compile(r"^(.+),\s*the$", re.DOTALL)
_AND: Final = re.compile(r"&|(?<=\s)\+(?=\s)|(?<=\w[\s-])['’]?n['’]?(?=[\s-]\w)")
_BESIDE: Final = re.compile(r"\s*,\s*|\s+(?:&|\+|and|with|x|vs\.?)\s+", re.IGNORECASE)
_LOOSE: Final = frozenset({"and", "the"})
_SILENT: Final = re.compile(r"[.'’‘`´]")
# South and South-East Asian vowel signs count too: without them many a name would be another's.
_WORD: Final = re.compile(
    "(?:[^\\W_]|[\u0900-\u0963\u0966-\u0dff\u0e00-\u0e4e\u0e50-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17d3])+"
)
_UNPRINTABLE: Final = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029]+")

_FUZZY: Final = 86.0
_FUZZY_SHORT: Final = 92.0
_CLEAR_LEAD: Final = 3.0
_SHORT: Final = 6
_SWAPPED: Final = 80.0
_LONG_ENOUGH_TO_SLIP: Final = 5
_NEAR: Final = 55.0


def clean(name: str) -> str:
    """``name`` fit to be stored and shown: one line, single spaces, at most ``MAX_NAME``
    characters.
    """
    return _UNPRINTABLE.sub(" ", name[: 4 * MAX_NAME]).strip()[:MAX_NAME].rstrip()


def words(name: str) -> list[str]:
    """The words of a name that matter when two spellings are compared; never empty for visible
    text.
    """
    text = name.casefold()
    if _is_plain(text):
        return _without_the(text.split())
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).translate(_LETTERS)
        text = unicodedata.normalize("NFC", _ACCENTS.sub("", text)).casefold()
    text = text.strip()
    text = _TRAILING_THE.sub(r"\1", _FEATURING.sub("", text))
    text = _SILENT.sub("", _AND.sub(" and ", text)).replace("$", "s")
    text = re.sub(r"(?<=\w)!(?=\w)", "i", text)
    found = _WORD.findall(text)
    if not found:
        return ["".join(name.casefold().split())] if name.strip() else []
    return _without_the(found)


def _is_plain(text: str) -> bool:
    """Whether nothing but spaces has to go: so it is with most names, and quickly told."""
    return (
        text.isascii()
        and text.replace(" ", "").isalnum()
        and " f" not in text  # it may be a "feat."
        and " n " not in text
    )


def _without_the(found: list[str]) -> list[str]:
    return found[1:] if len(found) > 1 and found[0] == "the" else found


@lru_cache(maxsize=65_536)
def normalise(name: str) -> str:
    """The key of an artist's name; "" only for a name without visible characters."""
    return "".join(words(name))


class NameIndex:
    """Names in a fixed order, found by what people type. Immutable; answers positions in that
    order.

    ``keys`` are the names' keys where the caller has them already; two names with one key resolve
    to the first. A position that is not among ``shown`` answers to its exact name only: no search
    tells that it is there. :meth:`prepare` builds the tables for :meth:`suggest` (about a second
    for 100,000 names), which otherwise happens on first use.
    """

    def __init__(
        self,
        names: Sequence[str],
        keys: Sequence[str] | None = None,
        *,
        shown: Sequence[int] | None = None,
    ) -> None:
        self.names: Final = tuple(names)
        self.keys: Final = tuple(map(normalise, names)) if keys is None else tuple(keys)
        self._shown: Final = range(len(self.names)) if shown is None else tuple(shown)
        everyone = len(self._shown) == len(self.names)
        self._shown_keys: Final = (
            self.keys if everyone else [self.keys[position] for position in self._shown]
        )
        self._positions: Final = dict(
            zip(reversed(self.keys), _countdown(len(self.keys)), strict=True)
        )
        apart = len(self._positions) == len(self.keys)
        places = range(len(self)) if apart else map(self._positions.__getitem__, self.keys)
        self._spelt: Final = dict(zip(self.names, places, strict=True))

    def __len__(self) -> int:
        return len(self.names)

    def showing(self, shown: Sequence[int]) -> NameIndex:
        """The same names, of which searches find those at the positions ``shown`` alone."""
        return NameIndex(self.names, self.keys, shown=shown)

    def prepare(self) -> None:
        """Builds now what the first search would have to wait for."""
        self.suggest("a")
        self.find("a b c d")

    def get(self, name: str) -> int | None:
        """The position of exactly this artist (by key), or None."""
        position = self._spelt.get(name)
        return self._positions.get(normalise(name)) if position is None else position

    def find(self, text: str) -> int | None:
        """What ``text`` means: that artist, else the first of several that it names side by side,
        else the one surname that fits, else one clear near-miss.
        """
        key = normalise(clean(text))
        exact = self._positions.get(key)
        if exact is not None or len(key) < 4:
            return exact
        if (first := self._first_of_several(text)) is not None:
            return first
        loose = self._loosely.get(_loose(words(clean(text))))
        if loose is not None:
            return loose
        endings = self._starting_with(self._later_words, key, exactly=True)
        if len(endings) == 1:
            return endings[0]
        return None if endings else self._near_miss(key)

    def suggest(self, typed: str, limit: int = 25) -> list[int]:
        """Completions of ``typed``: names beginning so, then names with a word beginning so, then
        fuzzy.
        """
        key = normalise(clean(typed))
        if not key:
            return list(self._shown[:limit])
        found = dict.fromkeys(self._starting_with(self._whole_names, key, limit=limit))
        if len(found) < limit:
            found |= dict.fromkeys(self._starting_with(self._later_words, key, limit=limit))
        if len(found) < limit and len(key) >= 3:
            found |= dict.fromkeys(self._fuzzy(key, limit, 70.0))
        return list(found)[:limit]

    def nearest(self, text: str, limit: int = 3) -> list[int]:
        """The names most like ``text``, best first, for "did you mean"; empty when nothing is
        close.
        """
        return self._fuzzy(normalise(clean(text)), limit, _NEAR)

    def _first_of_several(self, text: str) -> int | None:
        """The first of artists that ``text`` lists, all of whom are known by exactly those names;
        "Sleeping with Sirens" is none.
        """
        parts = _BESIDE.split(clean(text))
        found = [self._positions.get(normalise(part)) for part in parts]
        return found[0] if len(found) > 1 and None not in found else None

    def _near_miss(self, key: str) -> int | None:
        floor = _FUZZY if len(key) >= _SHORT else _FUZZY_SHORT
        best = process.extract(
            key, self._shown_keys, scorer=fuzz.ratio, limit=2, score_cutoff=min(floor, _SWAPPED)
        )
        if not best or (len(best) > 1 and best[0][1] - best[1][1] < _CLEAR_LEAD):
            return None
        # The ratio takes two letters that changed places for two mistakes.
        found, likeness, place = best[0]
        slip = len(key) >= _LONG_ENOUGH_TO_SLIP and OSA.distance(key, found, score_cutoff=1) == 1
        return self._shown[place] if likeness >= floor or slip else None

    def _fuzzy(self, key: str, limit: int, floor: float) -> list[int]:
        hits = process.extract(
            key, self._shown_keys, scorer=fuzz.ratio, limit=limit, score_cutoff=floor
        )
        return [self._shown[place] for _, _, place in hits]

    @cached_property
    def _whole_names(self) -> tuple[list[str], list[int]]:
        return _sorted_table((self.keys[position], position) for position in self._shown)

    @property
    def _later_words(self) -> tuple[list[str], list[int]]:
        return self._by_words[0]

    @property
    def _loosely(self) -> dict[str, int]:
        """Shown positions by their names without "and" and "the", where that is one artist."""
        return self._by_words[1]

    @cached_property
    def _by_words(self) -> tuple[tuple[list[str], list[int]], dict[str, int]]:
        endings: list[tuple[str, int]] = []
        loosely: dict[str, set[int]] = {}
        for position in self._shown:
            parts = words(self.names[position])
            endings += ((ending, position) for ending in _endings(parts))
            if not _LOOSE.isdisjoint(parts):
                loosely.setdefault(_loose(parts), set()).add(position)
        single = {
            loose: min(meant)
            for loose, meant in loosely.items()
            if loose and len(meant) == 1 and loose not in self._positions
        }
        return _sorted_table(iter(endings)), single

    @staticmethod
    def _starting_with(
        table: tuple[list[str], list[int]], key: str, *, limit: int = 2, exactly: bool = False
    ) -> list[int]:
        texts, positions = table
        found: list[int] = []
        for at in range(bisect_left(texts, key), len(texts)):
            if len(found) == limit or not texts[at].startswith(key):
                break
            if not exactly or texts[at] == key:
                found.append(positions[at])
        return found


def _loose(parts: list[str]) -> str:
    return "".join(part for part in parts if part not in _LOOSE)


def _countdown(count: int) -> range:
    return range(count - 1, -1, -1)


def _endings(parts: list[str]) -> Iterator[str]:
    """What a name is from its second word on, from its third word on, and so forth."""
    return ("".join(parts[start:]) for start in range(1, len(parts)))


def _sorted_table(entries: Iterator[tuple[str, int]]) -> tuple[list[str], list[int]]:
    ordered = sorted(entries)
    return [text for text, _ in ordered], [position for _, position in ordered]
