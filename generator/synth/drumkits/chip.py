"""The "chip" family: a noise channel, a triangle and a pulse, whose volume has sixteen steps and
changes sixty times a second."""

from __future__ import annotations

from typing import Final

import numpy as np

from generator import score as gm
from generator.synth.drumkits.drum import Drum, Drums
from generator.synth.drumkits.latin import LATIN
from generator.synth.drums import Recipe, Strike
from generator.synth.percussion import full, wide
from generator.synth.signal import SAMPLE_RATE, Audio

TICK: Final = SAMPLE_RATE // 60
VOLUMES: Final = 15.0
METAL_STEPS: Final = 93


def noise_hit(clock: float, fall: float, *, metal: bool = False, pan: float = 0.0) -> Recipe:
    """The noise channel at ``clock`` Hz: random bits, or with ``metal`` the same 93 round and
    round; ``fall`` is the share of volume left after each tick."""

    def strike(s: Strike) -> Audio:
        n = _frames(fall, s.decay)
        rate = min(clock * s.tune * s.bright, float(SAMPLE_RATE))
        step = (np.arange(n) * (rate / SAMPLE_RATE)).astype(np.int64)
        bits = s.rng.integers(0, 2, METAL_STEPS if metal else int(step[-1]) + 1)
        levels = 2.0 * (bits - bits.mean())
        wave = levels[step % len(bits)] * _volume(n, fall, s.decay)
        return full(wide(wave.astype(np.float32), pan=pan))

    return strike


def pitch_drop(
    start: float,
    stop: float,
    fall: float,
    ring: float = 0.8,
    duty: float = 0.5,
    noise: float = 0.0,
    pan: float = 0.0,
) -> Recipe:
    """A pulse whose pitch falls tick by tick from ``start`` to ``stop`` Hz, with a first tick of
    ``noise``; ``ring`` is the share of volume left after each tick."""

    def strike(s: Strike) -> Audio:
        n = _frames(ring, s.decay)
        tick = np.arange(n) // TICK
        hertz = np.maximum(stop, start * s.bright * fall**tick) * s.tune
        wave = _pulse(hertz, duty) * _volume(n, ring, s.decay)
        if noise:
            first = min(n, TICK)
            wave[:first] += noise * s.bite * (2.0 * s.rng.integers(0, 2, first) - 1.0)
            np.clip(wave, -1.0, 1.0, out=wave)
        return full(wide(_smooth(wave), pan=pan))

    return strike


