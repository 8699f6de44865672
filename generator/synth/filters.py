"""Filters that move, by coefficients that change in inaudible steps, and filters that go round."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import signal

from generator.synth.signal import SAMPLE_RATE, Audio, stretches

CONTROL: Final = 32
STEP_OCTAVES: Final = 0.12
STEP_POINTS: Final = 3
LOWEST: Final = 30.0
HIGHEST: Final = 0.39
BUTTERWORTH_Q: Final = (0.5411961, 1.3065630)
WHISPER: Final = 2.0**-50


def low_pass(
    cutoff: npt.NDArray[np.float64], resonance: float, rate: int = SAMPLE_RATE
) -> npt.NDArray[np.float32]:
    """Second-order sections ``(len(cutoff), 2, 6)`` of a 24 dB/octave low-pass.

    A fourth-order Butterworth as two biquads, the sharper one sharpened further by ``resonance``
    0..1 (Bristow-Johnson, "Cookbook formulae for audio EQ biquad filter coefficients").
    """
    omega = 2.0 * np.pi * np.clip(cutoff, LOWEST, HIGHEST * rate) / rate
    sections = np.empty((len(cutoff), 2, 6))
    for index, sharpness in enumerate((1.0, 1.0 + 3.0 * resonance)):
        alpha = np.sin(omega) / (2.0 * BUTTERWORTH_Q[index] * sharpness)
        cosine = np.cos(omega)
        top = (1.0 - cosine) / 2.0
        terms = [top, 2.0 * top, top, 1.0 + alpha, -2.0 * cosine, 1.0 - alpha]
        sections[:, index] = (np.array(terms) / (1.0 + alpha)).T
    sections[:, 0, :3] /= np.sqrt(1.0 + resonance)
    return sections.astype(np.float32)


def sweep(
    rows: Audio,
    octaves: npt.NDArray[np.float64],
    cutoff: float,
    resonance: float,
    rate: int = SAMPLE_RATE,
) -> None:
    """Filters each row of ``rows`` (..., frames) in place; the cut-off is ``cutoff * 2**octaves``,
    one value every `CONTROL` frames, followed in steps of at most `STEP_OCTAVES`. Where rows fall
    silent they had better `whisper`."""
    bounds = _steps(octaves)
    ends = np.array(bounds)
    middle = 0.5 * (octaves[ends[:-1]] + octaves[ends[1:] - 1])
    sections = low_pass(cutoff * 2.0**middle, resonance, rate)
    state = np.zeros((2, *rows.shape[:-1], 2), np.float32)
    frames = rows.shape[-1]
    for index, section in enumerate(sections):
        block = slice(bounds[index] * CONTROL, min(bounds[index + 1] * CONTROL, frames))
        rows[..., block], state = signal.sosfilt(section, rows[..., block], zi=state)


def run_round(signals: Audio, sections: npt.NDArray[np.float64], lead_in: int) -> None:
    """Filters ``(..., frames)`` in place as if it had gone round for ever: the filter first hears
    the last ``lead_in`` frames. In stretches, so that no second signal of that length is needed.
    Silence stays silence."""
    if not signals.any():
        return
    sections = sections.astype(np.float32)
    state = np.zeros((len(sections), *signals.shape[:-1], 2), np.float32)
    _, state = signal.sosfilt(sections, _awake(signals[..., -lead_in:]), zi=state)
    for place in stretches(signals.shape[-1]):
        some = _awake(signals[..., place])
        signals[..., place], state = signal.sosfilt(sections, some, zi=state)


def whisper(frames: int) -> Audio:
    """Noise at -300 dB, ``(frames,)``, shared: nobody writes into it.

    A filter that hears nothing at all rings on in ever smaller numbers, and with those that float32
    cannot hold in full (below 1e-38) many processors count far slower.
    """
    return _whisper(1 << max(16, (frames - 1).bit_length()))[:frames]


@lru_cache(maxsize=4)
def _whisper(frames: int) -> Audio:
    noise = np.random.Generator(np.random.PCG64(frames)).uniform(-WHISPER, WHISPER, frames)
    quiet: Audio = noise.astype(np.float32)
    quiet.flags.writeable = False
    return quiet


def _awake(signals: Audio) -> Audio:
    awake: Audio = signals + whisper(signals.shape[-1])
    return awake


def _steps(octaves: npt.NDArray[np.float64]) -> list[int]:
    """Control points where the coefficients change: whenever the curve has travelled a step
    further, but `STEP_POINTS` apart, for a call costs as much as a hundred frames."""
    travelled = np.concatenate([[0.0], np.cumsum(np.abs(np.diff(octaves)))])
    changed = np.flatnonzero(np.diff(np.floor(travelled / STEP_OCTAVES))) + 1
    bounds = [0]
    for point in changed.tolist():
        if point - bounds[-1] >= STEP_POINTS:
            bounds.append(point)
    return [*bounds, len(octaves)]
