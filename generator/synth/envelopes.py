"""Envelopes: how a note swells and fades, and how far its filter opens."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from generator.synth.shapes import Envelope, Filter
from generator.synth.signal import SAMPLE_RATE, Audio

RELEASE_TIMES: Final = 1.6
FALL: Final = 4.0
INSTANT: Final = 1e-5


def release_frames(envelope: Envelope, rate: int = SAMPLE_RATE) -> int:
    """Frames that a note sounds on after its key is up."""
    return round(envelope.release * RELEASE_TIMES * rate)


def adsr(envelope: Envelope, gate: int, rate: int = SAMPLE_RATE) -> Audio:
    """Amplitude over ``gate + release_frames(envelope)`` frames: linear attack, exponential decay
    to the sustain level, and from ``gate`` on ``exp(-4 t / release)``, shifted to end at exactly
    zero."""
    held = np.arange(gate, dtype=np.float32) / np.float32(rate)
    level = np.exp(np.maximum(held - envelope.attack, 0) * np.float32(-1.0 / envelope.decay))
    level *= 1.0 - envelope.sustain
    level += envelope.sustain
    if envelope.attack > INSTANT:
        level *= np.minimum(held / np.float32(envelope.attack), 1)
    tail = np.arange(release_frames(envelope, rate), dtype=np.float32) / np.float32(rate)
    floor = np.exp(-FALL * RELEASE_TIMES)
    fall = (np.exp(tail * np.float32(-FALL / envelope.release)) - floor) / (1.0 - floor)
    last = level[-1] if gate else np.float32(0)
    return np.concatenate([level, last * fall]).astype(np.float32)


def filter_octaves(table: Filter, seconds: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Octaves above the rest cut-off at each time: linear attack, exponential decay to
    its sustain."""
    fall = np.exp(-np.maximum(seconds - table.attack, 0.0) / table.decay)
    shape = table.sustain + (1.0 - table.sustain) * fall
    if table.attack > INSTANT:
        shape = np.where(seconds < table.attack, seconds / table.attack, shape)
    return table.octaves * shape
