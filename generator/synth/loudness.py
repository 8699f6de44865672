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
INTERPOLATION_GAIN: Final = 2.25
BLOCK: Final = 32
BLOCKS_AT_ONCE: Final = 4096
TENTH: Final = SAMPLE_RATE // 10
TENTHS_AT_ONCE: Final = 64
SILENCE: Final = -120.0


def integrated_loudness(planar: Audio) -> float:
    """LUFS of ``(channels, frames)`` after ITU-R BS.1770-4: K-weighting, blocks of 400 ms every 100
    ms, gated at -70 LUFS and then 10 LU below what is left. `SILENCE` when nothing passes the gate.
    """
    state = np.zeros((2, len(planar), 2), np.float32)
    powers = []
    for start in range(0, planar.shape[1] // TENTH * TENTH, TENTHS_AT_ONCE * TENTH):
        stretch = planar[:, start : start + TENTHS_AT_ONCE * TENTH]
        weighted, state = signal.sosfilt(_k_weighting(), stretch, axis=1, zi=state)
        count = weighted.shape[1] // TENTH
        squares = np.square(weighted[:, : count * TENTH]).reshape(-1, count, TENTH)
        powers.append(squares.mean(axis=2, dtype=np.float64).sum(axis=0))
    return _gated(np.concatenate(powers)) if powers else SILENCE


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


def quick_loudness(planar: Audio) -> float:
    """`integrated_loudness` within .05 LU at a third of its cost: spectra of tenths of a second at
    half the rate, weighted by the power of the K filter."""
    powers = []
    for start in range(0, planar.shape[1] // TENTH * TENTH, TENTHS_AT_ONCE * TENTH):
        stretch = planar[:, start : min(start + TENTHS_AT_ONCE * TENTH, planar.shape[1] // 2 * 2)]
        pairs = stretch[:, 0::2] + stretch[:, 1::2]
        pairs *= np.float32(0.5)
        powers.append(_tenths(pairs))
    return _gated(np.concatenate(powers)) if powers else SILENCE


def fader_loudness(half: Audio) -> float:
    """LUFS of the louder moments of one channel at half the rate: the mean of its loudest quarter
    of 400 ms blocks, so that rests and breaks do not count. `SILENCE` where it is silent."""
    tenths = _tenths(half[None])
    if len(tenths) < 4:
        return SILENCE
    blocks = np.sort((tenths[:-3] + tenths[1:-2] + tenths[2:-1] + tenths[3:]) / 4.0)
    return max(SILENCE, float(_lufs(blocks[-max(1, len(blocks) // 4) :].mean())))


def _tenths(half: Audio) -> npt.NDArray[np.float64]:
    """The K-weighted power of each tenth of a second of ``(channels, frames / 2)``, by its
    spectrum."""
    size = TENTH // 2
    count = half.shape[1] // size
    powers = np.zeros(count)
    for first in range(0, count, TENTHS_AT_ONCE):
        stretch = half[:, first * size : min(count, first + TENTHS_AT_ONCE) * size]
        spectra = fft.rfft(stretch.reshape(len(half), -1, size), axis=2)
        power = np.square(spectra.real) + np.square(spectra.imag)
        power *= _k_power()
        powers[first : first + TENTHS_AT_ONCE] = power.sum(axis=(0, 2), dtype=np.float64)
    return powers


def true_peak(planar: Audio) -> float:
    """The highest sample of ``(channels, frames)`` oversampled four times, in dBTP (BS.1770-4,
    annex 2).

    Looks only where it can matter: no point between samples is over `INTERPOLATION_GAIN` times as
    high as the samples around it.
    """
    peak = float(max(planar.max(), -planar.min()))
    if peak == 0.0:
        return SILENCE
    return 20.0 * float(np.log10(block_peaks(planar, peak / INTERPOLATION_GAIN).max()))


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
    inner = around[TAPS_A_SIDE:-TAPS_A_SIDE].reshape(-1, BLOCK)
    peaks = _highest(np.abs(inner))
    loud = np.flatnonzero(peaks > floor)
    windows = np.lib.stride_tricks.sliding_window_view(around, BLOCK + 2 * TAPS_A_SIDE)[::BLOCK]
    peaks[loud] = np.maximum(peaks[loud], _between(windows[loud]))
    return peaks


def _highest(levels: Audio) -> Audio:
    """The maximum over the last axis, whose length is a power of two, by halving: numpy's own is
    slow on short axes."""
    while levels.shape[-1] > 1:
        half = levels.shape[-1] // 2
        levels = np.maximum(levels[..., :half], levels[..., half:])
    return levels[..., 0]


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
def _k_power() -> Audio:
    """What one bin of a pairwise averaged tenth of a second adds to the mean square under the
    K filter."""
    size = TENTH // 2
    hertz = np.arange(size // 2 + 1) * (SAMPLE_RATE / TENTH)
    _, response = signal.sosfreqz(_k_weighting(), hertz, fs=SAMPLE_RATE)
    pairing = np.cos(np.pi * hertz / SAMPLE_RATE)
    both_sides = np.where((hertz == 0) | (hertz == hertz[-1]), 1.0, 2.0)
    power: Audio = (both_sides * np.abs(response / pairing) ** 2 / size**2).astype(np.float32)
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
