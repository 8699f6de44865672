"""Recipes of synthesised drums: each strikes once, with noise of its own.

A recipe takes the strike (how hard, how tuned, its random stream) and gives ``(2, frames)`` around
peak one; `generator.synth.kits` says which recipe answers which General MIDI key, and how loud.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from generator.synth.percussion import (
    burst,
    fade,
    falling,
    gated,
    grain,
    metal,
    noise,
    wide,
)
from generator.synth.signal import SAMPLE_RATE, Audio


@dataclass(frozen=True, slots=True)
class Strike:
    """One blow: ``hardness`` 0..1, ``tune`` a pitch ratio, ``gate`` the share of gated room,
    ``decay`` a factor on how long it rings."""

    hardness: float
    tune: float
    gate: float
    rng: np.random.Generator
    decay: float = 1.0

    @property
    def bright(self) -> float:
        """The ratio by which a touch moves the upper edge of noise: an octave softer to harder."""
        return float(2.0 ** (1.4 * (self.hardness - 0.75)))

    @property
    def shift(self) -> float:
        """The tune to the next semitone, for the edges of noise: many strikes share one shape."""
        return float(2.0 ** (round(12.0 * math.log2(self.tune)) / 12.0))

    @property
    def bite(self) -> float:
        """The share of the stick beside the skin: 1 at a firm stroke, little at a soft one."""
        return 0.12 + 0.88 * float((self.hardness / 0.75) ** 1.6)

    def frames(self, length: float) -> int:
        """How many frames a drum of so many seconds sounds."""
        return round(length * self.decay * SAMPLE_RATE)

    def fade(self, frames: int, tau: float, hold: float = 0.0) -> Audio:
        """`percussion.fade`, at the drum's own decay."""
        return fade(frames, tau * self.decay, hold)


Recipe = Callable[[Strike], Audio]


def gated_kick(s: Strike) -> Audio:
    n = s.frames(0.42)
    body = falling(n, 50.0 * s.tune, (95.0, 0.034), (620.0 * s.bright, 0.0045))
    click = grain(n, (1800.0, 7000.0 * s.bright), 0.004, s.rng)
    hit = np.tanh(2.4 * body * s.fade(n, 0.11, 0.045)) + 0.16 * s.bright * click
    return wide(hit.astype(np.float32))


def machine_kick(s: Strike) -> Audio:
    n = s.frames(0.5)
    body = falling(n, 52.0 * s.tune, (130.0, 0.026), (520.0 * s.bright, 0.006))
    click = grain(n, (2500.0, 9000.0 * s.bright), 0.003, s.rng)
    hit = np.tanh(3.0 * body * s.fade(n, 0.1, 0.06)) + 0.14 * s.bright * click
    return wide(hit.astype(np.float32))


def dusty_kick(s: Strike) -> Audio:
    n = s.frames(0.4)
    body = falling(n, 56.0 * s.tune, (70.0, 0.04), (160.0 * s.bright, 0.009))
    skin = grain(n, (250.0, 1800.0 * s.bright), 0.012, s.rng)
    hit = np.tanh(1.5 * body * s.fade(n, 0.13, 0.02)) + 0.12 * skin
    return wide(hit.astype(np.float32))


def gated_snare(s: Strike) -> Audio:
    n = s.frames(0.34)
    body = falling(n, 185.0 * s.tune, (70.0, 0.018))
    body += 0.6 * falling(n, 332.0 * s.tune, (90.0, 0.01))
    wires = grain(n, (1100.0, 9500.0 * s.bright), 0.085, s.rng)
    crack = grain(n, (2200.0, 6500.0), 0.007, s.rng)
    rattle = 0.55 * (0.55 + 0.45 * s.bite) * wires + 0.35 * s.bite * crack
    hit = np.tanh(1.1 * body * s.fade(n, 0.075) + rattle)
    room = gated(n, 0.006, 0.25, 0.32, s.rng) * np.float32(0.3 * s.gate)
    return wide(hit.astype(np.float32)) * np.float32(0.85) + room


