"""Tones as a few looped bands of partials, each with its own course of loudness.

A string's partials die at their own speeds, a trumpet's upper ones come with its loudness, a sweep
opens band after band. One inverse FFT writes all bands of a pitch as loops without a seam; a note
is then only their sum under slow envelopes: no filter runs, and nothing can fold over.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import fft

from generator.synth.signal import Audio, stretched

KNOT: Final = 64
SILENT: Final = 1e-4

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Banded:
    """``loops`` (bands, channels, size); ``hertz`` (bands,) is where each band's weight lies."""

    loops: Audio
    hertz: Numbers

    def sound(self, start: int, knots: Audio, frames: int, floor: float = SILENT) -> Audio:
        """``(channels, frames)`` of the loops from ``start`` on, each times the lines through its
        row of ``knots`` (bands, n), which stand `KNOT` frames apart. Where a band lies under
        ``floor`` times the loudest moment of all, before its first and after its last, it is left
        out."""
        result = np.zeros((self.loops.shape[1], frames), np.float32)
        least = floor * float(np.abs(knots).max(initial=0.0))
        for loop, course in zip(self.loops, knots, strict=True):
            heard = np.flatnonzero(np.abs(course) > least)
            if not len(heard):
                continue
            first, last = max(0, int(heard[0]) - 1), int(heard[-1]) + 1
            begin, end = first * KNOT, min(frames, last * KNOT)
            level = stretched(course[first : -(-end // KNOT) + 1], KNOT, end - begin)
            _add_round(result[:, begin:end], loop, start + begin, level)
        return result


def _add_round(target: Audio, loop: Audio, start: int, level: Audio) -> None:
    """Adds ``level`` times the loop, read round from ``start``, to ``target``."""
    size, frames = loop.shape[1], target.shape[1]
    position, done = start % size, 0
    while done < frames:
        count = min(frames - done, size - position)
        piece = loop[:, position : position + count] * level[done : done + count]
        target[:, done : done + count] += piece
        done, position = done + count, 0


def knot_times(frames: int, rate: int) -> Numbers:
    """Seconds of the knots that carry a note of ``frames``."""
    return np.asarray(np.arange(-(-frames // KNOT) + 1) * (KNOT / rate), np.float64)


def from_spectra(spectra: npt.NDArray[np.complex64], size: int, hertz: Numbers) -> Banded:
    """Loops of ``size`` samples from ``(bands, channels, size // 2 + 1)`` amplitudes of sines: a
    bin of value ``-1j`` is a sine of peak one."""
    spectra *= np.float32(size / 2)
    samples: Audio = fft.irfft(spectra, n=size, axis=-1)
    return Banded(samples, hertz)
