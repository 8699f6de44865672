"""How loud: programme loudness and true peak, as broadcasters measure them."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import fft, signal

from generator.synth.signal import SAMPLE_RATE, Audio

OVERSAMPLING: Final = 4
TAPS_A_SIDE: Final = 10
OVERSHOOT: Final = 1.67
"""Blocks this far under the highest sample are not looked into: in finished clips a point between
two samples rises at most 1.4 times as high as the samples of its block."""
BLOCK: Final = 32
BLOCKS_AT_ONCE: Final = 4096
TENTH: Final = SAMPLE_RATE // 10
TENTHS_AT_ONCE: Final = 64
SILENCE: Final = -120.0


def integrated_loudness(planar: Audio) -> float:
    """LUFS of ``(channels, frames)`` after ITU-R BS.1770-4: K-weighting, blocks of 400 ms every 100
    ms, gated at -70 LUFS and then 10 LU below what is left. `SILENCE` when nothing passes the gate.

    The weighting acts on the spectrum of each tenth of a second (Parseval's theorem), which costs a
    third of the two filters and differs from them by hundredths of a LU.
    """
    return _gated(_tenths(planar, TENTH))


def _gated(tenths: npt.NDArray[np.float64]) -> float:
    """LUFS from the weighted power of each tenth of a second, all channels added."""
    if len(tenths) < 4:
        return SILENCE
    blocks = (tenths[:-3] + tenths[1:-2] + tenths[2:-1] + tenths[3:]) / 4.0
    loud = blocks[_lufs(blocks) > -70.0]
    if not len(loud):
        return SILENCE
    loud = loud[_lufs(loud) > float(_lufs(loud.mean())) - 10.0]
    return float(_lufs(loud.mean()))


def fader_loudness(half: Audio) -> float:
    """LUFS of the louder moments of one channel at half the rate: the mean of its loudest quarter
    of 400 ms blocks, so that rests and breaks do not count. `SILENCE` where it is silent."""
    tenths = _tenths(half[None], TENTH // 2)
    if len(tenths) < 4:
        return SILENCE
    blocks = np.sort((tenths[:-3] + tenths[1:-2] + tenths[2:-1] + tenths[3:]) / 4.0)
    return max(SILENCE, float(_lufs(blocks[-max(1, len(blocks) // 4) :].mean())))


def _tenths(planar: Audio, size: int) -> npt.NDArray[np.float64]:
    """The K-weighted power of each tenth of a second, ``size`` frames, all channels added."""
    count = planar.shape[1] // size
    powers = np.zeros(count)
    for first in range(0, count, TENTHS_AT_ONCE):
        stretch = planar[:, first * size : min(count, first + TENTHS_AT_ONCE) * size]
        spectra = fft.rfft(stretch.reshape(len(planar), -1, size), axis=2)
        power = np.square(spectra.real)
        power += np.square(spectra.imag)
        power *= _k_power(size)
        powers[first : first + TENTHS_AT_ONCE] = power.sum(axis=(0, 2), dtype=np.float64)
    return powers


def true_peak(planar: Audio) -> float:
    """The highest sample of ``(channels, frames)`` oversampled four times, in dBTP (BS.1770-4,
    annex 2).

    Looks between the samples wherever they come within `OVERSHOOT` of the highest one.
    """
    peak = float(max(planar.max(), -planar.min()))
    if peak == 0.0:
        return SILENCE
    return 20.0 * float(np.log10(block_peaks(planar, peak / OVERSHOOT).max()))


def block_peaks(planar: Audio, floor: float) -> Audio:
    """The true peak of each block of `BLOCK` frames, any channel: the clip is a circle, the last
    block may be short. Blocks that stay under ``floor`` give their highest sample instead."""
    frames = planar.shape[1]
    peaks = np.zeros(-(-frames // BLOCK), np.float32)
    for first in range(0, len(peaks), BLOCKS_AT_ONCE):
        part = peaks[first : first + BLOCKS_AT_ONCE]
        start = first * BLOCK - TAPS_A_SIDE
        for channel in planar:
            around = _circular(channel, start, start + len(part) * BLOCK + 2 * TAPS_A_SIDE)
            np.maximum(part, _stretch_peaks(around, floor), out=part)
    return peaks


def _circular(channel: Audio, start: int, stop: int) -> Audio:
    """``channel[start:stop]`` of the channel repeated without end."""
    if start >= 0 and stop <= len(channel):
        return channel[start:stop]
    return channel.take(np.arange(start, stop), mode="wrap")


def _stretch_peaks(around: Audio, floor: float) -> Audio:
    """The peaks of the blocks of one channel, which has `TAPS_A_SIDE` frames more on both sides."""
    peaks = _highest(np.abs(around[TAPS_A_SIDE:-TAPS_A_SIDE]))
    loud = np.flatnonzero(peaks > floor)
    windows = np.lib.stride_tricks.sliding_window_view(around, BLOCK + 2 * TAPS_A_SIDE)[::BLOCK]
    peaks[loud] = np.maximum(peaks[loud], _between(windows[loud]))
    return peaks


def _highest(levels: Audio) -> Audio:
    """The highest of each `BLOCK` of a row, by doubling a window that slides over all of them:
    numpy's own maximum is slow on short axes."""
    width = 1
    while width < BLOCK:
        levels = np.maximum(levels[:-width], levels[width:])
        width *= 2
    return levels[::BLOCK]


def _between(windows: Audio) -> Audio:
    """The highest of the three points between each two samples of each row of ``windows``."""
    across = np.ascontiguousarray(windows.T)
    best = np.zeros(across.shape[1], np.float32)
    for taps in _interpolators():
        points = np.zeros((BLOCK, across.shape[1]), np.float32)
        for offset, tap in enumerate(taps):
            points += tap * across[offset + 1 : offset + 1 + BLOCK]
        np.maximum(best, np.abs(points, out=points).max(axis=0), out=best)
    return best


@cache
def _interpolators() -> npt.NDArray[np.float32]:
    """Three filters ``(3, 20)`` for the points at 1/4, 1/2 and 3/4 between two samples: a
    Kaiser-windowed sinc, each of unit gain at 0 Hz."""
    offsets = np.arange(1 - TAPS_A_SIDE, TAPS_A_SIDE + 1)
    filters = []
    for step in range(1, OVERSAMPLING):
        distance = step / OVERSAMPLING - offsets
        inside = np.clip(1.0 - (distance / TAPS_A_SIDE) ** 2, 0.0, 1.0)
        taps = np.sinc(distance) * np.i0(5.0 * np.sqrt(inside))
        filters.append(taps / taps.sum())
    return np.array(filters, np.float32)


@cache
def _k_power(size: int) -> Audio:
    """What one bin of a tenth of a second of ``size`` frames adds to the mean square under the K
    filter; what pairwise averaging takes at half the rate is given back."""
    hertz = np.arange(size // 2 + 1) * 10.0
    _, response = signal.sosfreqz(_k_weighting(), hertz, fs=SAMPLE_RATE)
    pairing = np.cos(np.pi * hertz / SAMPLE_RATE) if size < TENTH else 1.0
    last = (hertz == 0) | (hertz == 5.0 * size)
    power: Audio = (np.where(last, 1.0, 2.0) * np.abs(response / pairing) ** 2).astype(np.float32)
    power /= np.float32(size**2)
    return power


def _lufs(power: npt.NDArray[np.float64] | float) -> npt.NDArray[np.float64]:
    return -0.691 + 10.0 * np.log10(np.maximum(power, 1e-12))


def _k_weighting() -> npt.NDArray[np.float32]:
    """The two biquads of BS.1770-4 for `SAMPLE_RATE`, from their analogue prototypes
    (De Man, "Evaluation of implementations of the EBU R128 loudness measurement", 2018)."""
    shelf_hertz, shelf_db, shelf_q = 1681.974450955533, 3.999843853973347, 0.7071752369554196
    k = np.tan(np.pi * shelf_hertz / SAMPLE_RATE)
    high = 10.0 ** (shelf_db / 20.0)
    middle = high**0.4996667741545416
    norm = 1.0 + k / shelf_q + k * k
    shelf = [
        (high + middle * k / shelf_q + k * k) / norm,
        2.0 * (k * k - high) / norm,
        (high - middle * k / shelf_q + k * k) / norm,
        1.0,
        2.0 * (k * k - 1.0) / norm,
        (1.0 - k / shelf_q + k * k) / norm,
    ]
    pass_hertz, pass_q = 38.13547087602444, 0.5003270373238773
    k = np.tan(np.pi * pass_hertz / SAMPLE_RATE)
    norm = 1.0 + k / pass_q + k * k
    high_pass = [1.0, -2.0, 1.0, 1.0, 2.0 * (k * k - 1.0) / norm, (1.0 - k / pass_q + k * k) / norm]
    return np.array([shelf, high_pass], np.float32)
