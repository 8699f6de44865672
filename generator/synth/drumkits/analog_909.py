"""The "909" family: a kick that punches, a snare of noise, and cymbals of six bits."""

from __future__ import annotations

from typing import Final

import numpy as np

from generator import score as gm
from generator.synth.drumkits import bronze
from generator.synth.drumkits.drum import Drum, Drums
from generator.synth.drumkits.latin import LATIN
from generator.synth.drums import Recipe, Strike
from generator.synth.percussion import (
    burst,
    crunch,
    ended,
    falling,
    full,
    grain,
    modes,
    noise,
    wide,
)
from generator.synth.signal import Audio

SAMPLER_BITS: Final = 7.0
SAMPLER_RATE: Final = 44_100.0


def kick(s: Strike) -> Audio:
    """A sweep from above 250 Hz, held full for a moment, under a click."""
    n = s.frames(0.55)
    body = falling(n, 49.0 * s.tune, (205.0, 0.021), (900.0 * s.bright, 0.0022))
    click = grain(n, (1800.0, 10_000.0 * s.bright), 0.0035, s.rng)
    hit = np.tanh(2.4 * body * s.fade(n, 0.085, 0.055) + 0.55 * s.bite * click)
    return full(wide(hit.astype(np.float32)))


def snare(tune: float, snap: float) -> Recipe:
    """Two tones that fall fast, and noise in two bands: ``snap`` seconds long."""

    def strike(s: Strike) -> Audio:
        n = s.frames(4.0 * snap + 0.05)
        tones = modes(n, 182.0 * tune * s.tune, ((1.0, 1.0, 0.05), (1.82, 0.6, 0.03)),
                      (115.0 * s.bright, 0.011))  # fmt: skip
        low = noise(n, 900.0, 5200.0 * s.bright, s.rng) * s.fade(n, 0.6 * snap)
        high = noise(n, 3800.0, 13_000.0 * s.bright, s.rng) * s.fade(n, snap)
        wires = np.float32(0.32) * low + np.float32(0.38 * (0.4 + 0.6 * s.bite)) * high
        hit = np.tanh(1.4 * (tones + wires))
        side = noise(n, 3000.0, 11_000.0, s.rng) * s.fade(n, 0.7 * snap) * np.float32(0.08)
        return full(wide(hit.astype(np.float32), side))

    return strike


def clap(s: Strike) -> Audio:
    """Four hands in 33 ms, then a bright room."""
    n = s.frames(0.4)
    gaps = (0.0, 0.0112, 0.0214, 0.0327 + 0.001 * s.rng.uniform())
    hands = ended(burst(n, 0.03 * s.decay, gaps) + 0.3 * s.fade(n, 0.075))
    middle = noise(n, 950.0 * s.shift, 4600.0 * s.bright, s.rng) * hands
    side = noise(n, 1100.0, 6500.0, s.rng) * hands
    return full(wide(middle.astype(np.float32), np.float32(0.3) * side.astype(np.float32)))


def rim(s: Strike) -> Audio:
    n = s.frames(0.09)
    ring = modes(n, 222.0 * s.tune, ((1.0, 0.7, 0.012), (2.26, 1.0, 0.01), (4.28, 0.8, 0.007)))
    click = grain(n, (2000.0, 9000.0 * s.bright), 0.0015, s.rng)
    return full(wide(np.tanh(2.6 * ring + 0.4 * s.bite * click).astype(np.float32), pan=-0.1))


def tom(hertz: float, pan: float) -> Recipe:
    def strike(s: Strike) -> Audio:
        n = s.frames(0.6)
        base = hertz * s.tune
        drum = ((1.0, 1.0, 0.17 * s.decay), (1.5, 0.35, 0.1), (2.77, 0.2, 0.05))
        body = modes(n, base, drum, (0.55 * base, 0.032), (2.0 * base * s.bright, 0.004))
        skin = noise(n, 400.0, 5000.0 * s.bright, s.rng) * s.fade(n, 0.025)
        hit = np.tanh(1.3 * body + 0.18 * s.bite * skin)
        return full(wide(hit.astype(np.float32), pan=pan))

    return strike


def sampled(recipe: Recipe) -> Recipe:
    """What the machine keeps of a real cymbal: few bits, though its filters hide the steps in
    time."""
    return lambda s: full(crunch(recipe(s), SAMPLER_BITS, SAMPLER_RATE))


_CLOSED: Final = sampled(bronze.hat(0.13, 0.026, (7000.0, 14_000.0)))
_PEDAL: Final = sampled(bronze.hat(0.1, 0.017, (6300.0, 12_000.0)))
_OPEN: Final = sampled(bronze.hat(0.6, 0.13, (6800.0, 14_000.0), wash=0.15))
_CRASH: Final = sampled(bronze.cymbal(1.7, (0.35, 0.45), (2600.0, 6000.0, 14_000.0), ring=0.1))
_SPLASH: Final = sampled(bronze.cymbal(0.7, (0.1, 0.15), (3200.0, 7000.0, 14_000.0), ring=0.1))
_RIDE: Final = sampled(bronze.ride(1.1, 0.3, 0.9, 0.35, 0.1))
_BELL: Final = sampled(bronze.ride(1.1, 0.3, 0.5, 0.15, 0.5))

FAMILY: Final[Drums] = LATIN | {
    gm.KICK: Drum("kick", kick, 0.0),
    gm.SNARE: Drum("snare", snare(1.0, 0.085), -2.5),
    gm.OTHER_SNARE: Drum("other_snare", snare(1.26, 0.14), -4.0),
    gm.CLAP: Drum("clap", clap, 4.0),
    gm.SIDE_STICK: Drum("stick", rim, -5.0),
    gm.CLOSED_HAT: Drum("hat", _CLOSED, -6.0),
    gm.PEDAL_HAT: Drum("hat", _PEDAL, -8.0),
    gm.OPEN_HAT: Drum("open_hat", _OPEN, -7.0),
    gm.LOW_TOM: Drum("tom", tom(84.0, -0.35), -3.0),
    gm.MID_TOM: Drum("tom", tom(116.0, 0.0), -3.0),
    gm.HIGH_TOM: Drum("tom", tom(157.0, 0.35), -3.0),
    gm.CRASH: Drum("crash", _CRASH, -9.0, takes=1, mirrored=True),
    gm.SPLASH: Drum("splash", _SPLASH, -10.0, takes=1, mirrored=True),
    gm.RIDE: Drum("ride", _RIDE, -5.0, takes=2),
    gm.RIDE_BELL: Drum("bell", _BELL, -5.0, takes=2),
}
