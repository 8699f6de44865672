"""The `[sound]` tables of a style as types: who plays on what, the mix, what it should measure.

Levels are in dB, times in seconds, frequencies in Hz, pitch offsets in cents, shares from 0 to 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from generator.seed import PARTS
from generator.synth.limits import Limited, choice, number
from generator.synth.patches import VOICES, Voice
from generator.tables import TableError, read_table

BANDS: Final = {
    "sub": (20.0, 60.0),
    "bass": (60.0, 160.0),
    "low_mid": (160.0, 800.0),
    "mid": (800.0, 3000.0),
    "high": (3000.0, 8000.0),
    "air": (8000.0, 20000.0),
}
"""The six bands of the balance targets, in Hz."""

SHELF_RANGE: Final = (-24.0, 12.0)
"""What a strip's shelf may do, in dB."""

REVERBS: Final = ("hall", "plate", "spring", "room", "gated")


@dataclass(frozen=True, slots=True)
class Strip(Limited):
    """A part's way to the bus: ``level`` is what its louder moments come to, in LUFS and in mono;
    sends are dB under that (-60 is off); ``duck`` is its share of the side chain.

    The inserts, in this order, are off at 0: ``drive``; ``crush`` to so many bits and
    ``downsample`` (each value held for so many frames, 1 is off); ``low_cut`` in Hz and ``shelf``
    in dB above 3 kHz; ``phaser`` and ``tremolo`` (depths) with rates in Hz; ``spread``, which
    widens what lies above 200 Hz and leaves the middle alone; ``pan``."""

    level: float = number(-20.0, -60.0, -6.0)
    pan: float = number(0.0, -1.0, 1.0)
    drive: float = number(0.0, 0.0, 10.0)
    crush: float = number(0.0, 0.0, 16.0)
    downsample: float = number(1.0, 1.0, 64.0)
    low_cut: float = number(0.0, 0.0, 2000.0)
    shelf: float = number(0.0, *SHELF_RANGE)
    phaser: float = number(0.0, 0.0, 1.0)
    phaser_rate: float = number(0.4, 0.02, 8.0)
    spread: float = number(0.0, 0.0, 1.0)
    duck: float = number(0.0, 0.0, 1.0)
    reverb: float = number(-60.0, -60.0, 6.0)
    echo: float = number(-60.0, -60.0, 6.0)
    chorus: float = number(-60.0, -60.0, 6.0)
    tremolo: float = number(0.0, 0.0, 1.0)
    tremolo_rate: float = number(4.0, 0.1, 12.0)


@dataclass(frozen=True, slots=True)
class PartSound:
    """A voice and its strip."""

    voice: Voice
    strip: Strip


