"""The score: what is played, before anything sounds. Times are in beats from the clip's start."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

KICK: Final = 36
SIDE_STICK: Final = 37
SNARE: Final = 38
CLAP: Final = 39
OTHER_SNARE: Final = 40
CLOSED_HAT: Final = 42
PEDAL_HAT: Final = 44
OPEN_HAT: Final = 46
LOW_TOM: Final = 45
MID_TOM: Final = 47
HIGH_TOM: Final = 50
CRASH: Final = 49
RIDE: Final = 51
RIDE_BELL: Final = 53
TAMBOURINE: Final = 54
SPLASH: Final = 55
COWBELL: Final = 56
HIGH_BONGO: Final = 60
LOW_BONGO: Final = 61
MUTE_CONGA: Final = 62
HIGH_CONGA: Final = 63
LOW_CONGA: Final = 64
AGOGO: Final = 67
SHAKER: Final = 70
GUIRO: Final = 73
CLAVES: Final = 75

FX_HIT: Final = 36
FX_BED: Final = 60
FX_FALL: Final = 71
FX_RISE: Final = 72
FX_SWELL: Final = 73
"""What the fx part means by its pitches: an impact, a soft texture, a downlifter, a riser and a
reversed cymbal, each over its note's length."""


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """One note: ``start`` and ``length`` in beats, ``velocity`` 1..127, ``pitch`` as a MIDI number.

    A drum's pitch is its General MIDI percussion key. A note may cross the end of the clip: it
    wraps to its start.
    """

    start: float
    length: float
    pitch: int
    velocity: int


@dataclass(frozen=True, slots=True)
class Chord:
    """A chord sounding from ``start`` for ``length`` beats.

    ``root`` is a pitch class 0..11 (C = 0), ``tones`` the pitch classes from the root upwards,
    ``symbol`` what a musician writes ("Dm7").
    """

    start: float
    length: float
    root: int
    tones: tuple[int, ...]
    symbol: str


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of the form: ``name`` as listeners say ("A", "B", "break"), ``energy`` 0..1."""

    name: str
    start_bar: int
    bars: int
    energy: float


@dataclass(frozen=True, slots=True)
class Part:
    """Everything one player plays, in order of start, then pitch."""

    name: str
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """A whole clip on paper. ``key`` reads "D minor"; swing is already inside the notes' times."""

    bpm: int
    key: str
    bars: int
    sections: tuple[Section, ...]
    chords: tuple[Chord, ...]
    parts: tuple[Part, ...]
    beats_per_bar: int = 4

    @property
    def beats(self) -> int:
        return self.bars * self.beats_per_bar

    @property
    def seconds(self) -> float:
        return self.beats * 60.0 / self.bpm

    def part(self, name: str) -> Part:
        """The part of that name; KeyError if nobody plays it."""
        for part in self.parts:
            if part.name == name:
                return part
        raise KeyError(name)
