"""The "breakbeat" family: a funk drummer on an old record, sped up, squeezed and sampled at twelve
bits."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from generator import score as gm
from generator.synth.drumkits import acoustic, bronze
from generator.synth.drumkits.drum import Drum, Drums
from generator.synth.drumkits.latin import LATIN
from generator.synth.drums import Recipe, Strike
from generator.synth.percussion import crunch, full, near_walls, noise
from generator.synth.signal import Audio

SPED_UP: Final = 2.0 ** (2.5 / 12.0)
SAMPLER_BITS: Final = 9.0
SAMPLER_RATE: Final = 26_040.0


def sampled(recipe: Recipe, squeeze: float = 2.6, air: float = 0.05) -> Recipe:
    """``recipe`` from a break: ``squeeze`` brings up the room behind the stroke, ``air`` is the
    noise of the record under it."""

    def strike(s: Strike) -> Audio:
        fast = replace(s, tune=s.tune * SPED_UP, decay=s.decay / SPED_UP)
        hit = near_walls(recipe(fast), 0.16)
        level = s.fade(hit.shape[1], 0.09)
        hit += np.float32(air) * noise(hit.shape[1], 500.0, 6000.0, s.rng) * level
        hit = np.tanh(np.float32(squeeze) * hit)
        return full(crunch(hit, SAMPLER_BITS, SAMPLER_RATE))

    return strike


_SNARE: Final = sampled(acoustic.snare(1.06, 0.5, 0.6, 0.25), 3.2)
_OTHER: Final = sampled(acoustic.snare(1.2, 0.55, 0.4, 0.5), 3.2)
_RIDE: Final = sampled(bronze.ride(1.2, 0.35, 0.9, 0.4, 0.15), 2.0, 0.0)
_BELL: Final = sampled(bronze.ride(1.2, 0.35, 0.5, 0.2, 0.5), 2.0, 0.0)
_CRASH: Final = sampled(acoustic.FAMILY[gm.CRASH].recipe, 2.4, 0.0)
_SPLASH: Final = sampled(acoustic.FAMILY[gm.SPLASH].recipe, 2.4, 0.0)

FAMILY: Final[Drums] = LATIN | {
    gm.KICK: Drum("kick", sampled(acoustic.kick, 2.4, 0.02), 0.0),
    gm.SNARE: Drum("snare", _SNARE, -1.5),
    gm.OTHER_SNARE: Drum("other_snare", _OTHER, -4.0),
    gm.SIDE_STICK: Drum("stick", sampled(acoustic.cross_stick), -6.0),
    gm.CLOSED_HAT: Drum("hat", sampled(bronze.hat(0.16, 0.034, (4200.0, 10_000.0), 0.2)), -13.0),
    gm.PEDAL_HAT: Drum("hat", sampled(bronze.foot_hat), -14.0),
    gm.OPEN_HAT: Drum("open_hat", sampled(bronze.hat(0.7, 0.18, (3800.0, 10_000.0), 0.4)), -15.0),
    gm.LOW_TOM: Drum("tom", sampled(acoustic.tom(86.0, 0.16, -0.3), 2.0, 0.02), -4.0),
    gm.MID_TOM: Drum("tom", sampled(acoustic.tom(116.0, 0.14, 0.0), 2.0, 0.02), -4.0),
    gm.HIGH_TOM: Drum("tom", sampled(acoustic.tom(156.0, 0.12, 0.3), 2.0, 0.02), -4.0),
    gm.CRASH: Drum("crash", _CRASH, -12.0, takes=1, mirrored=True),
    gm.SPLASH: Drum("splash", _SPLASH, -12.0, takes=1, mirrored=True),
    gm.RIDE: Drum("ride", _RIDE, -11.0, takes=2),
    gm.RIDE_BELL: Drum("bell", _BELL, -11.0, takes=2),
}
