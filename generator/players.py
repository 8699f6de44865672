"""What a style file may say about each player: drums, bass, chords, arpeggio, lead and
effects.

Rhythms are cells as `generator.grammar` reads them; pitches are MIDI numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from generator import score
from generator.grammar import STEPS_PER_BAR, check_share, read_cell

VOICINGS: Final = {
    "close", "open", "octave", "wide", "spread", "rootless", "shell", "guide", "quartal", "fifth",
    "drone",
}  # fmt: skip
HARMONIES: Final = {"", "octaves", "thirds", "sixths"}
TURNS: Final = {"rotate", "invert", "thin", "octave", "retrograde", "none"}
CONTOURS: Final = {"arch", "fall", "rise", "valley", "wave", "flat"}
DRUM_LETTERS: Final = {
    "k": score.KICK, "s": score.SNARE, "c": score.CLAP, "i": score.SIDE_STICK,
    "h": score.CLOSED_HAT, "p": score.PEDAL_HAT, "o": score.OPEN_HAT, "r": score.RIDE,
    "t": score.HIGH_TOM, "m": score.MID_TOM, "l": score.LOW_TOM, "x": score.CRASH,
    "b": score.TAMBOURINE, "w": score.COWBELL, "z": score.SHAKER, "n": score.OTHER_SNARE,
    "f": score.SPLASH, "j": score.RIDE_BELL, "q": score.HIGH_CONGA, "g": score.LOW_CONGA,
    "u": score.MUTE_CONGA, "d": score.HIGH_BONGO, "e": score.LOW_BONGO, "v": score.CLAVES,
    "y": score.GUIRO, "a": score.AGOGO,
}  # fmt: skip

DRUM_CELL: Final = "".join(DRUM_LETTERS) + "".join(DRUM_LETTERS).upper() + "."
BASS_CELL: Final = "12345678lacgx-."
COMP_CELL: Final = "xtbnXTBN12345-."
OCTAVE: Final = 12


def _check_reach(low: int, high: int) -> None:
    if high - low < OCTAVE:
        raise ValueError(f"from {low} to {high} is less than an octave.")


@dataclass(frozen=True, slots=True)
class DrumLayer:
    """Some drums that belong together. It plays where the drums' level is between ``above`` and
    ``below``; a ``shared`` layer belongs to the plan, so that the bass can rely on it. A cell may
    be one, two or four bars long. ``change`` is the chance that the fourth bar is another cell,
    ``thin`` that a weak hit is left out, ``ghosts`` that a free weak step gets a soft ``ghost``.
    ``rolls`` is the chance that an attack becomes a roll of one of ``roll_steps`` strokes a beat
    (6 triplets of sixteenths, 8 thirty-seconds), at most half a beat long. Capitals are
    accents."""

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
    rolls: float = 0.0
    roll_steps: tuple[int, ...] = (6, 8)

    def __post_init__(self) -> None:
        check_share(self.rolls, "rolls")
        if any(not 3 <= strokes <= 16 for strokes in self.roll_steps):
            raise ValueError(f"roll_steps {self.roll_steps} are strokes a beat, 3 to 16.")
        for cell in self.cells:
            read_cell(cell, DRUM_CELL)


@dataclass(frozen=True, slots=True)
class DrumTable:
    """``fills`` end a phrase: 4, 8 or 16 steps of drum letters; ``small_fills`` is the chance of
    a short one every fourth bar, ``keep`` the letters that play on under a fill; ``crash`` marks
    a section's beginning ("" for none); ``learned`` is the chance that a phrase's ghost notes fall
    where drummers of the feel's groove play them."""

    layers: tuple[DrumLayer, ...]
    fills: tuple[str, ...]
    small_fills: float = 0.5
    keep: str = "k"
    crash: str = "x"
    learned: float = 0.0

    def __post_init__(self) -> None:
        check_share(self.learned, "learned")
        if sum(layer.shared for layer in self.layers) > 1:
            raise ValueError("only one layer can be shared with the bass.")
        for fill in self.fills:
            read_cell(fill, DRUM_CELL, bars_only=False)


