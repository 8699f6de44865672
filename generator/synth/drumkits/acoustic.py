"""The "acoustic" family: heads, shells, wires and bronze in a small live room."""

from __future__ import annotations

from typing import Final

import numpy as np

from generator import score as gm
from generator.synth.drumkits import bronze
from generator.synth.drumkits.drum import Drum, Drums
from generator.synth.drumkits.latin import LATIN
from generator.synth.drums import Recipe, Strike
from generator.synth.percussion import full, gated, grain, modes, near_walls, noise, wide
from generator.synth.signal import Audio

SNARE_HEAD: Final = (
    (1.0, 1.0, 0.055), (1.49, 0.35, 0.045), (1.8, 0.55, 0.05), (2.19, 0.22, 0.03),
    (2.87, 0.16, 0.03), (3.6, 0.1, 0.02),
)  # fmt: skip
"""A head over a shallow shell: ratio to the lowest mode, level, decay."""


def kick(s: Strike) -> Audio:
    """A felt beater on a damped head of 22 inches: little pitch, much knock."""
    n = s.frames(0.42)
    head = ((1.0, 1.0, 0.085 * s.decay), (1.62, 0.5, 0.05), (2.35, 0.28, 0.032), (3.4, 0.14, 0.018))
    body = modes(n, 58.0 * s.tune, head, (34.0 * s.bright, 0.022), (70.0, 0.006))
    beater = grain(n, (1700.0, 5200.0 * s.bright), 0.005, s.rng)
    knock = grain(n, (260.0, 900.0), 0.011, s.rng)
    hit = np.tanh(1.5 * body + 0.42 * s.bite * beater + 0.2 * knock)
    return full(near_walls(wide(hit.astype(np.float32)), 0.07))


def snare(tune: float, wires: float, crack: float, ring: float) -> Recipe:
    """A wooden snare: head modes, wires up to 10 kHz a moment later, the ``crack`` of the stick,
    and ``ring``, the share of the rim."""

    def strike(s: Strike) -> Audio:
        n = s.frames(0.4)
        base = 187.0 * tune * s.tune
        head = modes(n, base, SNARE_HEAD, (28.0 * s.bright, 0.012))
        late = np.minimum(np.arange(n, dtype=np.float32) / np.float32(60.0), 1.0)
        rattle = noise(n, 1900.0, 9500.0 * s.bright, s.rng)
        rattle *= late * (0.7 * s.fade(n, 0.045) + 0.3 * s.fade(n, 0.1))
        stick = grain(n, (2600.0, 8500.0 * s.bright), 0.005, s.rng)
        hit = 0.75 * head + wires * (0.6 + 0.4 * s.bite) * rattle
        hit += crack * s.bite * stick
        if ring:
            hit += ring * modes(n, 2.62 * base, ((1.0, 1.0, 0.035), (1.94, 0.8, 0.022)))
        dry = near_walls(wide(np.tanh(1.15 * hit).astype(np.float32)), 0.1)
        if s.gate:
            dry += gated(n, 0.006, 0.25, 0.32, s.rng) * np.float32(0.3 * s.gate)
        return full(dry)

    return strike


def cross_stick(s: Strike) -> Audio:
    """The stick lies on the head and falls on the rim: wood, and a little shell."""
    n = s.frames(0.16)
    wood = modes(n, 428.0 * s.tune, ((0.58, 0.3, 0.03), (1.0, 0.6, 0.018), (2.31, 1.0, 0.014),
                                     (3.87, 0.6, 0.008), (5.6, 0.3, 0.005)))  # fmt: skip
    click = grain(n, (2200.0, 8000.0 * s.bright), 0.002, s.rng)
    hit = wood + 0.5 * s.bite * click
    return full(near_walls(wide(hit.astype(np.float32), pan=-0.15), 0.12))


def tom(hertz: float, tau: float, pan: float) -> Recipe:
    def strike(s: Strike) -> Audio:
        n = s.frames(4.5 * tau)
        base, ring = hertz * s.tune, tau * s.decay
        head = ((1.0, 1.0, ring), (1.51, 0.45, 0.45 * ring), (1.99, 0.3, 0.3 * ring),
                (2.44, 0.2, 0.2 * ring), (3.2, 0.12 * s.bite, 0.12 * ring))  # fmt: skip
        body = modes(n, base, head, (0.1 * base * s.bright, 0.05), (0.25 * base, 0.008))
        stick = grain(n, (900.0, 5500.0 * s.bright), 0.006, s.rng)
        hit = np.tanh(1.1 * body + 0.32 * s.bite * stick)
        dry = near_walls(wide(hit.astype(np.float32), pan=pan), 0.1)
        if s.gate:
            dry += gated(n, 0.01, 0.3, 0.3, s.rng) * np.float32(0.16 * s.gate)
        return full(dry)

    return strike


_CRASH: Final = bronze.cymbal(2.0, (0.65, 0.42), (480.0, 4200.0, 13_000.0), swell=0.012)
_SPLASH: Final = bronze.cymbal(0.8, (0.2, 0.15), (900.0, 5200.0, 13_500.0), swell=0.005)

FAMILY: Final[Drums] = LATIN | {
    gm.KICK: Drum("kick", kick, 0.0),
    gm.SNARE: Drum("snare", snare(1.0, 0.42, 0.5, 0.0), -1.5),
    gm.OTHER_SNARE: Drum("other_snare", snare(1.09, 0.36, 0.8, 0.55), -1.5),
    gm.SIDE_STICK: Drum("stick", cross_stick, 1.0),
    gm.CLOSED_HAT: Drum("hat", bronze.hat(0.16, 0.03, (5200.0, 12_500.0)), -9.0),
    gm.PEDAL_HAT: Drum("hat", bronze.foot_hat, -12.0),
    gm.OPEN_HAT: Drum("open_hat", bronze.hat(0.9, 0.24, (4600.0, 12_500.0), wash=0.3), -11.0),
    gm.LOW_TOM: Drum("tom", tom(82.0, 0.2, -0.45), -2.0),
    gm.MID_TOM: Drum("tom", tom(112.0, 0.17, -0.05), -2.5),
    gm.HIGH_TOM: Drum("tom", tom(151.0, 0.15, 0.35), -3.0),
    gm.CRASH: Drum("crash", _CRASH, -7.0, takes=1, mirrored=True),
    gm.SPLASH: Drum("splash", _SPLASH, -8.0, takes=1, mirrored=True),
    gm.RIDE: Drum("ride", bronze.ride(1.4, 0.42, 1.0, 0.22, 0.08), -6.0, takes=2),
    gm.RIDE_BELL: Drum("bell", bronze.ride(1.4, 0.45, 0.5, 0.1, 0.6), -9.0, takes=2),
}
