"""Instruments with a nature of their own, as style files fill them: one frozen dataclass a voice.

Times in seconds, frequencies in Hz, pitch offsets in cents, shares from 0 to 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from generator.synth.limits import Limited, choice, number
from generator.synth.shapes import Envelope

BODIES: Final = ("none", "guitar", "lute", "harp", "upright")
SECTIONS: Final = ("strings", "brass", "choir")
VOWELS: Final = ("a", "o", "u", "e", "i")
CHIPS: Final = ("pulse", "triangle", "saw", "noise")
FX: Final = ("rise", "fall", "swell", "hit", "bed")
BEDS: Final = ("air", "rain", "wind", "room", "sea")
DRAWBARS: Final = 9
MOST_OPERATORS: Final = 6


@dataclass(frozen=True, slots=True)
class Operator(Limited):
    """One sine of an `Fm` voice, at ``ratio`` times the note's frequency plus ``hertz``.

    ``to`` = 0 is heard, at amplitude ``level``; ``to`` = n bends the phase of operator n (the
    first is 1; n comes earlier in the list), by ``level`` radians: 0.5 warm, 1.5 bright, 4 harsh.
    ``feedback`` bends its own phase (0.6 mellow, 1.2 nearly a saw). Its envelope: ``attack``, then
    ``decay`` (time constant) to ``sustain``. ``velocity``: how much brighter (a modulator) or
    louder against operator 1 (a carrier) a hard touch makes it. ``follow``: octaves of level for
    each octave above middle C; below 0 high notes are purer.
    """

    ratio: float = number(1.0, 0.0, 32.0)
    hertz: float = number(0.0, -50.0, 5000.0)
    level: float = number(1.0, 0.0, 20.0)
    to: int = number(0, 0, MOST_OPERATORS)
    feedback: float = number(0.0, 0.0, 1.5)
    attack: float = number(0.0, 0.0, 5.0)
    decay: float = number(1.0, 0.005, 20.0)
    sustain: float = number(0.0, 0.0, 1.0)
    velocity: float = number(0.8, 0.0, 4.0)
    follow: float = number(-0.3, -2.0, 2.0)


@dataclass(frozen=True, slots=True)
class Fm(Limited):
    """Frequency modulation (Chowning 1973): one to six ``operators`` under one ``amp`` envelope.

    Electric pianos, bells, marimbas, solid basses, glassy pads. ``key_decay``: how much sooner
    high keys die away (octaves of time an octave). ``spread``: a copy so many cents away makes it
    wide and leaves the mono sum alone: 0 for basses, 4 to 12 for pads. ``vibrato`` in cents. High
    notes keep what fits below 19 kHz.
    """

    operators: tuple[Operator, ...]
    amp: Envelope
    key_decay: float = number(0.4, 0.0, 1.5)
    spread: float = number(0.0, 0.0, 40.0)
    vibrato: float = number(0.0, 0.0, 100.0)
    vibrato_rate: float = number(5.2, 0.1, 10.0)
    vibrato_delay: float = number(0.25, 0.0, 4.0)

    def __post_init__(self) -> None:
        Limited.__post_init__(self)
        if not 1 <= len(self.operators) <= MOST_OPERATORS:
            raise ValueError(f"operators: 1 to {MOST_OPERATORS}, not {len(self.operators)}.")
        for place, operator in enumerate(self.operators, 1):
            if operator.to >= place:
                raise ValueError(f"operator {place} can bend an earlier one, not {operator.to}.")
        if not any(operator.to == 0 and operator.level > 0 for operator in self.operators):
            raise ValueError("operators: none is heard; one needs to = 0 and a level.")


@dataclass(frozen=True, slots=True)
class Plucked(Limited):
    """A plucked string: every partial rings and dies as on a real one.

    ``decay``: seconds until A3 has fallen by 60 dB (nylon 3, steel 6, harp 4, upright bass 3,
    muted 0.4); low strings ring longer by ``key_decay`` octaves of time an octave. ``brightness``:
    the pluck's edge (0.15 upright, 0.35 nylon, 0.7 steel, 0.9 harpsichord). ``damping``: how much
    sooner high partials die (0.2 steel, 0.6 nylon, 0.9 muted). ``position``: where it is plucked,
    a share of its length (0.5 hollow, 0.08 nasal). ``stiffness``: 1 is a piano's inharmonicity.
    ``double``: cents between two strings of a course (0 to 12). ``mute``: the palm on the bridge.
    ``body`` and its share ``resonance``; ``pick``: the noise of the finger or plectrum. ``strum``:
    seconds from string to string of a chord. ``width``: how far apart low and high strings stand.
    """

    decay: float = number(3.0, 0.05, 20.0)
    key_decay: float = number(0.6, 0.0, 1.5)
    brightness: float = number(0.4, 0.0, 1.0)
    damping: float = number(0.5, 0.0, 1.0)
    position: float = number(0.18, 0.02, 0.5)
    stiffness: float = number(0.1, 0.0, 4.0)
    double: float = number(0.0, 0.0, 20.0)
    mute: float = number(0.0, 0.0, 1.0)
    body: str = choice("guitar", *BODIES)
    resonance: float = number(0.5, 0.0, 1.0)
    pick: float = number(0.3, 0.0, 1.0)
    strum: float = number(0.0, 0.0, 0.08)
    release: float = number(0.12, 0.005, 5.0)
    width: float = number(0.3, 0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Organ(Limited):
    """A tonewheel organ through a rotary speaker.

    ``drawbars``: nine digits 0..8 for 16', 5 1/3', 8', 4', 2 2/3', 2', 1 3/5', 1 1/3', 1'
    (888000000 jazz, 888888888 full, 800000568 ballad, 008000000 flute). ``percussion``: the share
    of a short ping on harmonic ``percussion_harmonic`` (2 or 3), dying with ``percussion_decay``.
    ``click``: the key's contact noise. ``rotary``: depth, at ``rotary_rate`` (0.8 slow, 6.6 fast).
    ``drive``: the amplifier's warmth. ``leakage``: how much of the other wheels is heard.
    """

    drawbars: str = "888000000"
    percussion: float = number(0.0, 0.0, 1.0)
    percussion_harmonic: int = number(3, 2, 3)
    percussion_decay: float = number(0.25, 0.05, 2.0)
    click: float = number(0.25, 0.0, 1.0)
    rotary: float = number(0.6, 0.0, 1.0)
    rotary_rate: float = number(0.8, 0.1, 9.0)
    drive: float = number(0.6, 0.0, 4.0)
    leakage: float = number(0.1, 0.0, 1.0)
    attack: float = number(0.004, 0.001, 1.0)
    release: float = number(0.03, 0.005, 2.0)

    def __post_init__(self) -> None:
        Limited.__post_init__(self)
        good = len(self.drawbars) == DRAWBARS and set(self.drawbars) <= set("012345678")
        if not good or not self.drawbars.strip("0"):
            raise ValueError(f"drawbars: nine digits 0..8, one above 0; not {self.drawbars!r}.")


@dataclass(frozen=True, slots=True)
class Ensemble(Limited):
    """A section of ``players`` a few cents apart: ``kind`` is strings, brass or choir.

    ``attack``: seconds at a middling touch; harder is quicker (strings 0.25, stabs 0.04; choir
    0.3). ``brightness``: octaves up or down for the whole section. Brass opens with its own
    loudness, a choir sings ``vowel``. ``breath``: bow, lip or breath noise. ``vibrato`` cents
    widen each player's line. ``swell``: 0 holds steady, 1 grows all through the note.
    ``decay``/``sustain`` after the attack (pizzicato-like at sustain 0; 1 holds). ``width``:
    how far apart the players sit; below ``solid_below`` Hz they are in the middle.
    """

    kind: str = choice("strings", *SECTIONS)
    players: int = number(8, 1, 16)
    detune: float = number(9.0, 0.0, 40.0)
    attack: float = number(0.2, 0.005, 4.0)
    decay: float = number(0.8, 0.01, 20.0)
    sustain: float = number(0.9, 0.0, 1.0)
    release: float = number(0.3, 0.01, 4.0)
    brightness: float = number(0.0, -3.0, 3.0)
    vowel: str = choice("a", *VOWELS)
    breath: float = number(0.15, 0.0, 1.0)
    vibrato: float = number(8.0, 0.0, 60.0)
    swell: float = number(0.0, 0.0, 1.0)
    width: float = number(0.8, 0.0, 1.0)
    low_cut: float = number(40.0, 10.0, 1000.0)
    solid_below: float = number(150.0, 20.0, 1000.0)


@dataclass(frozen=True, slots=True)
class Chip(Limited):
    """One channel of a game console of the eighties.

    ``wave``: pulse, triangle (32 steps, as the NES draws it), saw or noise. ``duties``: the pulse's
    duty on each 60 Hz tick from the note's start, the last one held: [0.5, 0.125] clicks, [0.25]
    is plain. ``arpeggio``: Hz at which the tones of a chord follow each other (15 to 60; 0 sounds
    them together). ``volume`` moves in ``levels`` steps, on ticks. ``vibrato`` cents from
    ``vibrato_delay`` on. ``slide``: semitones from which a note starts, for ``slide_time``.
    ``width``: pulses of a chord or repeated notes alternate that far left and right.
    """

    volume: Envelope
    wave: str = choice("pulse", *CHIPS)
    duties: tuple[float, ...] = (0.25,)
    arpeggio: float = number(0.0, 0.0, 60.0)
    levels: int = number(15, 2, 64)
    vibrato: float = number(0.0, 0.0, 100.0)
    vibrato_rate: float = number(6.0, 0.1, 15.0)
    vibrato_delay: float = number(0.25, 0.0, 4.0)
    slide: float = number(0.0, -36.0, 36.0)
    slide_time: float = number(0.05, 0.005, 1.0)
    width: float = number(0.0, 0.0, 1.0)

    def __post_init__(self) -> None:
        Limited.__post_init__(self)
        if not self.duties or not all(0.02 <= duty <= 0.5 for duty in self.duties):
            raise ValueError("duties: one or more shares from 0.02 to 0.5.")


@dataclass(frozen=True, slots=True)
class ElectricGuitar(Limited):
    """A plucked steel string, an amplifier and its cabinet; a chord is driven as one sound.

    ``drive`` in dB: 0 clean, 10 edge of break-up, 24 rock, 36 metal. ``tone``: where the cabinet
    closes (2000 jazz, 5000 rock). ``power``: 0 plays the notes as written, 1 adds a fifth to each
    lone note, 2 a fifth and the octave. Notes shorter than ``palm_below`` seconds are palm-muted by
    ``palm``. ``double``: two takes, that far left and right. ``decay``: seconds to fall by 60 dB
    before the drive lengthens it. ``vibrato`` cents late in long notes, which are bent up into
    their pitch from ``scoop`` cents below. ``strum``: seconds from string to string.
    """

    drive: float = number(18.0, 0.0, 46.0)
    tone: float = number(4500.0, 800.0, 8000.0)
    brightness: float = number(0.6, 0.0, 1.0)
    pickup: float = number(0.15, 0.02, 0.5)
    decay: float = number(6.0, 0.1, 20.0)
    power: int = number(0, 0, 2)
    palm: float = number(0.7, 0.0, 1.0)
    palm_below: float = number(0.16, 0.0, 2.0)
    pick: float = number(0.3, 0.0, 1.0)
    double: float = number(0.0, 0.0, 1.0)
    vibrato: float = number(0.0, 0.0, 60.0)
    scoop: float = number(0.0, 0.0, 300.0)
    strum: float = number(0.004, 0.0, 0.08)
    release: float = number(0.05, 0.005, 2.0)


@dataclass(frozen=True, slots=True)
class Sweep(Limited):
    """Plays the fx part: risers, downlifters, reversed cymbals, impacts and soft beds.

    Risers and downlifters move noise between ``low`` and ``high`` Hz, with a share ``tone`` of
    gliding oscillators. ``hit_hertz`` and ``hit_decay`` shape the boom of an impact. ``bed`` is
    what soft textures are made of: air, rain, wind, room or sea. ``levels``: dB by kind (rise,
    fall, swell, hit, bed). ``width``: how far the noise spreads.
    """

    low: float = number(250.0, 40.0, 4000.0)
    high: float = number(9000.0, 1000.0, 16000.0)
    tone: float = number(0.25, 0.0, 1.0)
    resonance: float = number(0.35, 0.0, 1.0)
    hit_hertz: float = number(42.0, 25.0, 120.0)
    hit_decay: float = number(0.7, 0.05, 4.0)
    bed: str = choice("air", *BEDS)
    levels: dict[str, float] = field(default_factory=dict)
    width: float = number(0.8, 0.0, 1.0)

    def __post_init__(self) -> None:
        Limited.__post_init__(self)
        if unknown := set(self.levels) - set(FX):
            raise ValueError(f"levels: {min(unknown)!r} is none of {', '.join(FX)}.")
        if any(not -60.0 <= level <= 20.0 for level in self.levels.values()):
            raise ValueError("levels go from -60 to 20 dB.")
        if self.high < 2.0 * self.low:
            raise ValueError("high is at least an octave above low.")
