"""Keys, scales and chords: the musical words the composer writes in. Pitch classes count from C =
0."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from generator.errors import SpecError

Mode = Literal["major", "minor"]

SCALES: Final[dict[Mode, tuple[int, ...]]] = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
}
TONIC_NAMES: Final[dict[Mode, tuple[str, ...]]] = {
    "major": ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"),
    "minor": ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B"),
}
LETTERS: Final = "CDEFGAB"
NATURALS: Final = dict(zip(LETTERS, SCALES["major"], strict=True))
ACCIDENTALS: Final = {"": 0, "#": 1, "b": -1, "♯": 1, "♭": -1, "sharp": 1, "flat": -1}
MODE_WORDS: Final[dict[str, Mode]] = {
    "": "major", "M": "major", "m": "minor", "maj": "major", "major": "major", "dur": "major",
    "min": "minor", "minor": "minor", "moll": "minor", "mi": "minor",
}  # fmt: skip
KEY_TEXT: Final = re.compile(
    r"\s*([A-Ga-g])[\s\-_]*(#|b|♯|♭|sharp|flat)?[\s\-_]*([A-Za-z]*)\s*", re.IGNORECASE
)

QUALITIES: Final[dict[str, tuple[int, ...]]] = {
    "": (0, 4, 7), "m": (0, 3, 7), "dim": (0, 3, 6), "aug": (0, 4, 8), "5": (0, 7),
    "sus2": (0, 2, 7), "sus4": (0, 5, 7), "6": (0, 4, 7, 9), "m6": (0, 3, 7, 9),
    "7": (0, 4, 7, 10), "m7": (0, 3, 7, 10), "maj7": (0, 4, 7, 11), "mmaj7": (0, 3, 7, 11),
    "m7b5": (0, 3, 6, 10), "dim7": (0, 3, 6, 9), "7sus4": (0, 5, 7, 10),
    "add9": (0, 4, 7, 14), "madd9": (0, 3, 7, 14), "69": (0, 4, 7, 9, 14), "m69": (0, 3, 7, 9, 14),
    "9": (0, 4, 7, 10, 14), "m9": (0, 3, 7, 10, 14), "maj9": (0, 4, 7, 11, 14),
    "9sus4": (0, 5, 7, 10, 14), "m11": (0, 3, 7, 10, 14, 17), "7b9": (0, 4, 7, 10, 13),
    "13": (0, 4, 10, 14, 21),
}  # fmt: skip
WRITTEN: Final = {"madd9": "m(add9)", "mmaj7": "m(maj7)"}
NUMERALS: Final = ("I", "II", "III", "IV", "V", "VI", "VII")
ROMAN_TEXT: Final = re.compile(r"([b#]?)([IViv]+)([a-z0-9]*)(?:/([b#]?)([1-7]))?")
FIXED_QUALITIES: Final = {"dim", "dim7", "m7b5", "aug", "sus2", "sus4", "7sus4", "9sus4", "5"}


@dataclass(frozen=True, slots=True)
class Key:
    """A tonic (pitch class 0..11) and its mode; ``str(key)`` reads "D minor"."""

    tonic: int
    mode: Mode

    @classmethod
    def parse(cls, text: str) -> Key:
        """The key a person means by "Dm", "d minor", "F#", "Bb major" or "c sharp minor".

        A letter alone is major. Raises SpecError, with an example, for anything else.
        """
        match = KEY_TEXT.fullmatch(text)
        if match is None:
            raise _no_such_key(text)
        letter, accidental, word = match.group(1), (match.group(2) or "").lower(), match.group(3)
        mode = MODE_WORDS.get(word if word in {"M", "m"} else word.lower())
        if mode is None:
            raise _no_such_key(text)
        return cls((NATURALS[letter.upper()] + ACCIDENTALS[accidental]) % 12, mode)

    def __str__(self) -> str:
        return f"{self.tonic_name} {self.mode}"

    @property
    def tonic_name(self) -> str:
        """The tonic as its key signature spells it: minor keys prefer C#, Eb, F#, G#, Bb."""
        return TONIC_NAMES[self.mode][self.tonic]

    @property
    def scale(self) -> tuple[int, ...]:
        """The seven pitch classes from the tonic upwards (natural minor, or major)."""
        return tuple((self.tonic + step) % 12 for step in SCALES[self.mode])

    def spell(self, degree: int, pitch_class: int) -> str:
        """The note name of ``pitch_class`` as scale degree ``degree`` (0-based): Bb, not A#, in D
        minor.

        Spellings that would need a double accidental fall back to the plain name.
        """
        letter = LETTERS[(LETTERS.index(self.tonic_name[0]) + degree) % 7]
        offset = (pitch_class - NATURALS[letter] + 6) % 12 - 6
        if abs(offset) > 1:
            return TONIC_NAMES["major"][pitch_class]
        return letter + {0: "", 1: "#", -1: "b"}[offset]


