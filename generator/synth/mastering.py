"""The last chain: tape where the style wants it, loudness to target, peaks under the ceiling."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import ndimage

from generator.seed import Seed
from generator.synth.balance import balance
from generator.synth.compressor import compress
from generator.synth.effects import saturate
from generator.synth.loudness import (
    BLOCK,
    BLOCKS_AT_ONCE,
    OVERSHOOT,
    TENTH,
    block_peaks,
    integrated_loudness,
    true_peak,
)
from generator.synth.rumble import remove_rumble
from generator.synth.signal import SAMPLE_RATE, Audio, gain, stretched, stretches
from generator.synth.sound import Finish
from generator.synth.tape import Surface, play_back

RUMBLE: Final = 28.0
LOOK_AHEAD: Final = round(0.010 * SAMPLE_RATE / BLOCK)
HEADROOM: Final = 0.1
NEAR: Final = 1.0 / OVERSHOOT
ROUNDS: Final = 5
CLOSE: Final = 0.1
TRIED: Final = 7
"""Every so many tenths of a second is tried out beforehand."""
FULL_SCALE: Final = np.float32(32768.0)


@dataclass(frozen=True, slots=True)
class Master:
    """A finished clip: float32 ``(frames, 2)`` whose samples are whole multiples of 2**-15, and
    what that audio measures."""

    audio: Audio
    loudness_lufs: float
    true_peak_dbtp: float


def master(
    bus: Audio,
    finish: Finish | None = None,
    seed: Seed | None = None,
    target_lufs: float = -14.0,
    ceiling_dbtp: float = -1.0,
    bands: Mapping[str, float] | None = None,
) -> Master:
    """Brings ``bus`` ``(frames, 2)`` to ``target_lufs`` under ``ceiling_dbtp``, seamless as it
    came.

    Saturation and limiting cost loudness, so the gain is found by trying, on a sample of the clip
    first: each round corrects it by what the last one missed. ``seed`` draws the crackle of a
    record; ``bands`` are what the mix should measure (`generator.synth.balance`), where it should.
    Silence stays silence.
    """
    finish, seed = finish or Finish(), seed or Seed(0)
    mix = np.ascontiguousarray(bus.T).copy()
    remove_rumble(mix, RUMBLE)
    compress(mix, finish.glue)
    play_back(mix, finish.tape)
    if bands:
        balance(mix, bands)
    surface = Surface.of(finish.tape, mix.shape[1], seed.stream("surface"))
    drive, ceiling = gain(finish.drive), gain(ceiling_dbtp - HEADROOM)
    push = target_lufs - integrated_loudness(mix)
    push += _lost(mix, push, drive, ceiling)
    audio, loudness = np.empty_like(mix), 0.0
    for _ in range(ROUNDS):
        np.multiply(mix, np.float32(gain(push)), out=audio)
        surface.lay_on(audio)
        _finish(audio, drive, ceiling)
        loudness = integrated_loudness(audio)
        if abs(target_lufs - loudness) < CLOSE:
            break
        push += target_lufs - loudness
    return Master(audio.T, loudness, true_peak(audio))


def _lost(mix: Audio, push: float, drive: float, ceiling: float) -> float:
    """The dB that saturation and limiting take from ``mix`` when it is pushed so far, as a few
    moments of it have it."""
    tenths = mix.shape[1] // TENTH
    moments = mix[:, : tenths * TENTH].reshape(2, tenths, TENTH)[:, ::TRIED].reshape(2, -1)
    before = integrated_loudness(moments)
    loud = moments * np.float32(gain(push))
    saturate(loud, drive)
    limit(loud, ceiling)
    return before + push - integrated_loudness(loud)


def limit(planar: Audio, ceiling: float) -> None:
    """Lowers ``planar`` in place wherever its true peak would pass ``ceiling``, in a circle.

    The gain each block needs, at its lowest over `LOOK_AHEAD` blocks on both sides, smoothed by a
    window no longer than that, reaches every peak in time; linear between blocks it makes no steps.
    """
    peaks = block_peaks(planar, ceiling * NEAR)
    need = np.minimum(1.0, ceiling / np.maximum(peaks, 1e-9)).astype(np.float32)
    if need.min() >= 1.0:
        return
    lowest = ndimage.minimum_filter1d(need, 2 * LOOK_AHEAD + 1, mode="wrap")
    window = np.hanning(2 * LOOK_AHEAD + 1)[1:-1]
    knots = ndimage.convolve1d(lowest, window / window.sum(), mode="wrap")
    knots = np.append(knots, knots[0])
    for first in range(0, len(need), BLOCKS_AT_ONCE):
        some = planar[:, first * BLOCK : (first + BLOCKS_AT_ONCE) * BLOCK]
        some *= stretched(knots[first : first + BLOCKS_AT_ONCE + 1], BLOCK, some.shape[1])


def _finish(loud: Audio, drive: float, ceiling: float) -> None:
    """Saturates ``loud``, limits it and rounds it to the steps of 16 bits, in place."""
    saturate(loud, drive)
    limit(loud, ceiling)
    for place in stretches(loud.shape[1]):
        some = loud[:, place]
        some *= FULL_SCALE
        np.rint(some, out=some)
        some *= np.float32(1.0) / FULL_SCALE
