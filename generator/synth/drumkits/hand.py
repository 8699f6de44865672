"""The "hand" family: no sticks and no kit; a surdo below, skins in the middle, seeds and bells
above."""

from __future__ import annotations

from typing import Final

import numpy as np

from generator import score as gm
from generator.synth import drums
from generator.synth.drumkits.drum import Drum, Drums
from generator.synth.drumkits.latin import LATIN, hand_drum
from generator.synth.drums import Recipe, Strike
from generator.synth.percussion import full, grain, lines, modes, near_walls, noise, wide
from generator.synth.signal import SAMPLE_RATE, Audio

TRIANGLE: Final = (
    (1570.0, 0.2), (3260.0, 0.5), (4480.0, 1.0), (6130.0, 0.7), (7420.0, 0.8), (9350.0, 0.5),
    (11_800.0, 0.35),
)  # fmt: skip


def surdo(s: Strike) -> Audio:
    """A deep open drum under a padded mallet."""
    n = s.frames(0.8)
    head = ((1.0, 1.0, 0.19 * s.decay), (1.55, 0.35, 0.1), (2.1, 0.15, 0.06))
    body = modes(n, 63.0 * s.tune, head, (14.0 * s.bright, 0.04))
    mallet = grain(n, (160.0, 1300.0 * s.bright), 0.01, s.rng)
    hit = np.tanh(1.2 * body + 0.32 * s.bite * mallet)
    return full(near_walls(wide(hit.astype(np.float32)), 0.06))


def slap(s: Strike) -> Audio:
    """Fingers closed on a tight skin: a crack with a short ring."""
    n = s.frames(0.25)
    skin = ((1.0, 0.7, 0.05), (1.9, 0.5, 0.03), (2.9, 0.4, 0.02), (4.3, 0.3, 0.012))
    body = modes(n, 262.0 * s.tune, skin, (30.0, 0.01))
    crack = noise(n, 1300.0, 6500.0 * s.bright, s.rng) * s.fade(n, 0.016)
    hit = np.tanh(body + (0.25 + 0.35 * s.bite) * crack)
    return full(near_walls(wide(hit.astype(np.float32), pan=0.1), 0.1))


def box(s: Strike) -> Audio:
    """The upper edge of a cajon: wood and loose wires."""
    n = s.frames(0.25)
    wood = modes(n, 205.0 * s.tune, ((1.0, 1.0, 0.04), (1.7, 0.6, 0.03), (2.6, 0.4, 0.02)))
    wires = noise(n, 1800.0, 7500.0 * s.bright, s.rng) * s.fade(n, 0.045)
    hit = np.tanh(wood + np.float32(0.35 * (0.4 + 0.6 * s.bite)) * wires)
    return full(near_walls(wide(hit.astype(np.float32)), 0.08))


def woodblock(s: Strike) -> Audio:
    n = s.frames(0.14)
    wood = modes(
        n, 1040.0 * s.tune, ((1.0, 1.0, 0.02), (1.6, 0.4, 0.012), (2.7, 0.3 * s.bite, 0.007))
    )
    click = grain(n, (1500.0, 7000.0 * s.bright), 0.002, s.rng)
    return full(wide((wood + np.float32(0.2 * s.bite) * click), pan=-0.2))


def seeds(rise: float, tau: float, low: float) -> Recipe:
    """Seeds in a basket: they land one after the other."""

    def strike(s: Strike) -> Audio:
        n = s.frames(rise + 5.0 * tau)
        time = np.arange(n, dtype=np.float32) / np.float32(SAMPLE_RATE)
        swell = np.square(np.minimum(time / np.float32(rise), 1.0)) * s.fade(n, tau, rise)
        landing = 0.35 + 0.65 * s.rng.random(n // 90 + 2)
        grain_of = np.interp(np.arange(n) / 90.0, np.arange(len(landing)), landing)
        sound = noise(n, low * s.shift, 11_500.0 * s.bright, s.rng) * grain_of.astype(np.float32)
        return full(wide(sound * swell, pan=-0.25))

    return strike


def triangle(length: float, tau: float) -> Recipe:
    def strike(s: Strike) -> Audio:
        n = s.frames(length)
        tuned = tuple((hertz * s.tune, level) for hertz, level in TRIANGLE)
        ring = lines(n, tuned, s.rng) * s.fade(n, tau)
        beater = grain(n, (4000.0, 14_000.0 * s.bright), 0.003, s.rng)
        return full(wide(ring + np.float32(0.8 * s.bite) * beater, pan=0.3))

    return strike


FAMILY: Final[Drums] = LATIN | {
    gm.KICK: Drum("kick", surdo, 0.0),
    gm.SNARE: Drum("snare", slap, -2.0),
    gm.OTHER_SNARE: Drum("other_snare", box, -4.0),
    gm.CLAP: Drum("clap", drums.clap, -4.0),
    gm.SIDE_STICK: Drum("stick", woodblock, -3.0),
    gm.CLOSED_HAT: Drum("hat", seeds(0.012, 0.016, 4800.0), -6.0),
    gm.PEDAL_HAT: Drum("hat", seeds(0.02, 0.012, 4000.0), -8.0),
    gm.OPEN_HAT: Drum("open_hat", seeds(0.03, 0.07, 3800.0), -9.0),
    gm.LOW_TOM: Drum("tom", hand_drum(98.0, 0.2, 0.4, -0.3), -3.0),
    gm.MID_TOM: Drum("tom", hand_drum(132.0, 0.16, 0.5, 0.0), -4.0),
    gm.HIGH_TOM: Drum("tom", hand_drum(190.0, 0.12, 0.7, 0.3), -5.0),
    gm.SPLASH: Drum("splash", seeds(0.04, 0.12, 3000.0), -11.0),
    gm.RIDE: Drum("ride", triangle(0.35, 0.06), -9.0),
    gm.RIDE_BELL: Drum("bell", triangle(1.4, 0.4), -13.0),
    gm.CRASH: Drum("crash", triangle(1.8, 0.55), -11.0),
}
