"""Reading the Groove MIDI Dataset: what drummers hit, how hard, and how far from the grid."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

import mido

from generator.learned import FAMILIES
from generator.learned.grooves import CLASSES
from generator.learned.make.corpora import MIDI_FAULTS, MOST_EVENTS, Report, read_archive

ARCHIVE: Final = "groove.tar.gz"
KEYS: Final = {
    36: "kick", 37: "snare", 38: "snare", 40: "snare", 43: "tom", 45: "tom", 47: "tom", 48: "tom",
    50: "tom", 58: "tom", 22: "hat", 42: "hat", 44: "hat", 26: "open", 46: "open", 49: "crash",
    52: "crash", 55: "crash", 57: "crash", 51: "ride", 53: "ride", 59: "ride",
}  # fmt: skip
GHOST: Final = 50
"""Snare strokes softer than this (velocity) are ghost notes."""
SWUNG: Final = (0.6, 0.71)
STRAIGHT: Final = ((0.44, 0.56), (0.71, 0.82))
"""Shares of a beat: around two thirds; around the half and the last sixteenth."""
SHORTEST_BARS: Final = 2


@dataclass(frozen=True, slots=True)
class Hit:
    """``at`` in sixteenths from the beginning, ``late_ms`` how late, ``drum`` an index of
    `generator.learned.grooves.CLASSES`."""

    at: int
    late_ms: float
    drum: int
    velocity: int


@dataclass(frozen=True, slots=True)
class Performance:
    """One recording: ``families`` it belongs to, ``swing`` the share of a beat that its first
    eighth takes (.5 is straight)."""

    name: str
    families: tuple[str, ...]
    bpm: int
    swing: float
    hits: tuple[Hit, ...]

    @property
    def bars(self) -> int:
        return self.hits[-1].at // 16 + 1

    def sets(self) -> tuple[list[int], list[int]]:
        """For each sixteenth, from the first bar to the last: the classes hit, as bits; and its
        place in the bar."""
        tokens = [0] * (16 * self.bars)
        for hit in self.hits:
            tokens[hit.at] |= 1 << hit.drum
        return tokens, [at % 16 for at in range(len(tokens))]


def read_performances(report: Report) -> list[Performance]:
    """Every beat in 4/4 of a family that has a name, in order of its path."""
    files = read_archive(ARCHIVE, (".mid", "info.csv"))
    content = dict(files)
    table = next(name for name in content if name.endswith("info.csv"))
    rows = list(csv.DictReader(io.StringIO(content.pop(table).decode())))
    root = table.rsplit("/", 1)[0]
    found = []
    by_path = {f"{root}/{row['midi_filename']}": row for row in rows}
    for path, _ in report.progress([(path, b"") for path in sorted(by_path)]):
        row = by_path[path]
        if reason := _unwanted(row):
            report.skip(reason)
        elif path not in content:
            report.skip("no such file")
        elif (performance := _performance(path, row, content[path])) is None:
            report.skip(f"unreadable, or under {SHORTEST_BARS} bars")
        else:
            found.append(performance)
    report.read = len(found)
    return found


def families_of(style: str) -> tuple[str, ...]:
    """The families of "latin/brazilian-samba": latin and brazilian."""
    first, _, second = style.partition("/")
    return tuple(name for name in (first, second.partition("-")[0]) if name in FAMILIES)


def _unwanted(row: dict[str, str]) -> str:
    if row["beat_type"] != "beat":
        return "a fill"
    if row["time_signature"] != "4-4":
        return "not in 4/4"
    return "" if families_of(row["style"]) else "a family with too few bars"


def _performance(path: str, row: dict[str, str], content: bytes) -> Performance | None:
    try:
        song = mido.MidiFile(file=io.BytesIO(content), clip=True)
    except MIDI_FAULTS:
        return None
    struck = [each for track in song.tracks for each in _struck(track, song.ticks_per_beat)]
    if not struck or max(beat for beat, _, _ in struck) < 4 * SHORTEST_BARS:
        return None
    bpm = int(row["bpm"])
    swing = swing_of([beat for beat, _, _ in struck])
    hits = sorted((_hit(each, swing, bpm) for each in struck), key=lambda hit: (hit.at, hit.drum))
    name = path.split("/", 1)[1]
    return Performance(name, families_of(row["style"]), bpm, swing, tuple(hits))


def _struck(track: mido.MidiTrack, beat: int) -> list[tuple[float, str, int]]:
    """(beat, class, velocity) of the track's strokes."""
    found, now = [], 0
    for message in track[:MOST_EVENTS]:
        now += message.time
        if message.type == "note_on" and message.velocity > 0 and message.note in KEYS:
            found.append((now / beat, KEYS[message.note], message.velocity))
    return found


def swing_of(beats: Sequence[float]) -> float:
    """Where in the beat its second eighth is played: .5 unless more strokes lie around two thirds
    than around the half and the last sixteenth together."""
    shares = [beat % 1.0 for beat in beats]
    swung = [share for share in shares if SWUNG[0] <= share <= SWUNG[1]]
    straight = sum(low <= share <= high for share in shares for low, high in STRAIGHT)
    return round(median(swung), 3) if len(swung) > straight else 0.5


def _hit(struck: tuple[float, str, int], swing: float, bpm: int) -> Hit:
    """The stroke on the nearest sixteenth of the swung beat, and its distance from there."""
    beat, drum, velocity = struck
    whole, share = divmod(beat, 1.0)
    even = share / swing / 2 if share < swing else 0.5 + (share - swing) / (1 - swing) / 2
    step = round(4 * even)
    place = step / 4
    swung = place * 2 * swing if place < 0.5 else swing + (place - 0.5) * 2 * (1 - swing)
    late = (share - swung) * 60_000 / bpm
    if drum == "snare" and velocity < GHOST:
        drum = "ghost"
    return Hit(int(whole) * 4 + step, late, CLASSES.index(drum), velocity)