def all_keys() -> tuple[Key, ...]:
    """The 24 keys, major before minor, each from C upwards."""
    return tuple(Key(tonic, mode) for mode in SCALES for tonic in range(12))


@dataclass(frozen=True, slots=True)
class Harmony:
    """A chord in its key: ``degree`` 0-based, ``root`` and ``bass`` pitch classes, ``tones`` pitch
    classes from the root upwards, ``symbol`` as a musician writes it ("Bbmaj7/D")."""

    degree: int
    root: int
    bass: int
    tones: tuple[int, ...]
    symbol: str


def harmony(key: Key, roman: str) -> Harmony:
    """The chord a roman numeral names: "i", "VImaj7", "bII", "V7", "iim7b5", "VII/1".

    Degrees count along the key's own scale (in minor, VI is the flat sixth); upper case is major,
    lower case minor; ``/n`` puts scale degree n in the bass. Raises ValueError for what is not
    such a numeral."""
    match = ROMAN_TEXT.fullmatch(roman)
    if match is None or match.group(2).upper() not in NUMERALS:
        raise ValueError(f"{roman!r} is not a roman numeral such as i, VImaj7 or VII/1.")
    accidental, numeral, suffix, bass_accidental, bass_degree = match.groups()
    degree = NUMERALS.index(numeral.upper())
    root = (key.scale[degree] + ACCIDENTALS[accidental]) % 12
    quality = _quality(roman, minor=numeral.islower(), suffix=suffix)
    tones = tuple(dict.fromkeys((root + step) % 12 for step in QUALITIES[quality]))
    symbol = key.spell(degree, root) + WRITTEN.get(quality, quality)
    if bass_degree is None:
        return Harmony(degree, root, root, tones, symbol)
    number = int(bass_degree) - 1
    bass = (key.scale[number] + ACCIDENTALS[bass_accidental]) % 12
    slash = "" if bass == root else f"/{key.spell(number, bass)}"
    return Harmony(degree, root, bass, tones, symbol + slash)


def over(chord: Harmony, key: Key, bass: int) -> Harmony:
    """The same chord with pitch class ``bass`` below it."""
    if bass == chord.bass:
        return chord
    name = (
        key.spell(key.scale.index(bass), bass) if bass in key.scale else TONIC_NAMES["major"][bass]
    )
    symbol = chord.symbol.partition("/")[0]
    symbol = symbol if bass == chord.root else f"{symbol}/{name}"
    return Harmony(chord.degree, chord.root, bass, chord.tones, symbol)


def _quality(roman: str, *, minor: bool, suffix: str) -> str:
    quality = suffix if suffix in FIXED_QUALITIES or not minor else f"m{suffix}"
    if quality not in QUALITIES:
        raise ValueError(
            f"{roman!r}: no chord is called {quality!r}; known: {', '.join(QUALITIES)}."
        )
    return quality


def _no_such_key(text: str) -> SpecError:
    return SpecError(f"There is no key {text.strip()[:40]!r}; try for example D minor or F# major.")


def mode_named(word: str) -> Mode:
    """The mode a style file names; ValueError for other words."""
    if word not in SCALES:
        raise ValueError(f"{word!r} is not a mode; use major or minor.")
    return word