def two_tones(low: float, high: float, pan: float) -> Recipe:
    """A pulse that jumps between two notes every tick: the chip's bell."""

    def strike(s: Strike) -> Audio:
        n = _frames(0.7, s.decay)
        hertz = np.where(np.arange(n) // TICK % 2, low, high) * s.tune
        duty = 0.125 if s.hardness > 0.5 else 0.25
        wave = _pulse(hertz, duty, s.rng.uniform()) * _volume(n, 0.7, s.decay)
        return full(wide(_smooth(wave), pan=pan))

    return strike


def snare(clock: float) -> Recipe:
    """Noise over two ticks of a falling pulse."""
    rattle, body = noise_hit(clock, 0.68), pitch_drop(330.0, 160.0, 0.6, 0.7)

    def strike(s: Strike) -> Audio:
        hit, tone = rattle(s), body(s)
        short = min(3 * TICK, hit.shape[1], tone.shape[1])
        hit[:, :short] += np.float32(0.55) * tone[:, :short]
        return full(hit)

    return strike


def _frames(fall: float, decay: float) -> int:
    """Ticks until a volume that falls like this is rounded to nothing."""
    return TICK * int(np.ceil(np.log(2.0 * VOLUMES) * decay / -np.log(fall)))


def _volume(frames: int, fall: float, decay: float) -> np.ndarray:
    """A level that falls to ``fall`` of itself each tick, in sixteen steps."""
    tick = np.arange(frames) // TICK
    return np.rint(VOLUMES * fall ** (tick / decay)) / VOLUMES


def _pulse(hertz: np.ndarray, duty: float, start: float = 0.0) -> np.ndarray:
    """A pulse of these Hz at each frame, without the mean that an uneven one has."""
    phase = np.cumsum(hertz / SAMPLE_RATE) + start
    return np.where(phase - np.floor(phase) < duty, 2.0 - 2.0 * duty, -2.0 * duty)


def _smooth(wave: np.ndarray) -> Audio:
    """The mean of neighbours: what folds over from a hard edge is softer by 3 dB at 11 kHz."""
    soft = wave.astype(np.float32)
    soft[1:] = 0.5 * (soft[1:] + soft[:-1])
    return soft


FAMILY: Final[Drums] = LATIN | {
    gm.KICK: Drum("kick", pitch_drop(330.0, 46.0, 0.62, noise=0.5), 0.0),
    gm.SNARE: Drum("snare", snare(20_000.0), -3.5),
    gm.OTHER_SNARE: Drum("other_snare", snare(8000.0), -3.5),
    gm.CLAP: Drum("clap", noise_hit(9000.0, 0.6), -5.0),
    gm.SIDE_STICK: Drum("stick", pitch_drop(1500.0, 900.0, 0.7, 0.4, 0.25), -5.0),
    gm.CLOSED_HAT: Drum("hat", noise_hit(36_000.0, 0.4, pan=0.15), -18.0),
    gm.PEDAL_HAT: Drum("hat", noise_hit(26_000.0, 0.35, pan=0.15), -19.0),
    gm.OPEN_HAT: Drum("open_hat", noise_hit(36_000.0, 0.78, pan=0.15), -18.0),
    gm.LOW_TOM: Drum("tom", pitch_drop(190.0, 60.0, 0.85, pan=-0.3), -5.0),
    gm.MID_TOM: Drum("tom", pitch_drop(270.0, 85.0, 0.85), -5.0),
    gm.HIGH_TOM: Drum("tom", pitch_drop(380.0, 120.0, 0.85, pan=0.3), -5.0),
    gm.CRASH: Drum("crash", noise_hit(18_000.0, 0.92), -14.0, takes=2, mirrored=True),
    gm.SPLASH: Drum("splash", noise_hit(24_000.0, 0.85), -15.0, takes=2, mirrored=True),
    gm.RIDE: Drum("ride", noise_hit(26_000.0, 0.8, metal=True, pan=-0.15), -20.0),
    gm.RIDE_BELL: Drum("bell", two_tones(1760.0, 2637.0, -0.2), -7.0),
    gm.TAMBOURINE: Drum("tambourine", noise_hit(30_000.0, 0.6, metal=True), -19.0),
    gm.COWBELL: Drum("cowbell", two_tones(540.0, 800.0, 0.2), -5.0),
    gm.SHAKER: Drum("shaker", noise_hit(30_000.0, 0.7, pan=-0.2), -20.0),
    gm.HIGH_CONGA: Drum("conga", pitch_drop(420.0, 330.0, 0.9, 0.7, pan=0.2), -8.0),
    gm.LOW_CONGA: Drum("conga", pitch_drop(300.0, 220.0, 0.9, 0.72, pan=-0.2), -8.0),
    gm.MUTE_CONGA: Drum("conga", pitch_drop(500.0, 330.0, 0.7, 0.45, 0.25, pan=0.2), -5.0),
    gm.HIGH_BONGO: Drum("bongo", pitch_drop(620.0, 520.0, 0.9, 0.55, 0.25, pan=0.3), -6.0),
    gm.LOW_BONGO: Drum("bongo", pitch_drop(470.0, 390.0, 0.9, 0.6, 0.25, pan=0.1), -6.0),
    gm.CLAVES: Drum("claves", pitch_drop(2500.0, 2200.0, 0.95, 0.45, 0.25, pan=0.25), -9.0),
    gm.GUIRO: Drum("guiro", noise_hit(5000.0, 0.74, metal=True, pan=-0.25), -13.0),
    gm.AGOGO: Drum("agogo", two_tones(880.0, 1320.0, 0.25), -6.0),
}
