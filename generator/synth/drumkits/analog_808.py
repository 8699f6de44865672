"""The "808" family: tuned sines, clattering squares and short noise of the analogue box of 1980."""

from __future__ import annotations

from typing import Final

import numpy as np

from generator import score as gm
from generator.synth.drumkits.drum import Drum, Drums
from generator.synth.drumkits.latin import LATIN, tambourine
from generator.synth.drums import Recipe, Strike
from generator.synth.percussion import burst, ended, falling, full, grain, metal, modes, noise, wide
from generator.synth.signal import Audio

KICK_HERTZ: Final = 49.0
"""G1: a style tunes the boom from here."""


def kick(s: Strike) -> Audio:
    """A ringing filter: it starts an octave and more too high for some milliseconds."""
    n = min(s.frames(1.0), 110_000)
    base = KICK_HERTZ * s.tune
    body = falling(n, base, (1.3 * base, 0.010), (260.0 * s.bright, 0.003)) * s.fade(n, 0.17, 0.02)
    click = grain(n, (700.0, 3800.0 * s.bright), 0.003, s.rng)
    hit = np.tanh(1.25 * body + 0.16 * s.bite * click)
    return full(wide(hit.astype(np.float32)))


def snare(tune: float, snap: float) -> Recipe:
    """Two tones and the "snappy": noise above 1.5 kHz."""

    def strike(s: Strike) -> Audio:
        n = s.frames(0.32)
        tones = modes(n, 174.0 * tune * s.tune, ((1.0, 1.0, 0.05), (1.93, 0.75, 0.034)),
                      (30.0 * s.bright, 0.008))  # fmt: skip
        wires = noise(n, 1500.0, 10_500.0 * s.bright, s.rng)
        rattle = wires * (0.75 * s.fade(n, 0.05) + 0.25 * s.fade(n, 0.02))
        hit = tones + np.float32(snap * (0.5 + 0.5 * s.bite)) * rattle
        return full(wide(np.tanh(hit).astype(np.float32)))

    return strike


def clap(s: Strike) -> Audio:
    """Three bursts of noise round 1 kHz and the tail of a room."""
    n = s.frames(0.4)
    gaps = (0.0, 0.0098 + 0.001 * s.rng.uniform(), 0.0201, 0.0297)
    hands = burst(n, 0.042 * s.decay, gaps) + 0.22 * s.fade(n, 0.085)
    ended(hands)
    middle = noise(n, 850.0 * s.shift, 2100.0 * s.bright, s.rng) * hands
    side = noise(n, 900.0, 3000.0, s.rng) * hands
    return full(wide(middle.astype(np.float32), np.float32(0.25) * side.astype(np.float32)))


def hat(length: float, tau: float, edge: float = 6800.0) -> Recipe:
    """Six square waves behind a high-pass."""

    def strike(s: Strike) -> Audio:
        n = s.frames(length)
        tone = metal(n, edge, 12_500.0 * s.bright, 1.42 * s.tune, s.rng)
        tone += np.float32(0.3) * noise(n, edge, 12_500.0 * s.bright, s.rng)
        side = noise(n, edge, 12_000.0, s.rng)
        shape = s.fade(n, tau)
        return full(wide(tone * shape, np.float32(0.15) * side * shape, pan=0.15))

    return strike


def cymbal(length: float, low: float, high: float) -> Recipe:
    """The same six squares in two bands: ``low`` and ``high`` are how long they ring."""

    def strike(s: Strike) -> Audio:
        n = s.frames(length)
        hit = metal(n, 2600.0, 5200.0, 1.42 * s.tune, s.rng) * s.fade(n, low)
        upper = metal(n, 6500.0, 12_500.0 * s.bright, 1.42 * s.tune, s.rng)
        upper += np.float32(0.35) * noise(n, 5000.0, 13_000.0 * s.bright, s.rng)
        hit += np.float32(0.9) * upper * s.fade(n, high)
        side = noise(n, 5000.0, 12_000.0, s.rng) * s.fade(n, high)
        return full(wide(hit.astype(np.float32), np.float32(0.25) * side))

    return strike


