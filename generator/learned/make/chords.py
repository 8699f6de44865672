"""Chord chains from the McGill Billboard annotations, moods from free-midi-chords.

``python -m generator.learned.make.chords`` writes ``tables/chords.json``.
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Final

from generator.learned.chords import QUALITIES, SHAPE_BARS, TABLE, TOKENS
from generator.learned.make.annotations import Bar, Song, read_songs
from generator.learned.make.corpora import Report, corpora_folder, write_table
from generator.learned.model import Chain
from generator.theory import ACCIDENTALS, NUMERALS, SCALES

ORDER: Final = 2
"""Order 3 takes three times the room for .03 bits a chord less (the mean of six random splits;
`benchmarks/learned.py` has one)."""
MODES: Final = ("major", "minor")
FEWEST_SONGS: Final = 6
PROGRESSIONS: Final = "progressions.csv"
MOST_ROWS: Final = 10_000
NUMERAL: Final = re.compile(r"([b#]?)([IVX]+|[ivx]+)(.*)")
DOUBT: Final = 30.0
"""A mood's shares count as much as everyone's when so many chords were tagged with it."""
TILT_RANGE: Final = (0.5, 2.0)
MOODS: Final = {
    "bright": {"Joyful", "Hopeful", "Playful", "Triumphant", "Excited"},
    "dark": {"Dark", "Sad", "Anguished", "Fearful", "Lonely"},
    "dreamy": {"Romantic", "Tender", "Relaxed", "Peaceful", "Spiritual"},
    "tense": {"Mysterious", "Surprised", "Fearful", "Dramatic", "Anguished"},
    "nostalgic": {"Nostalgic", "Lonely"},
    "driving": {"Rebellious", "Triumphant", "Empowered", "Excited"},
}
"""Our moods, and the words of the progressions' list that mean them."""

Kind = tuple[int, bool]
"""A root above the tonic, and whether the third above it is minor."""


def learn(songs: Iterable[Song], order: int) -> dict[str, Chain]:
    """The chains of changes of chord, by mode."""
    chains = {mode: Chain(TOKENS, order) for mode in MODES}
    for song in songs:
        chains[song.mode].learn(song.changes()[0])
    return chains


def openings(songs: Iterable[Song]) -> dict[str, Chain]:
    """The first chords of phrases, by mode."""
    chains = {mode: Chain(TOKENS, 0) for mode in MODES}
    for song in songs:
        for line in song.lines:
            if line and line[0]:
                chains[song.mode].learn(line[0][:1])
    return chains


def shapes(songs: Iterable[Song]) -> dict[str, int]:
    """In how many songs the chords change like this over four bars; see `Songbook.shapes`."""
    found: Counter[str] = Counter()
    for song in songs:
        if song.four_four:
            groups = (
                line[at : at + SHAPE_BARS]
                for line in song.lines
                for at in range(0, len(line) - SHAPE_BARS + 1, SHAPE_BARS)
            )
            found.update({_shape(group) for group in groups if all(group)})
    enough = {name: n for name, n in found.items() if n >= FEWEST_SONGS and name != "1==="}
    return dict(sorted(enough.items()))


def _shape(bars: Sequence[Bar]) -> str:
    letters, last = "", -1
    for bar in bars:
        first, second = bar[0], bar[len(bar) // 2]
        letters += "2" if second != first else "=" if first == last else "1"
        last = second
    return letters


def read_moods(report: Report) -> dict[str, dict[str, list[float]]]:
    """For each mood and mode how much likelier each token is, by its root and third, than in all
    the list's progressions of that mode; smoothed, and 1 for chords the list does not have."""
    tagged: dict[str, list[tuple[set[Kind], set[str]]]] = {mode: [] for mode in MODES}
    with (corpora_folder() / PROGRESSIONS).open(newline="") as file:
        for row, _ in zip(csv.DictReader(file), range(MOST_ROWS), strict=False):
            kinds = _kinds(row["chords"] or "", row["mode"] or "")
            if not kinds:
                report.skip("no chord that can be read")
                continue
            report.read += 1
            minor = (0, True) in kinds and (0, False) not in kinds
            tagged["minor" if minor else "major"].append((kinds, set((row["moods"] or "").split())))
    return {
        mood: {mode: _tilts(tagged[mode], words) for mode in MODES}
        for mood, words in sorted(MOODS.items())
    }


def _kinds(chords: str, mode: str) -> set[Kind]:
    """The chords of a progression; numerals count along the minor scale where the list says
    min."""
    found = set()
    for word in chords.split():
        match = NUMERAL.fullmatch(word)
        if match and match[2].upper() in NUMERALS:
            scale = SCALES["minor" if mode == "min" else "major"]
            root = scale[NUMERALS.index(match[2].upper())] + ACCIDENTALS[match[1]]
            found.add((root % 12, match[2].islower() or match[3].startswith(("m", "dim"))))
    return found


def _tilts(tagged: Sequence[tuple[set[Kind], set[str]]], words: set[str]) -> list[float]:
    everyone = Counter(kind for kinds, _ in tagged for kind in kinds)
    mood = Counter(kind for kinds, tags in tagged if tags & words for kind in kinds)
    low, high = TILT_RANGE
    tilts = []
    for token in range(TOKENS):
        root, quality = divmod(token, len(QUALITIES))
        kind = root, QUALITIES[quality] in {"min", "min7", "dim"}
        usual = everyone[kind] / everyone.total()
        share = (mood[kind] + DOUBT * usual) / (mood.total() + DOUBT)
        tilts.append(round(min(high, max(low, share / usual)) if usual else 1.0, 3))
    return tilts


def make() -> None:
    """Reads the corpora, writes the table, says what it did."""
    report, listed = Report("McGill Billboard"), Report("free-midi-chords")
    songs = read_songs(report)
    chains = learn(songs, ORDER)
    document: dict[str, Any] = {
        "chains": {mode: chain.as_json() for mode, chain in chains.items()},
        "openings": {mode: chain.as_json() for mode, chain in openings(songs).items()},
        "shapes": shapes(songs),
        "moods": read_moods(listed),
    }
    text = json.dumps(document, separators=(",", ":")) + "\n"
    minor = sum(song.mode == "minor" for song in songs)
    changes = sum(len(song.changes()[0]) for song in songs)
    listed.show()
    report.show(f"{changes:,} changes of chord; {minor} songs in minor", write_table(TABLE, text))


if __name__ == "__main__":
    make()
