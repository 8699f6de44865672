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
    total = gate + release_frames(envelope, rate)
    level: Audio = np.arange(total, dtype=np.float32)
    level *= np.float32(1.0 / rate)
    held, tail = level[:gate], level[gate:]
    rising = held[: round(envelope.attack * rate) + 1] / np.float32(max(envelope.attack, INSTANT))
    held -= np.float32(envelope.attack)
    np.maximum(held, 0.0, out=held)
    held *= np.float32(-1.0 / envelope.decay)
    np.exp(held, out=held)
    held *= np.float32(1.0 - envelope.sustain)
    held += np.float32(envelope.sustain)
    if envelope.attack > INSTANT:
        held[: len(rising)] *= np.minimum(rising, 1.0)
    floor = np.exp(-FALL * RELEASE_TIMES)
    tail -= np.float32(gate / rate)
    tail *= np.float32(-FALL / envelope.release)
    np.exp(tail, out=tail)
    tail -= np.float32(floor)
    tail *= np.float32(1.0 / (1.0 - floor)) * (held[-1] if gate else np.float32(0.0))
    return level


def filter_octaves(table: Filter, seconds: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Octaves above the rest cut-off at each time: linear attack, exponential decay to
    its sustain."""
    fall = np.exp(-np.maximum(seconds - table.attack, 0.0) / table.decay)
    shape = table.sustain + (1.0 - table.sustain) * fall
    if table.attack > INSTANT:
        shape = np.where(seconds < table.attack, seconds / table.attack, shape)
    return table.octaves * shape
