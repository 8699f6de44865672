"""Band-limited unison oscillators, written as spectra and looped.

A loop holds a whole number of cycles of every detuned copy, so it can be read round and round
without a seam, and one inverse FFT makes it, whatever the number of copies and harmonics. What is
not in its spectrum cannot fold over: no harmonic lies above 18 kHz.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import fft

from generator.synth.patches import Analog, Oscillator
from generator.synth.signal import SAMPLE_RATE, Audio

HIGHEST_HARMONIC: Final = 18_000.0
SHORTEST: Final = 2**14
TINY: Final = 2**12
LONGEST: Final = 2**17
CONCERT_PITCH: Final = 440.0


@dataclass(frozen=True, slots=True)
class Loop:
    """``samples`` (2, size) of a tone with so many ``cycles`` of its lowest oscillator, written at
    ``oversampled`` times the rate it is played at."""

    samples: Audio
    cycles: int
    oversampled: int

    @property
    def cycle(self) -> float:
        """Frames of one cycle when played."""
        size: int = self.samples.shape[1]
        return size / self.oversampled / self.cycles

    def read(self, start: int, frames: int) -> Audio:
        """``frames`` samples from ``start`` on at the loop's own pitch; only where not
        oversampled."""
        size = self.samples.shape[1]
        start %= size
        turns = -(-(start + frames) // size)
        if turns == 1:
            return self.samples[:, start : start + frames]
        return np.tile(self.samples, turns)[:, start : start + frames]

    def read_bent(self, start: int, lead: Audio) -> Audio:
        """``len(lead)`` samples from ``start`` on, each ``lead`` frames further, linear
        in between."""
        place = lead * np.float32(self.oversampled)
        whole = np.floor(place)
        part = place - whole
        index = whole.astype(np.int32)
        first = start * self.oversampled
        index += np.arange(len(lead), dtype=np.int32) * np.int32(self.oversampled) + np.int32(first)
        index %= self.samples.shape[1]
        low: Audio = self.samples.take(index, axis=1)
        index += 1
        high = self.samples.take(index, axis=1, mode="wrap")
        high -= low
        high *= part
        low += high
        return low


def frequency(pitch: float) -> float:
    """Hz of a MIDI pitch in equal temperament, A4 = 440 Hz."""
    return float(CONCERT_PITCH * 2.0 ** ((pitch - 69.0) / 12.0))


def unison_loop(
    patch: Analog,
    pitch: int,
    rng: np.random.Generator,
    rate: int = SAMPLE_RATE,
    oversampled: int = 1,
) -> Loop:
    """The loop of ``patch`` at ``pitch`` for playing at ``rate``; ``rng`` draws the starting phase
    of each copy."""
    grid = _Grid.of(patch, pitch, rate)
    spectrum = np.zeros((2, grid.size * oversampled // 2 + 1), np.complex64)
    for oscillator in patch.oscillators:
        _add_unison(spectrum, patch, oscillator, grid, rng)
    spectrum *= grid.size * oversampled / 2
    samples: Audio = fft.irfft(spectrum, n=grid.size * oversampled, axis=1)
    return Loop(samples, grid.cycles, oversampled)


def harmonics(wave: str, count: int, width: float) -> npt.NDArray[np.float64]:
    """Amplitudes of the sines 1..count of a wave of peak 1 (Fourier series); ``width`` is a pulse's
    duty."""
    k = np.arange(1.0, count + 1.0)
    odd = k % 2.0
    series: dict[str, npt.NDArray[np.float64]] = {
        "sine": (k == 1.0).astype(np.float64),
        "saw": 2.0 / np.pi / k,
        "square": 4.0 / np.pi * odd / k,
        "triangle": 8.0 / np.pi**2 * odd * (-1.0) ** (k // 2.0) / np.square(k),
        "pulse": 4.0 / np.pi * np.sin(np.pi * k * width) / k,
    }
    return series[wave]


@dataclass(frozen=True, slots=True)
class _Grid:
    """Where harmonics fall in a loop: its ``size``, the ``cycles`` of its lowest octave, the
    ``step`` in cycles between neighbouring copies, Hz of a bin, Hz of the highest harmonic."""

    size: int
    cycles: int
    step: int
    octave: int
    hertz: float
    highest: float

    @classmethod
    def of(cls, patch: Analog, pitch: int, rate: int) -> _Grid:
        octave = min(o.octave for o in patch.oscillators)
        lowest = frequency(pitch) * 2.0**octave
        spread = lowest * (2.0 ** (patch.detune / 1200.0) - 1.0) * 2.0 / max(1, patch.unison - 1)
        parity = 1 if patch.unison % 2 else 2
        size, cycles = loop_size(lowest / rate, spread / parity / rate)
        step = parity * max(1, round(spread / parity * size / rate))
        return cls(size, cycles, step, octave, rate / size, min(HIGHEST_HARMONIC, 0.45 * rate))


def _add_unison(
    spectrum: npt.NDArray[np.complex64],
    patch: Analog,
    oscillator: Oscillator,
    grid: _Grid,
    rng: np.random.Generator,
) -> None:
    """Adds every copy of one oscillator: a steady centre for the lows, detuned copies
    for the rest."""
    scale = 2 ** (oscillator.octave - grid.octave)
    base = grid.cycles * scale
    k = np.arange(1, int(grid.highest / (base * grid.hertz)) + 1)
    hertz = k * base * grid.hertz
    tone = harmonics(oscillator.wave, len(k), oscillator.width) * oscillator.level
    tone /= np.sqrt(1.0 + (patch.low_cut / hertz) ** 4)
    loose = 1.0 / (1.0 + (patch.solid_below / hertz) ** 4) if patch.unison > 1 else 0.0 * hertz
    centre = np.sqrt(1.0 - loose**2)
    spectrum[:, k * base] += (-1j * np.sqrt(0.5) * centre * tone).astype(np.complex64)
    if patch.unison == 1:
        return
    phases = rng.uniform(0.0, 2.0 * np.pi, patch.unison)
    for copy in range(patch.unison):
        offset = (2 * copy - patch.unison + 1) * grid.step // 2
        bins = k * ((grid.cycles + offset) * scale)
        inside = bins < spectrum.shape[1]
        turned = -1j * np.exp(1j * k * phases[copy]) * loose * tone / np.sqrt(patch.unison)
        levels = np.array(_panned(copy, patch.unison, patch.width))[:, None]
        spectrum[:, bins[inside]] += (levels * turned[inside]).astype(np.complex64)


def _panned(copy: int, unison: int, width: float) -> tuple[float, float]:
    """Equal-power gains; neighbours in pitch stand on opposite sides, so that neither is sharp."""
    side = (-1.0) ** copy if copy != (unison - 1) / 2 else 0.0
    angle = (1.0 + side * width) * np.pi / 4.0
    return float(np.cos(angle)), float(np.sin(angle))


def loop_size(lowest: float, spread: float, shortest: int = SHORTEST) -> tuple[int, int]:
    """The FFT-friendly size, and its cycles, that tunes ``lowest`` best and still resolves
    ``spread``, both in cycles a frame, where there is one; ``shortest`` is at least `TINY`."""
    wanted = min(max(1.0 / spread if spread > 0 else 0.0, shortest), LONGEST / 1.5)
    sizes = _smooth_sizes()
    sizes = sizes[(sizes >= wanted) & (sizes <= wanted * 1.5)]
    cycles = sizes * lowest
    error = np.abs(cycles - np.round(cycles)) / cycles
    best = int(np.argmin(error))
    return int(sizes[best]), round(float(cycles[best]))


@cache
def _smooth_sizes() -> npt.NDArray[np.int64]:
    """Even sizes whose only prime factors are 2, 3, 5 and 7: an FFT is fast there."""
    found = [
        2 * two * three * five * seven
        for two in (2**n for n in range(18))
        for three in (3**n for n in range(12))
        for five in (5**n for n in range(8))
        for seven in (7**n for n in range(7))
        if TINY <= 2 * two * three * five * seven <= LONGEST
    ]
    return np.array(sorted(found))