@dataclass(frozen=True, slots=True)
class BassTable:
    """Cells of degrees above the chord's root: 1 to 7, 8 (octave), l (fifth below), g (the root,
    slid into from below), a (a step from the next root), c (a semitone from it), x (a dead note),
    ``-`` holds, ``.`` rests. ``kick`` pulls (or, below 0, pushes) attacks to the kick.
    ``ornaments`` weighs what a weak note may become, and how many of them do (``same``);
    ``windows`` are the lowest pitches a root may have, of which a clip takes one; ``gates``
    likewise the note lengths; ``answer`` is the chance that the phrase's other bars are another
    cell, ``bend`` how often a clip changes its cell a little (a weak note sooner, later, again or
    not at all). ``walk`` is the chance that a section's bass walks in quarter notes instead (in
    halves where the level is below .4), ``skips`` that a walked beat has a dead note after it.
    ``riff`` is the chance that a section is built on one of the ``riffs`` (cells again), which
    whoever plays chords may double."""

    cells: tuple[str, ...]
    windows: tuple[int, ...] = (28,)
    kick: float = 1.0
    approach: float = 0.3
    answer: float = 0.3
    ornaments: dict[str, float] = field(default_factory=dict)
    gates: tuple[float, ...] = (0.9,)
    bend: float = 0.5
    walk: float = 0.0
    skips: float = 0.12
    riff: float = 0.0
    riffs: tuple[str, ...] = ()
    velocity: int = 98
    accents: tuple[float, ...] = (1.0, 0.84, 0.92, 0.84)

    def __post_init__(self) -> None:
        for name in ("bend", "walk", "skips", "riff"):
            check_share(getattr(self, name), name)
        if self.riff and not self.riffs:
            raise ValueError("riff asks for riffs, but there are none.")
        for cell in (*self.cells, *self.riffs):
            read_cell(cell, BASS_CELL)
        if wrong := set(self.ornaments) - {*BASS_CELL, "same"}:
            raise ValueError(f"ornament {min(wrong)!r} is none of {BASS_CELL!r} or same.")


@dataclass(frozen=True, slots=True)
class CompTable:
    """Chords for pad or keys. Cells: x the whole chord, t its upper voices, b its lowest, n the
    next chord early, 1 to 5 a single voice from the bottom (a picked or broken chord), ``-`` holds
    (over a bar line too), ``.`` rests; X T B N are accents. ``answer`` is the chance that every
    other bar has another cell; ``drift`` that a chord struck again takes another inversion;
    ``roll_ms`` spreads a chord from the bottom up, with ``strum`` from the top down off the beat.
    ``bend`` is as in the bass, ``kick`` pulls attacks to the kick; ``riff`` is the chance to
    double the bass's riff where it plays one, in fifths; ``response`` to play only where the
    lead's call leaves room."""

    cells: tuple[str, ...]
    low: int
    high: int
    voicings: tuple[str, ...] = ("close", "open", "octave")
    answer: float = 0.5
    drift: float = 0.0
    gate: float = 1.0
    velocity: int = 76
    roll_ms: float = 0.0
    strum: bool = False
    bend: float = 0.5
    kick: float = 0.0
    riff: float = 0.0
    response: float = 0.0
    accents: tuple[float, ...] = (1.0, 0.9, 0.95, 0.9)

    def __post_init__(self) -> None:
        check_share(self.bend, "bend")
        check_share(self.riff, "riff")
        check_share(self.response, "response")
        _check_reach(self.low, self.high)
        for cell in self.cells:
            read_cell(cell, COMP_CELL)
        if wrong := set(self.voicings) - VOICINGS:
            raise ValueError(f"{min(wrong)!r} is no voicing; known: {sorted(VOICINGS)}.")


@dataclass(frozen=True, slots=True)
class ArpTable:
    """Cells of digits that count up the chord's tones from the lowest (``.`` rests); any length:
    one that is no bar runs across the bars. ``rates`` are sixteenths a step, ``turns`` the
    transformations, ``ends`` the chance that every fourth bar turns once more; ``response`` is the
    chance to play only where the lead's call leaves room."""

    cells: tuple[str, ...]
    low: int
    octaves: int = 2
    rates: tuple[int, ...] = (1,)
    turns: tuple[str, ...] = ("rotate", "invert", "thin", "octave", "retrograde")
    gates: tuple[float, ...] = (0.7,)
    ends: float = 0.5
    response: float = 0.0
    velocity: int = 82
    accents: tuple[float, ...] = (1.0, 0.78, 0.9, 0.8)

    def __post_init__(self) -> None:
        check_share(self.ends, "ends")
        check_share(self.response, "response")
        for cell in self.cells:
            read_cell(cell, "0123456789.", bars_only=False)
        if wrong := set(self.turns) - TURNS:
            raise ValueError(f"{min(wrong)!r} is no turn; known: {sorted(TURNS)}.")


