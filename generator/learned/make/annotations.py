"""Reading the McGill Billboard annotations: chords relative to the tonic, bar by bar."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from generator.learned.chords import QUALITIES
from generator.learned.make.corpora import Report, read_archive
from generator.theory import ACCIDENTALS, NATURALS, Mode

ARCHIVE: Final = "billboard-chords.tar.gz"
CHORD: Final = re.compile(r"([A-G])([b#]*):([^/\s]+)(?:/\S+)?")
REPEAT: Final = re.compile(r"\|[^|]*\bx(\d)\b[^|]*$")
MOST_REPEATS: Final = 4
LONGEST_LINE: Final = 64
FEWEST_CHORDS: Final = 8
MAJOR_THIRDS: Final[dict[Mode, set[int]]] = {
    "major": {0, 1, 3, 5, 6, 7, 8, 10, 11},
    "minor": {1, 3, 6, 8, 10, 11},
}
"""Roots above the tonic on which a bare fifth is heard as a major chord."""

Bar = tuple[int, ...]
"""The chords of one bar in order, a token each; empty where there is none."""


@dataclass(frozen=True, slots=True)
class Song:
    """``lines`` are phrases, each some bars; tokens are relative to the tonic that holds there."""

    name: str
    mode: Mode
    four_four: bool
    lines: tuple[tuple[Bar, ...], ...]

    def changes(self) -> tuple[list[int], list[int]]:
        """The chords without repeats, and the place of each: its bar in the phrase, modulo 4,
        twice, plus 1 in a bar's second half."""
        tokens: list[int] = []
        places: list[int] = []
        for line in self.lines:
            for at, bar in enumerate(line):
                for slot, token in enumerate(bar):
                    if not tokens or tokens[-1] != token:
                        tokens.append(token)
                        places.append(at % 4 * 2 + (2 * slot >= len(bar)))
        return tokens, places


def read_songs(report: Report) -> list[Song]:
    """Every song of the archive with a tonic and at least eight changes of chord."""
    songs = []
    for path, content in report.progress(read_archive(ARCHIVE, ("salami_chords.txt",))):
        song = read_song(path.split("/")[-2], content.decode("utf-8", "replace"))
        if song is None:
            report.skip("no tonic")
        elif len(song.changes()[0]) < FEWEST_CHORDS:
            report.skip(f"fewer than {FEWEST_CHORDS} changes")
        else:
            songs.append(song)
    report.read = len(songs)
    return songs


def read_song(name: str, text: str) -> Song | None:
    """The song of one annotation; None if it names no tonic."""
    heads = dict(re.findall(r"^# (\w+): *(\S+)", text, re.MULTILINE))
    if "tonic" not in heads:
        return None
    found = list(_lines(text))
    mode = _mode(token for line in found for bar in line for token, _ in bar)
    lines = tuple(
        tuple(tuple(_settled(token, bare, mode) for token, bare in bar) for bar in line)
        for line in found
    )
    return Song(name, mode, heads.get("metre") == "4/4", lines)


def _lines(text: str) -> Iterator[list[list[tuple[int, bool]]]]:
    """The bars of each line, relative to the tonic named last; with each chord whether it lacks a
    third."""
    tonic = 0
    for line in text.splitlines():
        if named := re.fullmatch(r"# tonic: *([A-G])([b#]*)\s*", line):
            tonic = _pitch_class(named[1], named[2])
        if line.startswith("#") or "|" not in line:
            continue
        cells = line.split("|")[1:-1]
        bars = [_bar(cell, tonic) for cell in cells]
        repeat = REPEAT.search(line)
        times = min(int(repeat[1]), MOST_REPEATS) if repeat else 1
        yield (bars * max(1, times))[:LONGEST_LINE]


def _bar(cell: str, tonic: int) -> list[tuple[int, bool]]:
    """The chords of one bar; a dot repeats the one before."""
    chords: list[tuple[int, bool]] = []
    for word in cell.split():
        if match := CHORD.fullmatch(word):
            root = (_pitch_class(match[1], match[2]) - tonic) % 12
            quality = quality_of(match[3])
            chords.append((root * len(QUALITIES) + max(0, quality), quality < 0))
        elif word == "." and chords:
            chords.append(chords[-1])
    return chords


def quality_of(text: str) -> int:
    """The index in QUALITIES of a quality such as min9 or sus4(b7); -1 where there is no third."""
    plain, _, added = text.partition("(")
    if plain in {"1", "5"}:
        return -1
    if plain.startswith(("dim", "hdim")):
        return QUALITIES.index("dim")
    if plain.startswith("sus"):
        return QUALITIES.index("sus4")
    if plain in {"maj7", "maj9", "maj11", "maj13"}:
        return QUALITIES.index("maj7")
    if plain.startswith("min"):
        return QUALITIES.index("min7" if plain in {"min7", "min9", "min11", "min13"} else "min")
    seventh = plain in {"7", "9", "11", "13"} or added.startswith("b7")
    return QUALITIES.index("7" if seventh else "maj")


def _settled(token: int, bare: bool, mode: Mode) -> int:
    """The token, a bare fifth read as the triad its mode has there."""
    if not bare:
        return token
    return token + (token // len(QUALITIES) not in MAJOR_THIRDS[mode])


def _mode(tokens: Iterator[tuple[int, bool]] | Iterator[int]) -> Mode:
    """Minor if the chords on the tonic are minor more often than major."""
    home: Counter[str] = Counter(
        QUALITIES[token % len(QUALITIES)]
        for token in tokens
        if isinstance(token, int) and token < 7
    )
    minor = home["min"] + home["min7"]
    return "minor" if minor > home["maj"] + home["7"] + home["maj7"] else "major"


def _pitch_class(letter: str, accidentals: str) -> int:
    return (NATURALS[letter] + sum(ACCIDENTALS[each] for each in accidentals)) % 12
