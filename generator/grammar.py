"""What a style file may say about writing: one frozen dataclass a table, checked when it is read.

Rhythms are *cells*: one character a sixteenth, blanks and bars (``|``) for the eye only, whole bars long.
Chances and levels are shares 0..1; milliseconds are named ``..._ms``; pitches are MIDI numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from generator import score
from generator.theory import harmony, Key, mode_named

STEPS_PER_BAR: Final = 16
DRUM_LETTERS: Final = {
    "k": score.KICK, "s": score.SNARE, "c": score.CLAP, "i": score.SIDE_STICK,
    "h": score.CLOSED_HAT, "p": score.PEDAL_HAT, "o": score.OPEN_HAT, "r": score.RIDE,
    "t": score.HIGH_TOM, "m": score.MID_TOM, "l": score.LOW_TOM, "x": score.CRASH,
    "b": score.TAMBOURINE, "w": score.COWBELL, "z": score.SHAKER,
}  # fmt: skip


def read_cell(text: str, letters: str, bars_only: bool = True) -> str:
    """The cell without its spacing; ValueError for a letter not in ``letters`` or a broken bar."""
    cell = text.replace(" ", "").replace("|", "")
    if wrong := set(cell) - set(letters):
        raise ValueError(f"{text!r}: {sorted(wrong)[0]!r} is none of {letters!r}.")
    if not cell or (bars_only and len(cell) % STEPS_PER_BAR):
        raise ValueError(f"{text!r} has {len(cell)} steps; a bar has {STEPS_PER_BAR}.")
    return cell


@dataclass(frozen=True, slots=True)
class Tempo:
    low: int
    high: int
    default: int


@dataclass(frozen=True, slots=True)
class Mood:
    """How a mood bends the style: ``modes`` weighs minor and major when nobody chose the key,
    ``brightness`` moves filters by octaves, ``energy`` and ``density`` move what is played,
    ``register`` moves arp and lead by semitones."""

    tempo: tuple[int, int]
    modes: dict[str, float]
    brightness: float = 0.0
    energy: float = 0.0
    density: float = 1.0
    register: int = 0

    def __post_init__(self) -> None:
        for mode in self.modes:
            mode_named(mode)


@dataclass(frozen=True, slots=True)
class Feel:
    """Time that is not on the grid. ``swing`` is the share of a pair of ``grid`` notes (beats) that the
    first takes (.5 is straight); ``late_ms`` and ``loose_ms`` by part: constant lag and its spread."""

    swing: float = 0.5
    grid: float = 0.25
    late_ms: dict[str, float] = field(default_factory=dict)
    loose_ms: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SectionKind:
    """What a section is like: ``play`` is how much each part does (absent: silent), ``borrows`` names
    the section whose material it plays, ``fill`` is how much of its last bar a drum fill takes."""

    energy: float
    play: dict[str, float]
    borrows: str = ""
    fill: float = 0.5
    crash: bool = True


@dataclass(frozen=True, slots=True)
class Form:
    """``plans`` by number of bars: "A4 A'4 B4 A'4" names sections and their lengths; a mark (') plays
    the section's material with variation."""

    sections: dict[str, SectionKind]
    plans: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Progression:
    """``chords`` in roman numerals, bars divided by ``|``; ``section`` limits it to that material."""

    chords: str
    mode: str
    moods: tuple[str, ...] = ()
    section: str = ""
    weight: float = 1.0

    def __post_init__(self) -> None:
        for bar in self.bars:
            for roman in bar:
                harmony(Key(0, mode_named(self.mode)), roman)

    @property
    def bars(self) -> tuple[tuple[str, ...], ...]:
        return tuple(tuple(bar.split()) for bar in self.chords.split("|"))


@dataclass(frozen=True, slots=True)
class HarmonyTable:
    """``colours`` weighs what is added to plain triads: none, seventh, ninth, add9, sus2, sus4;
    ``pedal`` is the chance that a section's bass stays on the tonic."""

    progressions: tuple[Progression, ...]
    colours: dict[str, float] = field(default_factory=dict)
    pedal: float = 0.0


@dataclass(frozen=True, slots=True)
class DrumLayer:
    """Some drums that belong together. It plays where the drums' level is between ``above`` and
    ``below``; a ``shared`` layer belongs to the plan, so that the bass can rely on it."""

    name: str
    cells: tuple[str, ...]
    above: float = 0.0
    below: float = 2.0
    velocity: int = 96
    accents: tuple[float, ...] = (1.0, 0.8, 0.9, 0.8)
    shared: bool = False
    thin: float = 0.0
    ghost: str = ""
    ghosts: float = 0.0
    late_ms: float = 0.0

    def __post_init__(self) -> None:
        letters = "".join(DRUM_LETTERS) + "".join(DRUM_LETTERS).upper() + "."
        for cell in self.cells:
            read_cell(cell, letters)


@dataclass(frozen=True, slots=True)
class DrumTable:
    """``fills`` end a phrase: 4, 8 or 16 steps of drum letters; ``small_fills`` is the chance of a short
    one every fourth bar, ``keep`` the letters that play on under a fill."""

    layers: tuple[DrumLayer, ...]
    fills: tuple[str, ...]
    small_fills: float = 0.5
    keep: str = "k"
    crash: str = "x"

    def __post_init__(self) -> None:
        letters = "".join(DRUM_LETTERS) + "".join(DRUM_LETTERS).upper() + "."
        for fill in self.fills:
            read_cell(fill, letters, bars_only=False)


@dataclass(frozen=True, slots=True)
class BassTable:
    """Cells of degrees above the chord's bass: 1 3 5 6 7 8 (octave), l (fifth below), a (a step from the
    next root), ``-`` holds, ``.`` rests. ``kick`` pulls (or, below 0, pushes) attacks to the kick."""

    cells: tuple[str, ...]
    low: int = 28
    kick: float = 1.0
    approach: float = 0.3
    ornaments: dict[str, float] = field(default_factory=dict)
    gate: float = 0.9
    velocity: int = 98
    accents: tuple[float, ...] = (1.0, 0.84, 0.92, 0.84)

    def __post_init__(self) -> None:
        for cell in self.cells:
            read_cell(cell, "1235678la-.")


@dataclass(frozen=True, slots=True)
class CompTable:
    """Chords for pad or keys. Cells: x the whole chord, t its upper, b its lowest voice, ``-`` holds,
    ``.`` rests; a cell that begins with ``-`` holds over from the bar before."""

    cells: tuple[str, ...]
    low: int
    high: int
    voicings: tuple[str, ...] = ("close", "open", "octave")
    gate: float = 1.0
    velocity: int = 76
    roll_ms: float = 0.0
    accents: tuple[float, ...] = (1.0, 0.9, 0.95, 0.9)

    def __post_init__(self) -> None:
        for cell in self.cells:
            read_cell(cell, "xtb-.")


@dataclass(frozen=True, slots=True)
class ArpTable:
    """Cells of digits that count up the chord's tones from the lowest (``.`` rests); any length: one that
    is no bar runs across the bars. ``rates`` are sixteenths a step."""

    cells: tuple[str, ...]
    low: int
    octaves: int = 2
    rates: tuple[int, ...] = (1,)
    turns: tuple[str, ...] = ("rotate", "invert", "thin", "octave", "retrograde")
    gate: float = 0.7
    velocity: int = 82
    accents: tuple[float, ...] = (1.0, 0.78, 0.9, 0.8)

    def __post_init__(self) -> None:
        for cell in self.cells:
            read_cell(cell, "0123456789.", bars_only=False)


@dataclass(frozen=True, slots=True)
class LeadTable:
    """A melody's habits. ``rhythms``: x attacks, ``-`` holds, ``.`` rests, whole bars long; ``phrases``
    are plans of four-bar phrases in the letters of `generator.compose.lead`."""

    rhythms: tuple[str, ...]
    phrases: tuple[str, ...]
    low: int
    high: int
    leap: float = 0.25
    repeat: float = 0.15
    gate: float = 0.95
    velocity: int = 92
    accents: tuple[float, ...] = (1.0, 0.86, 0.94, 0.86)

    def __post_init__(self) -> None:
        for rhythm in self.rhythms:
            read_cell(rhythm, "x-.")