@dataclass(frozen=True, slots=True)
class LeadTable:
    """A melody's habits. ``rhythms``: x attacks, ``-`` holds, ``.`` rests, one or two bars;
    ``phrases`` spell what becomes of the motif (`generator.compose.motif`); a rhythm may begin
    any multiple of ``shift`` sixteenths later; ``contours`` weighs its shapes; ``leap`` and
    ``repeat`` its intervals; ``stack`` adds so many chord tones below every note, ``harmony`` a
    second voice below it ("octaves", "thirds" or "sixths"); ``embellish`` is the chance that a
    repeated section changes a motif; ``call`` that a section's lead leaves some of its bars to
    whoever answers (``response``); with ``cadence`` the clip ends at home; ``learned`` is how much
    the intervals follow those of sung melodies (`generator.learned.melody`), 0..1."""

    rhythms: tuple[str, ...]
    phrases: tuple[str, ...]
    low: int
    high: int
    contours: dict[str, float] = field(default_factory=lambda: dict.fromkeys(sorted(CONTOURS), 1.0))
    leap: float = 0.25
    repeat: float = 0.15
    shift: int = 0
    stack: int = 0
    harmony: str = ""
    call: float = 0.0
    embellish: float = 0.4
    cadence: bool = True
    gate: float = 0.95
    velocity: int = 92
    accents: tuple[float, ...] = (1.0, 0.86, 0.94, 0.86)
    learned: float = 0.0

    def __post_init__(self) -> None:
        check_share(self.learned, "learned")
        check_share(self.call, "call")
        if self.harmony not in HARMONIES:
            raise ValueError(f"{self.harmony!r} is no harmony; known: {sorted(HARMONIES)}.")
        _check_reach(self.low, self.high)
        for rhythm in self.rhythms:
            if len(read_cell(rhythm, "x-.")) > 2 * STEPS_PER_BAR:
                raise ValueError(f"{rhythm!r} is longer than two bars.")
        for phrase in self.phrases:
            read_cell(phrase, "mdsivacfh.", bars_only=False)
        if wrong := set(self.contours) - CONTOURS:
            raise ValueError(f"{min(wrong)!r} is no contour; known: {sorted(CONTOURS)}.")


@dataclass(frozen=True, slots=True)
class FxTable:
    """What happens between sections. A section at least ``step`` stronger than the one before may
    be announced by a riser (chance ``rise``, ``rise_bars`` long) and by a reversed cymbal
    (``swell``, ``swell_beats`` long) and begin with an impact (``hit``); one as much weaker may
    begin with a downlifter (``fall``, ``fall_bars`` long), and so may a drop. ``bed`` is the
    chance that a section of at most ``bed_below`` energy has a soft texture under it; ``specks``
    the share of bars with a short soft sound somewhere. Where nothing happened the clip still has
    a swell back to its start: it is a loop."""

    rise: float = 0.7
    rise_bars: tuple[float, ...] = (0.5, 1.0, 1.5, 2.0)
    swell: float = 0.5
    swell_beats: tuple[float, ...] = (1.0, 2.0, 3.0, 4.0)
    hit: float = 0.6
    fall: float = 0.5
    fall_bars: tuple[float, ...] = (0.5, 1.0, 1.5)
    bed: float = 0.0
    bed_below: float = 0.6
    specks: float = 0.6
    step: float = 0.1
    velocity: int = 88

    def __post_init__(self) -> None:
        for name in ("rise", "swell", "hit", "fall", "bed", "specks"):
            check_share(getattr(self, name), name)
        if any(length <= 0 for length in (*self.rise_bars, *self.swell_beats, *self.fall_bars)):
            raise ValueError("risers, swells and downlifters last longer than nothing.")
