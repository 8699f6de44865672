"""What a style file may say about writing: one frozen dataclass a table, checked when it is read.

Rhythms are *cells*: one character a sixteenth, blanks and bars (``|``) for the eye only, whole bars long.
Chances and levels are shares 0..1; milliseconds are named ``..._ms``; pitches are MIDI numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from generator import score
from generator.spec import BAR_CHOICES
from generator.theory import Key, harmony, mode_named

STEPS_PER_BAR: Final = 16
SECTION_TEXT: Final = re.compile(r"([A-Za-z]+)('*)(\d+)")
COLOURS: Final = {"none", "seventh", "ninth", "add9", "sus2", "sus4"}
VOICINGS: Final = {"close", "open", "octave", "wide", "rootless", "shell", "guide", "fifth"}
TURNS: Final = {"rotate", "invert", "thin", "octave", "retrograde", "none"}
CONTOURS: Final = {"arch", "fall", "rise", "valley", "wave", "flat"}
DRUM_LETTERS: Final = {
    "k": score.KICK, "s": score.SNARE, "c": score.CLAP, "i": score.SIDE_STICK,
    "h": score.CLOSED_HAT, "p": score.PEDAL_HAT, "o": score.OPEN_HAT, "r": score.RIDE,
    "t": score.HIGH_TOM, "m": score.MID_TOM, "l": score.LOW_TOM, "x": score.CRASH,
    "b": score.TAMBOURINE, "w": score.COWBELL, "z": score.SHAKER,
}  # fmt: skip

DRUM_CELL: Final = "".join(DRUM_LETTERS) + "".join(DRUM_LETTERS).upper() + "."
BASS_CELL: Final = "1235678la-."


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
    """What a section is like: ``play`` is how much each part does (absent: silent), ``enter`` after how
    many bars it begins, ``rise`` how much it gains until the end. ``borrows`` names the section whose
    material it plays, ``lift`` raises arp and lead by semitones. At its end ``fill`` is how much of the
    last bar a drum fill may take, ``breath`` the chance that the kick leaves that bar."""

    energy: float
    play: dict[str, float]
    enter: dict[str, int] = field(default_factory=dict)
    rise: dict[str, float] = field(default_factory=dict)
    borrows: str = ""
    lift: int = 0
    fill: float = 0.5
    breath: float = 0.0
    crash: bool = True


@dataclass(frozen=True, slots=True)
class Form:
    """``plans`` by number of bars: "A4 A'4 B4 A'4" names sections and their lengths; a mark (') plays
    the section's material with variation. ``late`` is the chance that a part outside the rhythm section
    joins a section of four bars or more at its middle."""

    sections: dict[str, SectionKind]
    plans: dict[str, tuple[str, ...]]
    late: float = 0.0

    def __post_init__(self) -> None:
        for bars in BAR_CHOICES:
            if not self.plans.get(str(bars)):
                raise ValueError(f"there is no plan for {bars} bars.")
        for bars, texts in self.plans.items():
            for text in texts:
                self._check(text, int(bars))

    def _check(self, text: str, bars: int) -> None:
        plan = read_plan(text)
        if sum(length for _, _, length in plan) != bars:
            raise ValueError(f"plan {text!r} does not last {bars} bars.")
        for name, _, _ in plan:
            if name not in self.sections:
                raise ValueError(f"plan {text!r}: there is no section {name!r}.")


def read_plan(text: str) -> list[tuple[str, int, int]]:
    """(section, marks, bars) of each word in "A4 A'4 B8"; ValueError for other words."""
    found = []
    for word in text.split():
        match = SECTION_TEXT.fullmatch(word)
        if match is None:
            raise ValueError(f"{word!r} in plan {text!r} does not read like A4 or A'4.")
        found.append((match.group(1), len(match.group(2)), int(match.group(3))))
    return found


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
    """``colours`` weighs what is added to plain triads: none, seventh, ninth, add9, sus2, sus4; ``pedal``
    is the chance that a section's bass stays on the tonic; ``turn`` the chance that a repeated section
    ends with one of its mode's ``turnarounds``, half a bar each chord."""

    progressions: tuple[Progression, ...]
    colours: dict[str, float] = field(default_factory=dict)
    pedal: float = 0.0
    turn: float = 0.0
    turnarounds: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for mode in ("minor", "major"):
            if not any(each.mode == mode for each in self.progressions):
                raise ValueError(f"there is no progression in {mode}.")
        for mode, numerals in self.turnarounds.items():
            for roman in numerals:
                harmony(Key(0, mode_named(mode)), roman)
        if unknown := set(self.colours) - COLOURS:
            raise ValueError(f"{sorted(unknown)[0]!r} is no colour; known: {sorted(COLOURS)}.")


@dataclass(frozen=True, slots=True)
class DrumLayer:
    """Some drums that belong together. It plays where the drums' level is between ``above`` and
    ``below``; a ``shared`` layer belongs to the plan, so that the bass can rely on it. ``change`` is the
    chance that the fourth bar is another cell, ``thin`` that a weak hit is left out, ``ghosts`` that a
    free weak step gets a soft ``ghost``. Capitals are accents."""

    name: str
    cells: tuple[str, ...]
    above: float = 0.0
    below: float = 2.0
    velocity: int = 96
    accents: tuple[float, ...] = (1.0, 0.8, 0.9, 0.8)
    shared: bool = False
    change: float = 0.5
    thin: float = 0.0
    ghost: str = ""
    ghosts: float = 0.0
    late_ms: float = 0.0

    def __post_init__(self) -> None:
        for cell in self.cells:
            read_cell(cell, DRUM_CELL)


@dataclass(frozen=True, slots=True)
class DrumTable:
    """``fills`` end a phrase: 4, 8 or 16 steps of drum letters; ``small_fills`` is the chance of a short
    one every fourth bar, ``keep`` the letters that play on under a fill; ``crash`` marks a section's
    beginning ("" for none)."""

    layers: tuple[DrumLayer, ...]
    fills: tuple[str, ...]
    small_fills: float = 0.5
    keep: str = "k"
    crash: str = "x"

    def __post_init__(self) -> None:
        for fill in self.fills:
            read_cell(fill, DRUM_CELL, bars_only=False)


@dataclass(frozen=True, slots=True)
class BassTable:
    """Cells of degrees above the chord's root: 1 2 3 5 6 7 8 (octave), l (fifth below), a (a step from
    the next root), ``-`` holds, ``.`` rests. ``kick`` pulls (or, below 0, pushes) attacks to the kick.
    ``ornaments`` weighs what a weak note may become, and how many of them do (``same``); ``windows`` are
    the lowest pitches a root may have, of which a clip takes one; ``gates`` likewise the note lengths."""

    cells: tuple[str, ...]
    windows: tuple[int, ...] = (28,)
    kick: float = 1.0
    approach: float = 0.3
    ornaments: dict[str, float] = field(default_factory=dict)
    gates: tuple[float, ...] = (0.9,)
    velocity: int = 98
    accents: tuple[float, ...] = (1.0, 0.84, 0.92, 0.84)

    def __post_init__(self) -> None:
        for cell in self.cells:
            read_cell(cell, BASS_CELL)
        if wrong := set(self.ornaments) - {*BASS_CELL, "same"}:
            raise ValueError(f"ornament {sorted(wrong)[0]!r} is none of {BASS_CELL!r} or same.")


@dataclass(frozen=True, slots=True)
class CompTable:
    """Chords for pad or keys. Cells: x the whole chord, t its upper voices, b its lowest, n the next chord
    early, ``-`` holds (over a bar line too), ``.`` rests. ``drift`` is the chance that a chord struck
    again takes another inversion; ``roll_ms`` spreads a chord from the bottom up."""

    cells: tuple[str, ...]
    low: int
    high: int
    voicings: tuple[str, ...] = ("close", "open", "octave")
    drift: float = 0.0
    gate: float = 1.0
    velocity: int = 76
    roll_ms: float = 0.0
    accents: tuple[float, ...] = (1.0, 0.9, 0.95, 0.9)

    def __post_init__(self) -> None:
        for cell in self.cells:
            read_cell(cell, "xtbn-.")
        if wrong := set(self.voicings) - VOICINGS:
            raise ValueError(f"{sorted(wrong)[0]!r} is no voicing; known: {sorted(VOICINGS)}.")


@dataclass(frozen=True, slots=True)
class ArpTable:
    """Cells of digits that count up the chord's tones from the lowest (``.`` rests); any length: one that
    is no bar runs across the bars. ``rates`` are sixteenths a step, ``turns`` the transformations."""

    cells: tuple[str, ...]
    low: int
    octaves: int = 2
    rates: tuple[int, ...] = (1,)
    turns: tuple[str, ...] = ("rotate", "invert", "thin", "octave", "retrograde")
    gates: tuple[float, ...] = (0.7,)
    velocity: int = 82
    accents: tuple[float, ...] = (1.0, 0.78, 0.9, 0.8)

    def __post_init__(self) -> None:
        for cell in self.cells:
            read_cell(cell, "0123456789.", bars_only=False)
        if wrong := set(self.turns) - TURNS:
            raise ValueError(f"{sorted(wrong)[0]!r} is no turn; known: {sorted(TURNS)}.")


@dataclass(frozen=True, slots=True)
class LeadTable:
    """A melody's habits. ``rhythms``: x attacks, ``-`` holds, ``.`` rests, one or two bars; ``phrases``
    spell what becomes of the motif (`generator.compose.lead`); ``contours`` weighs its shapes; ``leap``
    and ``repeat`` its intervals; ``stack`` adds so many chord tones below every note; ``embellish`` is
    the chance that a repeated section splits a long note; with ``cadence`` the clip ends at home."""

    rhythms: tuple[str, ...]
    phrases: tuple[str, ...]
    low: int
    high: int
    contours: dict[str, float] = field(default_factory=lambda: dict.fromkeys(sorted(CONTOURS), 1.0))
    leap: float = 0.25
    repeat: float = 0.15
    stack: int = 0
    embellish: float = 0.4
    cadence: bool = True
    gate: float = 0.95
    velocity: int = 92
    accents: tuple[float, ...] = (1.0, 0.86, 0.94, 0.86)

    def __post_init__(self) -> None:
        for rhythm in self.rhythms:
            if len(read_cell(rhythm, "x-.")) > 2 * STEPS_PER_BAR:
                raise ValueError(f"{rhythm!r} is longer than two bars.")
        for phrase in self.phrases:
            read_cell(phrase, "mdsivacfh.", bars_only=False)
        if wrong := set(self.contours) - CONTOURS:
            raise ValueError(f"{sorted(wrong)[0]!r} is no contour; known: {sorted(CONTOURS)}.")
