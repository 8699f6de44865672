"""The last chain: tape where the style wants it, loudness to target, peaks under the ceiling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import ndimage, signal

from generator.synth.loudness import BLOCK, block_peaks, integrated_loudness, true_peak
from generator.synth.signal import SAMPLE_RATE, Audio, gain
from generator.synth.sound import Finish

RUMBLE: Final = 28.0
LOOK_AHEAD: Final = round(0.010 * SAMPLE_RATE / BLOCK)
HEADROOM: Final = 0.1
ROUNDS: Final = 3
CLOSE: Final = 0.05
FULL_SCALE: Final = 32768.0


@dataclass(frozen=True, slots=True)
class Master:
    """A finished clip: float32 ``(frames, 2)`` whose every sample is a whole multiple of 2**-15, and what
    that audio measures."""

    audio: Audio
    loudness_lufs: float
    true_peak_dbtp: float


def master(
    bus: Audio,
    finish: Finish | None = None,
    target_lufs: float = -14.0,
    ceiling_dbtp: float = -1.0,
) -> Master:
    """Brings ``bus`` ``(frames, 2)`` to ``target_lufs`` under ``ceiling_dbtp``, seamless as it came.

    Saturation and limiting cost loudness, so the gain is found by trying: each round corrects the gain
    by what the last one missed. Silence stays silence.
    """
    finish = finish or Finish()
    mix = high_pass(bus.T)
    loudness = integrated_loudness(mix)
    push, ceiling = target_lufs - loudness, gain(ceiling_dbtp - HEADROOM)
    loud = mix
    for _ in range(ROUNDS):
        loud = np.multiply(mix, np.float32(gain(push)))
        _saturate(loud, gain(finish.drive))
        limit(loud, ceiling)
        missed = target_lufs - integrated_loudness(loud)
        if abs(missed) < CLOSE:
            break
        push += missed
    audio = np.rint(loud * np.float32(FULL_SCALE)) / np.float32(FULL_SCALE)
    return Master(audio.T, integrated_loudness(audio), true_peak(audio))


def high_pass(planar: Audio) -> Audio:
    """Second-order Butterworth at `RUMBLE` Hz, settled by running in over the last second."""
    sections = signal.butter(2, RUMBLE, "highpass", fs=SAMPLE_RATE, output="sos")
    lead_in = min(planar.shape[1], SAMPLE_RATE)
    full = np.concatenate([planar[:, -lead_in:], planar], axis=1)
    return signal.sosfilt(sections.astype(np.float32), full, axis=1)[:, lead_in:]


def limit(planar: Audio, ceiling: float) -> None:
    """Lowers ``planar`` in place wherever its true peak would pass ``ceiling``, in a circle.

    The gain each block needs, at its lowest over `LOOK_AHEAD` blocks on both sides, smoothed by a window
    no longer than that, reaches every peak in time; linear between blocks it makes no steps.
    """
    peaks = block_peaks(planar, ceiling * 0.6)
    need = np.minimum(1.0, ceiling / np.maximum(peaks, 1e-9)).astype(np.float32)
    if need.min() >= 1.0:
        return
    lowest = ndimage.minimum_filter1d(need, 2 * LOOK_AHEAD + 1, mode="wrap")
    window = np.hanning(2 * LOOK_AHEAD - 1 + 2)[1:-1]
    knots = ndimage.convolve1d(lowest, window / window.sum(), mode="wrap")
    ramp = np.arange(BLOCK, dtype=np.float32) / np.float32(BLOCK)
    slopes = np.roll(knots, -1) - knots
    curve = (knots[:, None] + slopes[:, None] * ramp).ravel()[: planar.shape[1]]
    planar *= curve


def _saturate(planar: Audio, drive: float) -> None:
    planar *= np.float32(drive)
    np.tanh(planar, out=planar)
    planar *= np.float32(1.0 / drive)
