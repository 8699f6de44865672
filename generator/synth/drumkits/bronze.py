"""Cymbals of bronze: many partials without a common root, and a wash whose lows ring longest."""

from __future__ import annotations

from typing import Final

import numpy as np

from generator.synth.drums import Recipe, Strike
from generator.synth.percussion import full, grain, lines, noise, wide
from generator.synth.signal import SAMPLE_RATE, Audio

HAT: Final = tuple(
    (hertz, 0.3)
    for hertz in (2910.0, 3740.0, 4525.0, 5130.0, 6280.0, 7015.0, 7890.0, 8930.0, 10_240.0)
)
BELL: Final = (
    (612.0, 0.25), (918.0, 0.6), (1463.0, 0.9), (2046.0, 1.0), (2871.0, 0.8), (3694.0, 0.6),
    (4883.0, 0.4), (6150.0, 0.25),
)  # fmt: skip
BOW: Final = (
    (421.0, 0.1), (687.0, 0.14), (1012.0, 0.18), (1534.0, 0.22), (2237.0, 0.28), (3120.0, 0.35),
    (4015.0, 0.4), (5230.0, 0.4), (6710.0, 0.3),
)  # fmt: skip


def tuned(
    partials: tuple[tuple[float, float], ...], ratio: float
) -> tuple[tuple[float, float], ...]:
    """The same partials at ``ratio`` times their Hz."""
    return tuple((hertz * ratio, level) for hertz, level in partials)


def hat(length: float, tau: float, edges: tuple[float, float], wash: float = 0.0) -> Recipe:
    """Two small cymbals between ``edges`` Hz; ``wash`` is the share of loose, lower noise."""

    def strike(s: Strike) -> Audio:
        n = s.frames(length)
        low, high = edges
        shape = s.fade(n, tau)
        sizzle = noise(n, low, high * s.bright, s.rng)
        metal = sizzle + lines(n, tuned(HAT, s.tune), s.rng)
        tick = grain(n, (3500.0, 12_000.0 * s.bright), 0.003, s.rng)
        hit = metal * shape + (0.8 * s.bite) * tick
        if wash:
            loose = noise(n, 0.45 * low, 0.6 * high, s.rng)
            hit += np.float32(wash) * loose * s.fade(n, 1.4 * tau)
        side = np.float32(0.3) * shape * sizzle[::-1]
        return full(wide(hit.astype(np.float32), side, pan=0.2))

    return strike


def foot_hat(s: Strike) -> Audio:
    """Two cymbals brought together by a foot: a short, dull "chick"."""
    n = s.frames(0.14)
    time = np.arange(n, dtype=np.float32) / np.float32(SAMPLE_RATE)
    onset = np.minimum(time / np.float32(0.004), 1.0)
    metal = noise(n, 1900.0, 7500.0 * s.bright, s.rng) + lines(n, tuned(HAT, 0.8 * s.tune), s.rng)
    return full(wide(metal * onset * s.fade(n, 0.02, 0.004), pan=0.2))


def cymbal(
    length: float,
    taus: tuple[float, float],
    edges: tuple[float, float, float],
    swell: float = 0.004,
    ring: float = 0.25,
) -> Recipe:
    """A free cymbal: the wash between the first two ``edges`` rings with ``taus[0]``, that above
    with ``taus[1]``; ``swell`` is how long the energy takes to spread, ``ring`` the share of clear
    partials."""

    def strike(s: Strike) -> Audio:
        n = s.frames(length)
        low, middle, high = edges
        time = np.arange(n, dtype=np.float32) / np.float32(SAMPLE_RATE)
        spread = np.float32(1.0) - np.float32(0.6) * np.exp(time * np.float32(-1.0 / swell))
        below, above = s.fade(n, taus[0]) * spread, s.fade(n, taus[1]) * spread
        above *= np.float32(0.7 * s.bright)
        wash = noise(n, low, middle, s.rng) + np.float32(ring) * lines(n, tuned(BOW, s.tune), s.rng)
        sizzle = noise(n, middle, high * s.bright, s.rng)
        hit = wash * below + sizzle * above
        hit += np.float32(0.7 * s.bite) * grain(n, (1200.0, 9000.0 * s.bright), 0.012, s.rng)
        # Noise run backwards is another noise, at no cost.
        side = np.float32(0.9) * above * sizzle[::-1] + np.float32(0.3) * below * wash[::-1]
        return full(wide(hit.astype(np.float32), side))

    return strike


def ride(length: float, tau: float, ping: float, wash: float, bell: float) -> Recipe:
    """A ride: the ``ping`` of the stick, its ``wash``, and the ``bell`` in the middle."""

    def strike(s: Strike) -> Audio:
        n = s.frames(length)
        stick = grain(n, (2600.0, 9500.0 * s.bright), 0.018, s.rng)
        click = grain(n, (4000.0, 13_000.0 * s.bright), 0.002, s.rng)
        clear = lines(n, tuned(BOW, 1.13 * s.tune), s.rng) * s.fade(n, 0.5 * tau)
        sound = noise(n, 2400.0, 9000.0 * s.bright, s.rng)
        hit = np.float32(ping) * (
            stick + np.float32(0.6 * s.bite) * click + np.float32(0.4) * clear
        )
        hit += np.float32(wash) * sound * s.fade(n, tau)
        if bell:
            rung = lines(n, tuned(BELL, s.tune), s.rng)
            hit += np.float32(bell) * rung * (0.6 * s.fade(n, 0.35 * tau) + 0.4 * s.fade(n, tau))
        side = s.fade(n, tau) * np.float32(0.6 * wash) * sound[::-1]
        return full(wide(hit.astype(np.float32), side, pan=-0.2))

    return strike