def machine_snare(s: Strike) -> Audio:
    n = s.frames(0.24)
    body = falling(n, 190.0 * s.tune, (110.0, 0.02))
    body += 0.5 * falling(n, 345.0 * s.tune, (60.0, 0.01))
    wires = grain(n, (1800.0, 10500.0 * s.bright), 0.06, s.rng)
    hit = np.tanh(1.3 * body * s.fade(n, 0.05) + 0.6 * (0.55 + 0.45 * s.bite) * wires)
    side = grain(n, (2500.0, 9000.0), 0.06, s.rng) * np.float32(0.1)
    return wide(hit.astype(np.float32), side)


def dusty_snare(s: Strike) -> Audio:
    n = s.frames(0.3)
    body = falling(n, 205.0 * s.tune, (45.0, 0.02))
    body += 0.45 * falling(n, 318.0 * s.tune, (30.0, 0.01))
    wires = noise(n, 700.0, 4800.0 * s.bright, s.rng) * s.fade(n, 0.07, 0.01)
    room = noise(n, 400.0, 3000.0, s.rng) * s.fade(n, 0.06, 0.02) * np.float32(0.12)
    hit = np.tanh(0.8 * body * s.fade(n, 0.06) + 0.42 * (0.55 + 0.45 * s.bite) * wires)
    return wide(hit.astype(np.float32), room)


def side_stick(s: Strike) -> Audio:
    n = s.frames(0.09)
    wood = falling(n, 820.0 * s.tune) + 0.7 * falling(n, 1730.0 * s.tune)
    knock = grain(n, (1500.0, 6000.0 * s.bright), 0.004, s.rng)
    return wide((0.7 * wood * s.fade(n, 0.014) + 0.5 * knock).astype(np.float32), pan=-0.15)


def clap(s: Strike) -> Audio:
    n = s.frames(0.36)
    gaps = (0.0, 0.0105 + 0.001 * s.rng.uniform(), 0.0205, 0.0305 + 0.001 * s.rng.uniform())
    hands = burst(n, 0.055, gaps) * s.fade(n, 0.2)
    mid = noise(n, 900.0, 3400.0 * s.bright, s.rng) * hands
    side = noise(n, 1000.0, 5000.0, s.rng) * hands
    return wide((0.5 * mid).astype(np.float32), (0.2 * side).astype(np.float32))


def hat(length: float, tau: float, low: float, high: float, grit: float) -> Recipe:
    """A pair of cymbals: ``grit`` is the share of noise beside the metal."""

    def strike(s: Strike) -> Audio:
        n = s.frames(length)
        tone = metal(n, low, high * s.bright, 4.0 * s.tune, s.rng) * np.float32(0.8 * (1.0 - grit))
        tone += noise(n, low, high * s.bright, s.rng) * np.float32(0.8 * grit)
        side = noise(n, low, high * s.bright, s.rng) * np.float32(0.2)
        shape = s.fade(n, tau, 0.002) * np.float32(0.42)
        return wide(tone * shape, side * shape, pan=0.18)

    return strike


def cymbal(length: float, tau: float, low: float, ping: float) -> Recipe:
    """A free cymbal: a splash of noise over ringing metal, ``ping`` the share of its bell."""

    def strike(s: Strike) -> Audio:
        n = s.frames(length)
        shape = (0.6 * s.fade(n, tau) + 0.4 * s.fade(n, tau * 0.25)) * np.float32(0.3)
        ring = metal(n, low * 0.7, 12_000.0, 2.1 * s.tune, s.rng)
        ring *= 0.6 * shape + np.float32(0.3 * ping) * s.fade(n, tau * 0.6)
        splash = [noise(n, low, 13_000.0 * s.bright, s.rng) * shape for _ in range(2)]
        return np.stack(splash) + ring

    return strike


def tom(hertz: float, pan: float, tau: float, high: float) -> Recipe:
    def strike(s: Strike) -> Audio:
        n = s.frames(0.5)
        base = hertz * s.tune
        body = falling(n, base, (0.55 * base, 0.045), (2.0 * base, 0.006)) * s.fade(n, tau, 0.02)
        skin = grain(n, (300.0, high * s.bright), 0.02, s.rng)
        hit = np.tanh(1.6 * body + 0.2 * s.bite * skin).astype(np.float32)
        room = gated(n, 0.01, 0.3, 0.3, s.rng) * np.float32(0.16 * s.gate)
        return wide(hit, pan=pan) + room

    return strike
