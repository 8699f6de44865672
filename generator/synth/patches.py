"""What a part can be played on: one frozen dataclass a kind of instrument, as style files fill it.

Levels are in dB, times in seconds, frequencies in Hz, pitch offsets in cents, shares from 0 to 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from generator.synth.limits import Limited, choice, number
from generator.synth.shapes import Envelope as Envelope
from generator.synth.shapes import Filter as Filter
from generator.synth.timbres import (
    Chip,
    ElectricGuitar,
    Ensemble,
    Fm,
    Organ,
    Plucked,
    Sweep,
)

WAVES: Final = ("saw", "square", "pulse", "triangle", "sine")
KITS: Final = (
    "gated", "dusty", "machine", "808", "909", "acoustic", "brushes", "breakbeat", "chip", "hand",
)  # fmt: skip
DRUMS: Final = (
    "kick", "snare", "stick", "clap", "hat", "open_hat", "tom", "crash", "ride", "tambourine",
    "cowbell", "shaker", "other_snare", "splash", "bell", "conga", "bongo", "claves", "guiro",
    "agogo",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Oscillator(Limited):
    """One harmonic series: ``octave`` moves it, ``width`` is the duty of a pulse."""

    wave: str = choice("saw", *WAVES)
    octave: int = number(0, -2, 2)
    level: float = number(1.0, 0.0, 4.0)
    width: float = number(0.25, 0.02, 0.5)


@dataclass(frozen=True, slots=True)
class Analog(Limited):
    """A subtractive voice: ``unison`` detuned copies of its oscillators, spread by ``width``.

    Below ``solid_below`` Hz the copies melt into one central, steady oscillator: mono bass.
    ``noise``: the share of breath or wind that goes through the same filter. ``drive`` saturates
    before the amp envelope (0 off, 2 warm, 8 fierce). ``wobble``: octaves by which a slow
    oscillator moves the filter up and down; its cycle lasts ``wobble_beats[n]`` beats in the
    n-th note, in turn: [0.5, 0.333, 0.25] or [1, 1, 0.5].
    """

    oscillators: tuple[Oscillator, ...]
    filter: Filter
    amp: Envelope
    unison: int = number(3, 1, 9)
    detune: float = number(8.0, 0.0, 60.0)
    width: float = number(0.5, 0.0, 1.0)
    low_cut: float = number(20.0, 10.0, 2000.0)
    solid_below: float = number(180.0, 20.0, 1000.0)
    vibrato: float = number(0.0, 0.0, 100.0)
    vibrato_rate: float = number(5.2, 0.1, 10.0)
    vibrato_delay: float = number(0.25, 0.0, 4.0)
    glide: float = number(0.0, 0.0, 1.0)
    noise: float = number(0.0, 0.0, 2.0)
    drive: float = number(0.0, 0.0, 20.0)
    wobble: float = number(0.0, 0.0, 5.0)
    wobble_beats: tuple[float, ...] = (0.5,)

    def __post_init__(self) -> None:
        Limited.__post_init__(self)
        if not self.wobble_beats or not all(1 / 16 <= beats <= 16 for beats in self.wobble_beats):
            raise ValueError("wobble_beats: one or more lengths from 1/16 to 16 beats.")


@dataclass(frozen=True, slots=True)
class ElectricPiano(Limited):
    """Two frequency-modulated pairs: a round ``bark`` at the pitch, a short ``tine`` far above."""

    amp: Envelope
    bark: float = number(1.2, 0.0, 8.0)
    bark_decay: float = number(0.6, 0.01, 10.0)
    bark_ratio: float = number(1.0, 0.25, 8.0)
    tine: float = number(0.35, 0.0, 4.0)
    tine_decay: float = number(0.12, 0.005, 5.0)
    tine_ratio: float = number(14.0, 1.0, 20.0)


@dataclass(frozen=True, slots=True)
class Kit(Limited):
    """A family of synthesised drums; by drum, ``tune`` (semitones), ``levels`` (dB) and ``decay``
    (a factor .25 to 4 on how long it rings). ``gate`` is the share of gated room around snare and
    toms. ``follow``: dB above 3 kHz that each octave of the mood's brightness adds to the kit."""

    family: str = choice(None, *KITS)
    tune: dict[str, float] = field(default_factory=dict)
    levels: dict[str, float] = field(default_factory=dict)
    decay: dict[str, float] = field(default_factory=dict)
    gate: float = number(0.0, 0.0, 2.0)
    follow: float = number(0.0, 0.0, 6.0)

    def __post_init__(self) -> None:
        Limited.__post_init__(self)
        if unknown := {*self.tune, *self.levels, *self.decay} - set(DRUMS):
            raise ValueError(f"there is no drum {min(unknown)!r}; drums are {', '.join(DRUMS)}.")
        for drum, factor in self.decay.items():
            if not 0.25 <= factor <= 4.0:
                raise ValueError(f"decay of {drum} goes from 0.25 to 4; {factor:g} is outside.")


Voice = (
    Analog | ElectricPiano | Fm | Plucked | Organ | Ensemble | Chip | ElectricGuitar | Sweep | Kit
)

VOICES: Final[dict[str, type[Voice]]] = {
    "analog": Analog,
    "electric piano": ElectricPiano,
    "fm": Fm,
    "plucked": Plucked,
    "organ": Organ,
    "ensemble": Ensemble,
    "chip": Chip,
    "electric guitar": ElectricGuitar,
    "sweep": Sweep,
    "kit": Kit,
}
"""By the name a style file gives under ``voice``."""
