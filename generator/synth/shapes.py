"""The two tables every kind of instrument shares: how a note swells and how its filter moves."""

from __future__ import annotations

from dataclasses import dataclass

from generator.synth.limits import Limited, number


@dataclass(frozen=True, slots=True)
class Envelope(Limited):
    """Linear attack, exponential decay to ``sustain``, exponential release."""

    attack: float = number(0.005, 0.0, 10.0)
    decay: float = number(0.3, 0.001, 20.0)
    sustain: float = number(0.8, 0.0, 1.0)
    release: float = number(0.1, 0.005, 5.0)


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
