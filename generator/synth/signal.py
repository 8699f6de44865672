"""What all signals of the synth agree on: the rate, the type, and time that runs in a circle."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

SAMPLE_RATE: Final = 44_100
STRETCH: Final = 2**15

Audio = npt.NDArray[np.float32]
"""Float32 samples; inside the synth stereo is planar, ``(2, frames)``: a channel is contiguous."""


def gain(decibels: float) -> float:
    """The amplitude factor of a level in dB: ``10^(dB/20)``."""
    return float(10.0 ** (decibels / 20.0))


def wrap_add(target: Audio, start: int, block: Audio, factor: float = 1.0) -> None:
    """Adds ``factor * block`` to ``target`` from frame ``start`` on; past the end it goes on at 0.

    Both are ``(2, frames)`` or both ``(frames,)``; ``block`` may be longer than the target.
    """
    frames = target.shape[-1]
    position, done, length = start % frames, 0, block.shape[-1]
    while done < length:
        count = min(length - done, frames - position)
        piece = block[..., done : done + count]
        target[..., position : position + count] += piece if factor == 1.0 else factor * piece
        done, position = done + count, 0


def stretches(frames: int) -> Iterator[slice]:
    """The clip in stretches that stay in a processor's cache while several steps pass over them."""
    for start in range(0, frames, STRETCH):
        yield slice(start, min(start + STRETCH, frames))


def stretched(knots: Audio, step: int, frames: int) -> Audio:
    """``frames`` values on the straight lines through ``knots``, which stand ``step`` frames apart;
    there is one knot more than there are whole or broken steps."""
    ramp = np.arange(step, dtype=np.float32) / np.float32(step)
    lines: Audio = (knots[1:] - knots[:-1])[:, None] * ramp
    lines += knots[:-1, None]
    return lines.ravel()[:frames]


def turning(hertz: float, frames: int, start: float = 0.0) -> Audio:
    """The angle in radians of a steady oscillator at each frame, from ``start`` turns on.

    Counted in whole 2**-32ths of a turn that overflow at each full turn, as in a hardware
    accumulator: exact over any length, where float32 would drift and float64 be slow.
    """
    step = np.uint32(round(hertz / SAMPLE_RATE * 2.0**32) % 2**32)
    phase = np.arange(frames, dtype=np.uint32)
    phase *= step
    phase += np.uint32(round(start * 2.0**32) % 2**32)
    angle: Audio = phase.astype(np.float32)
    angle *= np.float32(2.0 * np.pi / 2.0**32)
    return angle


def whole_cycles(rate: float, frames: int) -> float:
    """The rate in Hz nearest to ``rate`` that turns a whole number of times, >= 1, in a clip."""
    seconds = frames / SAMPLE_RATE
    return max(1, round(rate * seconds)) / seconds
