"""What a style file may say about writing: one frozen dataclass a table, checked when it is read.

Rhythms are *cells*: one character a sixteenth, blanks and bars (``|``) for the eye only, whole
bars long. Chances and levels are shares 0..1; milliseconds are named ``..._ms``; pitches are MIDI
numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from generator.learned import FAMILIES
from generator.seed import PARTS
from generator.spec import BAR_CHOICES
from generator.theory import Key, harmony, mode_named

STEPS_PER_BAR: Final = 16
SECTION_TEXT: Final = re.compile(r"([A-Za-z]+)('*)(\d+)")
COLOURS: Final = {"none", "seventh", "ninth", "add9", "sus2", "sus4"}


def read_cell(text: str, letters: str, bars_only: bool = True) -> str:
    """The cell without its spacing; ValueError for a letter not in ``letters`` or a broken bar."""
    cell = text.replace(" ", "").replace("|", "")
    if wrong := set(cell) - set(letters):
        raise ValueError(f"{text!r}: {min(wrong)!r} is none of {letters!r}.")
    if not cell or (bars_only and len(cell) % STEPS_PER_BAR):
        raise ValueError(f"{text!r} has {len(cell)} steps; a bar has {STEPS_PER_BAR}.")
    return cell


def check_share(value: float, name: str) -> None:
    """ValueError for a share outside 0..1."""
    if not 0.0 <= value <= 1.0:
        raise ValueError(f"{name} is a share from 0 to 1; {value} is not.")


def check_parts(names: Iterable[str]) -> None:
    """ValueError for a name that no part has."""
    if wrong := set(names) - set(PARTS):
        raise ValueError(f"{min(wrong)!r} is no part; known: {', '.join(PARTS)}.")


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
    """Time that is not on the grid. ``swing`` is the share of a pair of ``grid`` notes (beats)
    that the first takes (.5 is straight); ``late_ms`` and ``loose_ms`` by part: constant lag and
    its spread. ``groove`` names the drummers' family (`generator.learned.FAMILIES`) whose timing
    and accents the drums take over, ``human`` how much of them, 0..1; the kick keeps the grid.
    The ``straight`` parts do not swing."""

    swing: float = 0.5
    grid: float = 0.25
    late_ms: dict[str, float] = field(default_factory=dict)
    loose_ms: dict[str, float] = field(default_factory=dict)
    groove: str = ""
    human: float = 0.5
    straight: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_share(self.human, "human")
        if self.groove and self.groove not in FAMILIES:
            raise ValueError(
                f"no groove {self.groove!r} was learned; known: {', '.join(FAMILIES)}."
            )
        check_parts(self.late_ms)
        check_parts(self.loose_ms)
        check_parts(self.straight)


@dataclass(frozen=True, slots=True)
class SectionKind:
    """What a section is like: ``play`` is how much each part does (absent: silent), ``rest`` the
    chance that it sits this section out in a clip of 16 bars or more, ``enter`` after how many
    bars it begins, ``leave`` how many bars before the end it stops, ``rise`` how much it gains (or,
    below 0, loses) until the end, ``grow`` how much the section's own energy does. ``borrows``
    names the section whose material it plays, ``lift`` raises arp and lead by semitones. At its
    end ``fill`` is how much of the last bar a drum fill may take, ``breath`` the chance that the
    kick leaves that bar."""

    energy: float
    play: dict[str, float]
    rest: dict[str, float] = field(default_factory=dict)
    enter: dict[str, int] = field(default_factory=dict)
    leave: dict[str, int] = field(default_factory=dict)
    rise: dict[str, float] = field(default_factory=dict)
    grow: float = 0.0
    borrows: str = ""
    lift: int = 0
    fill: float = 0.5
    breath: float = 0.0
    crash: bool = True

    def __post_init__(self) -> None:
        for table in (self.play, self.rest, self.enter, self.leave, self.rise):
            check_parts(table)


@dataclass(frozen=True, slots=True)
class Form:
    """``plans`` by number of bars: "A4 A'4 B4 A'4" names sections and their lengths; a mark (')
    plays the section's material with variation. ``late`` is the chance by part that it joins a
    section of four bars or more at its middle."""

    sections: dict[str, SectionKind]
    plans: dict[str, tuple[str, ...]]
    late: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for bars in BAR_CHOICES:
            if not self.plans.get(str(bars)):
                raise ValueError(f"there is no plan for {bars} bars.")
        for name, kind in self.sections.items():
            if kind.borrows and kind.borrows not in self.sections:
                raise ValueError(f"section {name!r} borrows from {kind.borrows!r}, which is none.")
        check_parts(self.late)
        for length, texts in self.plans.items():
            for text in texts:
                self._check(text, int(length))

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
    """``chords`` in roman numerals, bars divided by ``|``; ``section`` limits it to that
    material."""

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
    ``pedal`` is the chance that a section's bass stays on the tonic; ``turn`` the chance that a
    repeated section ends with one of its mode's ``turnarounds``, half a bar each chord;
    ``learned`` the share of progressions drawn from what songs do (`generator.learned.chords`)
    instead of from the list."""

    progressions: tuple[Progression, ...]
    colours: dict[str, float] = field(default_factory=dict)
    pedal: float = 0.0
    turn: float = 0.0
    turnarounds: dict[str, tuple[str, ...]] = field(default_factory=dict)
    learned: float = 0.0

    def __post_init__(self) -> None:
        check_share(self.learned, "learned")
        for mode in ("minor", "major"):
            if not any(each.mode == mode for each in self.progressions):
                raise ValueError(f"there is no progression in {mode}.")
        for mode, numerals in self.turnarounds.items():
            for roman in numerals:
                harmony(Key(0, mode_named(mode)), roman)
        if unknown := set(self.colours) - COLOURS:
            raise ValueError(f"{min(unknown)!r} is no colour; known: {sorted(COLOURS)}.")
