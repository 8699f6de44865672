"""What a part can be played on: one frozen dataclass a kind of instrument, as style files fill it.

Levels are in dB, times in seconds, frequencies in Hz, pitch offsets in cents, shares from 0 to 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from generator.synth.limits import Limited, choice, number

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
class Envelope(Limited):
    """Linear attack, exponential decay to ``sustain``, exponential release."""

    attack: float = number(0.005, 0.0, 10.0)
    decay: float = number(0.3, 0.001, 20.0)
    sustain: float = number(0.8, 0.0, 1.0)
    release: float = number(0.1, 0.005, 5.0)


@dataclass(frozen=True, slots=True)
class Oscillator(Limited):
    """One harmonic series: ``octave`` moves it, ``width`` is the duty of a pulse."""

    wave: str = choice("saw", *WAVES)
    octave: int = number(0, -2, 2)
    level: float = number(1.0, 0.0, 4.0)
    width: float = number(0.25, 0.02, 0.5)


@dataclass(frozen=True, slots=True)
class Filter(Limited):
    """A 24 dB/octave low-pass; its cut-off starts at ``cutoff``, its envelope adds ``octaves``.

    ``velocity`` and ``follow`` add octaves for a hard touch and for each octave above middle C.
    """

    cutoff: float = number(None, 20.0, 18000.0)
    octaves: float = number(0.0, -4.0, 8.0)
    resonance: float = number(0.2, 0.0, 1.0)
    attack: float = number(0.002, 0.0, 10.0)
    decay: float = number(0.3, 0.001, 20.0)
    sustain: float = number(0.3, 0.0, 1.0)
    velocity: float = number(1.5, 0.0, 5.0)
    follow: float = number(0.3, 0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Analog(Limited):
    """A subtractive voice: ``unison`` detuned copies of its oscillators, spread by ``width``.

    Below ``solid_below`` Hz the copies melt into one central, steady oscillator: mono bass.
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
    toms."""

    family: str = choice(None, *KITS)
    tune: dict[str, float] = field(default_factory=dict)
    levels: dict[str, float] = field(default_factory=dict)
    decay: dict[str, float] = field(default_factory=dict)
    gate: float = number(0.0, 0.0, 2.0)

    def __post_init__(self) -> None:
        Limited.__post_init__(self)
        if unknown := {*self.tune, *self.levels, *self.decay} - set(DRUMS):
            raise ValueError(f"there is no drum {min(unknown)!r}; drums are {', '.join(DRUMS)}.")
        for drum, factor in self.decay.items():
            if not 0.25 <= factor <= 4.0:
                raise ValueError(f"decay of {drum} goes from 0.25 to 4; {factor:g} is outside.")


Voice = Analog | ElectricPiano | Kit

VOICES: Final[dict[str, type[Voice]]] = {
    "analog": Analog,
    "electric piano": ElectricPiano,
    "kit": Kit,
}
"""By the name a style file gives under ``voice``."""
