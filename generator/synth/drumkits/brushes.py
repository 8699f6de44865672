"""The "brushes" family: wire on a coated head, felt on the kick, and a ride that sings."""

from __future__ import annotations

from typing import Final

import numpy as np

from generator import score as gm
from generator.synth.drumkits import acoustic, bronze
from generator.synth.drumkits.drum import Drum, Drums
from generator.synth.drumkits.latin import LATIN
from generator.synth.drums import Recipe, Strike
from generator.synth.percussion import full, grain, modes, near_walls, noise, wide
from generator.synth.signal import SAMPLE_RATE, Audio


def kick(s: Strike) -> Audio:
    """A soft felt on an undamped small bass drum: round, and it rings."""
    n = s.frames(0.55)
    head = ((1.0, 1.0, 0.13 * s.decay), (1.59, 0.4, 0.08), (2.2, 0.15, 0.04))
    body = modes(n, 66.0 * s.tune, head, (20.0 * s.bright, 0.03))
    felt = grain(n, (140.0, 900.0 * s.bright), 0.012, s.rng)
    onset = np.minimum(np.arange(n, dtype=np.float32) / np.float32(0.003 * SAMPLE_RATE), 1.0)
    hit = body * onset + np.float32(0.16 * s.bite) * felt
    return full(near_walls(wide(hit.astype(np.float32)), 0.06))


def stroke(rise: float, tau: float, edges: tuple[float, float], head: float) -> Recipe:
    """Wires on a head: noise that needs ``rise`` seconds, grainy as the wires land one by one;
    ``head`` is how much the skin speaks."""

    def strike(s: Strike) -> Audio:
        n = s.frames(rise + 5.0 * tau)
        time = np.arange(n, dtype=np.float32) / np.float32(SAMPLE_RATE)
        swell = np.square(np.sin(np.float32(np.pi / 2) * np.minimum(time / np.float32(rise), 1)))
        sound = noise(n, edges[0], edges[1] * s.bright, s.rng)
        sound *= swell * s.fade(n, tau, rise) * _grains(n, s.rng)
        hit = sound
        if head:
            modes_of = ((1.0, 1.0, 0.05), (1.55, 0.4, 0.03), (2.1, 0.2, 0.02))
            hit = sound + np.float32(head * (0.4 + 0.6 * s.bite)) * modes(
                n, 192.0 * s.tune, modes_of
            )
        side = noise(n, edges[0], edges[1], s.rng) * swell * s.fade(n, tau, rise)
        return full(wide(hit.astype(np.float32), np.float32(0.2) * side, pan=0.1))

    return strike


def _grains(frames: int, rng: np.random.Generator) -> Audio:
    """An uneven level, some 180 times a second."""
    knots = 0.55 + 0.45 * rng.random(frames // 240 + 2)
    place = np.arange(frames) / 240.0
    return np.interp(place, np.arange(len(knots)), knots).astype(np.float32)


def tom(hertz: float, pan: float) -> Recipe:
    """The same heads as the rock kit's, tuned higher and touched by wire."""

    def strike(s: Strike) -> Audio:
        n = s.frames(0.6)
        base = hertz * s.tune
        head = ((1.0, 1.0, 0.14 * s.decay), (1.51, 0.35, 0.07), (2.1, 0.2, 0.04))
        wires = noise(n, 900.0, 4500.0 * s.bright, s.rng) * s.fade(n, 0.025)
        hit = modes(n, base, head, (0.05 * base, 0.04))
        hit += np.float32(0.16 * (0.4 + 0.6 * s.bite)) * wires
        return full(near_walls(wide(hit.astype(np.float32), pan=pan), 0.08))

    return strike


_RIDE: Final = bronze.ride(1.6, 0.5, 0.8, 0.16, 0.1)
_BELL: Final = bronze.ride(1.6, 0.55, 0.4, 0.08, 0.55)
_CRASH: Final = bronze.cymbal(1.9, (0.6, 0.36), (420.0, 3600.0, 10_500.0), swell=0.018)

FAMILY: Final[Drums] = LATIN | {
    gm.KICK: Drum("kick", kick, -1.0),
    gm.SNARE: Drum("snare", stroke(0.004, 0.035, (900.0, 6200.0), 0.5), -5.0),
    gm.OTHER_SNARE: Drum("other_snare", stroke(0.045, 0.09, (1300.0, 7000.0), 0.0), -10.0),
    gm.CLAP: Drum("clap", stroke(0.0015, 0.05, (700.0, 8000.0), 0.8), -3.0),
    gm.SIDE_STICK: Drum("stick", acoustic.cross_stick, 0.0),
    gm.CLOSED_HAT: Drum("hat", bronze.hat(0.14, 0.026, (4600.0, 10_500.0)), -14.0),
    gm.PEDAL_HAT: Drum("hat", bronze.foot_hat, -12.0),
    gm.OPEN_HAT: Drum("open_hat", bronze.hat(0.8, 0.2, (4000.0, 10_500.0), wash=0.25), -14.0),
    gm.LOW_TOM: Drum("tom", tom(98.0, -0.4), -4.0),
    gm.MID_TOM: Drum("tom", tom(131.0, -0.05), -4.0),
    gm.HIGH_TOM: Drum("tom", tom(178.0, 0.3), -4.0),
    gm.CRASH: Drum("crash", _CRASH, -11.0, takes=1, mirrored=True),
    gm.SPLASH: Drum("splash", acoustic.FAMILY[gm.SPLASH].recipe, -12.0, takes=1, mirrored=True),
    gm.RIDE: Drum("ride", _RIDE, -9.0, takes=2),
    gm.RIDE_BELL: Drum("bell", _BELL, -10.0, takes=2),
}
