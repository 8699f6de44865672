"""The bus compressor: one slow hand on the whole mix, in a circle."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import signal

from generator.synth.signal import SAMPLE_RATE, Audio, stretched, stretches
from generator.synth.sound import Glue

BLOCK: Final = 64
BLOCKS_AT_ONCE: Final = 512
KNEE: Final = 6.0
QUIET: Final = 10.0
FAINTEST: Final = 1e-12

Curve = npt.NDArray[np.float64]


def compress(planar: Audio, glue: Glue) -> None:
    """Turns ``(2, frames)`` down where it is loud, in place; both channels alike, so that the
    picture stands still. It gives no gain back: the master finds the loudness afterwards."""
    if glue.ratio <= 1.0:
        return
    power = _block_powers(planar)
    if power.max() < FAINTEST:
        return
    over = _decibels(power) - _mean_level(power) - glue.threshold
    knots = np.power(10.0, _smooth(_reduction(over, glue.ratio), glue) / -20.0).astype(np.float32)
    _turn_down(planar, np.append(knots, knots[0]))


def _turn_down(planar: Audio, knots: Audio) -> None:
    """Multiplies by the lines through ``knots``; the last block may be short and still ends on the
    last knot, which is the first."""
    whole = planar.shape[1] // BLOCK
    for first in range(0, whole, BLOCKS_AT_ONCE):
        last = min(first + BLOCKS_AT_ONCE, whole)
        lines = stretched(knots[first : last + 1], BLOCK, (last - first) * BLOCK)
        planar[:, first * BLOCK : last * BLOCK] *= lines
    rest = planar[:, whole * BLOCK :]
    rest *= np.linspace(knots[whole], knots[-1], rest.shape[1], endpoint=False, dtype=np.float32)


def _block_powers(planar: Audio) -> Curve:
    """The mean square of each `BLOCK` frames over both channels; the last block may be short."""
    frames = planar.shape[1]
    power = np.zeros(-(-frames // BLOCK))
    for place in stretches(frames):
        square = np.square(planar[0, place])
        square += np.square(planar[1, place])
        starts = np.arange(0, len(square), BLOCK)
        first = place.start // BLOCK
        power[first : first + len(starts)] = np.add.reduceat(square, starts)
    counts = np.full(len(power), float(BLOCK))
    counts[-1] = frames - BLOCK * (len(power) - 1)
    return power / (2.0 * counts)


def _mean_level(power: Curve) -> float:
    """The level in dB of what is not more than `QUIET` dB below the mean: pauses do not count."""
    heard = power[power > power.mean() / 10.0 ** (QUIET / 10.0)]
    return float(_decibels(heard.mean()))


def _reduction(over: Curve, ratio: float) -> Curve:
    """dB to take away from a level ``over`` dB above the threshold: a straight line above a
    parabolic knee (Giannoulis, Massberg and Reiss 2012, "Digital dynamic range compressor
    design")."""
    knee = np.square(np.clip(over + KNEE / 2.0, 0.0, KNEE)) / (2.0 * KNEE)
    line = np.maximum(over - KNEE / 2.0, 0.0)
    return (1.0 - 1.0 / ratio) * (knee + line)


def _smooth(wanted: Curve, glue: Glue) -> Curve:
    """``wanted`` as a hand follows it: a peak hold that falls exponentially with the release, then
    a low-pass of the attack. Twice round, so that the second time the start knows the end."""
    twice = np.tile(np.maximum(wanted, 1e-6), 2)
    fall = np.arange(len(twice)) * (BLOCK / SAMPLE_RATE / glue.release)
    held = np.exp(np.maximum.accumulate(np.log(twice) + fall) - fall)
    pole = np.exp(-BLOCK / SAMPLE_RATE / glue.attack)
    followed: Curve = signal.lfilter([1.0 - pole], [1.0, -pole], held)
    return followed[len(wanted) :]


def _decibels(power: Curve) -> Curve:
    return 10.0 * np.log10(np.maximum(power, FAINTEST))
