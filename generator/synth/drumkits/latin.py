"""Percussion of skin, wood and metal that every family shares."""

from __future__ import annotations

from typing import Final

import numpy as np

from generator import score as gm
from generator.synth import drums
from generator.synth.drumkits.drum import Drum, Drums
from generator.synth.drums import Recipe, Strike
from generator.synth.percussion import full, grain, lines, modes, noise, squares, wide
from generator.synth.signal import SAMPLE_RATE, Audio

JINGLES: Final = tuple(
    (hertz, level)
    for hertz, level in zip(
        (4180.0, 4910.0, 5630.0, 6470.0, 7320.0, 8140.0, 9270.0, 10_350.0, 11_900.0),
        (0.4, 0.6, 0.8, 1.0, 1.0, 0.9, 0.8, 0.6, 0.4),
        strict=True,
    )
)


def hand_drum(hertz: float, tau: float, slap: float, pan: float) -> Recipe:
    """A skin over an open shell, struck by a hand: ``slap`` is the share of the fingers."""

    def strike(s: Strike) -> Audio:
        n = s.frames(5.0 * tau + 0.05)
        ring = tau * s.decay
        skin = ((1.0, 1.0, ring), (1.52, 0.4, 0.45 * ring), (2.12, 0.25, 0.3 * ring),
                (2.92, 0.18 * s.bite, 0.2 * ring), (3.6, 0.12 * s.bite, 0.15 * ring))  # fmt: skip
        base = hertz * s.tune
        body = modes(n, base, skin, (0.08 * base * s.bright, 0.02))
        hand = grain(n, (700.0, 4200.0 * s.bright), 0.006, s.rng)
        palm = grain(n, (180.0, 900.0), 0.012, s.rng)
        hit = body + (0.5 * slap * s.bite) * hand + 0.12 * palm
        return full(wide(np.tanh(0.9 * hit).astype(np.float32), pan=pan))

    return strike


def claves(s: Strike) -> Audio:
    n = s.frames(0.16)
    bars = ((1.0, 1.0, 0.024 * s.decay), (2.71, 0.18 * s.bite, 0.008))
    hit = modes(n, 2480.0 * s.tune, bars) + 0.15 * grain(n, (2000.0, 9000.0), 0.002, s.rng)
    return full(wide(hit, pan=0.25))


def guiro(s: Strike) -> Audio:
    """A stick over notches, faster and faster: a rattle of noise that opens."""
    n = s.frames(0.22)
    time = np.arange(n, dtype=np.float32) / np.float32(n)
    notches = 17.0 * (0.75 * time + 0.25 * time**2)
    rasp = np.exp(-7.0 * (notches - np.floor(notches))) * np.minimum(0.35 + 1.6 * time, 1.0)
    sound = noise(n, 2300.0 * s.shift, 6800.0 * s.bright, s.rng)
    hit = sound * rasp.astype(np.float32) * np.minimum((1.0 - time) * 9.0, 1.0)
    return full(wide(hit.astype(np.float32), pan=-0.25))


def agogo(s: Strike) -> Audio:
    n = s.frames(0.5)
    bell = ((1.0, 1.0, 0.13), (1.51, 0.25, 0.05), (2.83, 0.6 * s.bite, 0.08),
            (5.12, 0.35 * s.bite, 0.04), (7.4, 0.2 * s.bite, 0.02))  # fmt: skip
    rung = tuple((ratio, level, tau * s.decay) for ratio, level, tau in bell)
    return full(wide(modes(n, 905.0 * s.tune, rung), pan=0.3))


def cowbell(s: Strike) -> Audio:
    n = s.frames(0.4)
    tone = squares(n, (540.0 * s.tune, 800.0 * s.tune), 520.0, 3200.0 * s.bright, s.rng)
    return full(wide(tone * (0.6 * s.fade(n, 0.018) + 0.4 * s.fade(n, 0.1)), pan=0.2))


def tambourine(s: Strike) -> Audio:
    """Jingles that clash, fall back and clash again, 30 ms later and softer."""
    n = s.frames(0.3)
    sound = 0.5 * noise(n, 5200.0, 12_500.0 * s.bright, s.rng)
    tuned = tuple((hertz * s.tune, 0.45 * level) for hertz, level in JINGLES)
    sound += lines(n, tuned, s.rng)
    again = round((0.026 + 0.008 * s.rng.uniform()) * SAMPLE_RATE)
    shape = s.fade(n, 0.022)
    shape[again:] += np.float32(0.45) * s.fade(n, 0.05)[:-again]
    return full(wide(sound * shape, pan=-0.3))


def shaker(s: Strike) -> Audio:
    n = s.frames(0.14)
    time = np.arange(n, dtype=np.float32) / np.float32(SAMPLE_RATE)
    swell = np.square(np.minimum(time / np.float32(0.022), 1.0))
    grains = noise(n, 4600.0 * s.shift, 12_000.0 * s.bright, s.rng)
    return full(wide(grains * swell * s.fade(n, 0.022, 0.022), pan=-0.3))


LATIN: Final[Drums] = {
    gm.TAMBOURINE: Drum("tambourine", tambourine, -5.0),
    gm.COWBELL: Drum("cowbell", cowbell, -5.0),
    gm.SHAKER: Drum("shaker", shaker, -6.0),
    gm.SIDE_STICK: Drum("stick", drums.side_stick, -4.0),
    gm.CLAP: Drum("clap", drums.clap, -1.0),
    gm.HIGH_CONGA: Drum("conga", hand_drum(226.0, 0.13, 0.7, 0.2), -5.0),
    gm.LOW_CONGA: Drum("conga", hand_drum(172.0, 0.16, 0.6, -0.2), -4.0),
    gm.MUTE_CONGA: Drum("conga", hand_drum(238.0, 0.032, 1.6, 0.2), -3.0),
    gm.HIGH_BONGO: Drum("bongo", hand_drum(432.0, 0.055, 1.0, 0.35), -5.0),
    gm.LOW_BONGO: Drum("bongo", hand_drum(318.0, 0.07, 0.9, 0.1), -5.0),
    gm.CLAVES: Drum("claves", claves, -5.0),
    gm.GUIRO: Drum("guiro", guiro, -6.0),
    gm.AGOGO: Drum("agogo", agogo, -6.0),
}
"""The shared set; a family lays its own over it."""