def rim(s: Strike) -> Audio:
    n = s.frames(0.08)
    ring = modes(n, 455.0 * s.tune, ((1.0, 0.8, 0.008), (3.66, 1.0, 0.007)))
    click = grain(n, (2500.0, 8000.0 * s.bright), 0.0015, s.rng)
    return full(wide(np.tanh(2.2 * ring + 0.3 * s.bite * click).astype(np.float32), pan=-0.1))


def tone_drum(hertz: float, tau: float, rumble: float, pan: float) -> Recipe:
    """A tom or a conga: one sine that sinks a little; ``rumble`` is the tom's share of noise."""

    def strike(s: Strike) -> Audio:
        n = s.frames(6.0 * tau)
        base = hertz * s.tune
        body = falling(n, base, (0.12 * base, 0.06), (0.8 * base * s.bright, 0.003))
        hit = body * s.fade(n, tau) + np.float32(0.06 * s.bite) * grain(
            n, (800.0, 4000.0), 0.004, s.rng
        )
        if rumble:
            hit += np.float32(rumble) * noise(n, 90.0, 900.0, s.rng) * s.fade(n, 0.6 * tau)
        return full(wide(hit.astype(np.float32), pan=pan))

    return strike


def claves(s: Strike) -> Audio:
    n = s.frames(0.16)
    return full(wide(modes(n, 2500.0 * s.tune, ((1.0, 1.0, 0.018 * s.decay),)), pan=0.25))


def maracas(s: Strike) -> Audio:
    n = s.frames(0.09)
    swell = np.minimum(np.arange(n, dtype=np.float32) / np.float32(500.0), 1.0)
    return full(wide(noise(n, 5200.0, 12_000.0 * s.bright, s.rng) * swell * s.fade(n, 0.012, 0.01)))


FAMILY: Final[Drums] = LATIN | {
    gm.KICK: Drum("kick", kick, 0.5, takes=2),
    gm.SNARE: Drum("snare", snare(1.0, 0.55), -2.5),
    gm.OTHER_SNARE: Drum("other_snare", snare(1.35, 0.8), -4.0),
    gm.CLAP: Drum("clap", clap, 1.0),
    gm.SIDE_STICK: Drum("stick", rim, -6.0),
    gm.CLOSED_HAT: Drum("hat", hat(0.11, 0.021), -8.5),
    gm.PEDAL_HAT: Drum("hat", hat(0.08, 0.013, 6200.0), -12.0),
    gm.OPEN_HAT: Drum("open_hat", hat(0.6, 0.14), -10.0),
    gm.LOW_TOM: Drum("tom", tone_drum(82.0, 0.16, 0.05, -0.35), -3.0),
    gm.MID_TOM: Drum("tom", tone_drum(123.0, 0.14, 0.05, 0.0), -3.0),
    gm.HIGH_TOM: Drum("tom", tone_drum(165.0, 0.12, 0.05, 0.35), -3.0),
    gm.HIGH_CONGA: Drum("conga", tone_drum(370.0, 0.075, 0.0, 0.25), -6.0),
    gm.MUTE_CONGA: Drum("conga", tone_drum(370.0, 0.03, 0.0, 0.25), -7.0),
    gm.LOW_CONGA: Drum("conga", tone_drum(220.0, 0.1, 0.0, -0.25), -6.0),
    gm.HIGH_BONGO: Drum("bongo", tone_drum(455.0, 0.045, 0.0, 0.35), -8.0),
    gm.LOW_BONGO: Drum("bongo", tone_drum(310.0, 0.06, 0.0, 0.1), -7.0),
    gm.CLAVES: Drum("claves", claves, -6.0),
    gm.SHAKER: Drum("shaker", maracas, -9.0),
    gm.TAMBOURINE: Drum("tambourine", tambourine, -8.0),
    gm.CRASH: Drum("crash", cymbal(1.9, 0.3, 0.5), -12.0, takes=1, mirrored=True),
    gm.SPLASH: Drum("splash", cymbal(0.7, 0.12, 0.16), -12.0, takes=1, mirrored=True),
    gm.RIDE: Drum("ride", cymbal(1.0, 0.16, 0.26), -11.0, takes=1, mirrored=True),
    gm.RIDE_BELL: Drum("bell", cymbal(1.0, 0.3, 0.08), -10.0, takes=1, mirrored=True),
}