@dataclass(frozen=True, slots=True)
class Duck(Limited):
    """The side chain: each kick pulls down by ``depth``, ``release`` is the time constant after."""

    depth: float = number(0.7, 0.0, 1.0)
    release: float = number(0.11, 0.01, 1.0)
    returns: float = number(1.0, 0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Reverb(Limited):
    """What answers the sends: time to fall by 60 dB (of a gated one: until it is shut) and the band
    it speaks in. ``predelay`` is of halls and rooms; a spring has its own, plate and gate answer
    at once."""

    kind: str = choice("hall", *REVERBS)
    seconds: float = number(2.2, 0.1, 8.0)
    predelay: float = number(0.02, 0.0, 0.2)
    low_cut: float = number(250.0, 50.0, 2000.0)
    high_cut: float = number(6500.0, 1000.0, 9000.0)


@dataclass(frozen=True, slots=True)
class Echo(Limited):
    """A ping-pong delay in time with the beat; ``reverb`` dB of it go on to the room."""

    beats: float = number(0.75, 0.125, 4.0)
    feedback: float = number(0.42, 0.0, 0.9)
    low_cut: float = number(300.0, 20.0, 2000.0)
    high_cut: float = number(4500.0, 1000.0, 9000.0)
    reverb: float = number(-12.0, -60.0, 6.0)


@dataclass(frozen=True, slots=True)
class Chorus(Limited):
    """Two delays, one a channel, that swing in quadrature: width out of one voice."""

    rate: float = number(0.45, 0.05, 5.0)
    delay: float = number(0.012, 0.002, 0.03)
    depth: float = number(0.004, 0.0, 0.01)


@dataclass(frozen=True, slots=True)
class Tape(Limited):
    """Old tape and vinyl: speed ``wow`` in cents, bandwidth, ``hiss`` and ``crackle`` in dBFS."""

    wow: float = number(0.0, 0.0, 30.0)
    high_cut: float = number(20000.0, 2000.0, 20000.0)
    hiss: float = number(-120.0, -120.0, -30.0)
    crackle: float = number(-120.0, -120.0, -20.0)


@dataclass(frozen=True, slots=True)
class Glue(Limited):
    """The bus compressor: what lies more than ``threshold`` dB above the mix's mean level comes
    down by ``ratio`` (1 is off); ``attack`` and ``release`` are time constants."""

    threshold: float = number(-2.0, -24.0, 12.0)
    ratio: float = number(1.0, 1.0, 20.0)
    attack: float = number(0.02, 0.001, 0.2)
    release: float = number(0.15, 0.02, 2.0)


@dataclass(frozen=True, slots=True)
class Finish(Limited):
    """The last chain: ``drive`` dB into soft saturation, and what ``glue`` and ``tape`` do before
    it."""

    drive: float = number(-3.0, -12.0, 18.0)
    glue: Glue = field(default_factory=Glue)
    tape: Tape = field(default_factory=Tape)


@dataclass(frozen=True, slots=True)
class Targets(Limited):
    """What a clip with all its parts must measure: shares of `BANDS` and side/mid, in dB."""

    bands: dict[str, float]
    tolerance: float = number(3.0, 0.5, 12.0)
    side_mid: float = number(-6.0, -40.0, 0.0)
    side_tolerance: float = number(3.0, 0.5, 12.0)


@dataclass(frozen=True, slots=True)
class Desk(Limited):
    """The shared part of the mix, and what the form's energy (0..1, neutral at .6) does to it:
    ``energy_octaves`` on filters and ``energy_db`` on levels, between energy 0 and 1."""

    duck: Duck = field(default_factory=Duck)
    reverb: Reverb = field(default_factory=Reverb)
    echo: Echo = field(default_factory=Echo)
    chorus: Chorus = field(default_factory=Chorus)
    energy_octaves: float = number(1.0, 0.0, 4.0)
    energy_db: float = number(3.0, 0.0, 12.0)


@dataclass(frozen=True, slots=True)
class Sound:
    """Everything between a score and its audio."""

    parts: dict[str, PartSound]
    desk: Desk
    master: Finish
    targets: Targets


def parse_sound(table: Mapping[str, Any]) -> Sound:
    """The `[sound]` table of a style file; TableError says where it is wrong."""
    known = ("parts", "desk", "master", "targets")
    if unknown := set(table) - set(known):
        raise TableError(f"sound: unknown key {min(unknown)!r}; known: {', '.join(known)}.")
    page = {name: _inner(table.get(name, {}), f"sound.{name}") for name in known}
    sound = Sound(
        parts={name: _part(name, part) for name, part in page["parts"].items()},
        desk=read_table(Desk, page["desk"], "sound.desk"),
        master=read_table(Finish, page["master"], "sound.master"),
        targets=read_table(Targets, page["targets"], "sound.targets"),
    )
    if set(sound.targets.bands) != set(BANDS):
        raise TableError(f"sound.targets.bands: it names {', '.join(BANDS)}.")
    return sound


def _part(name: str, table: Any) -> PartSound:
    where = f"sound.parts.{name}"
    if name not in PARTS:
        raise TableError(f"{where}: no such part; parts are {', '.join(PARTS)}.")
    rest = dict(_inner(table, where))
    strip = read_table(Strip, _inner(rest.pop("strip", {}), f"{where}.strip"), f"{where}.strip")
    kind = str(rest.pop("voice", ""))
    if kind not in VOICES:
        raise TableError(f"{where}.voice: it is one of {', '.join(VOICES)}.")
    return PartSound(read_table(VOICES[kind], rest, where), strip)


def _inner(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise TableError(f"{where}: {value!r} should be a table.")
    return value
