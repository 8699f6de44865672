"""To half the sample rate and back, in the same circle, for what has nothing to say above 9 kHz."""

from __future__ import annotations

from typing import Final

import numpy as np

from generator.synth.signal import SAMPLE_RATE, Audio

HALF_RATE: Final = SAMPLE_RATE // 2
HALF_BAND: Final = (0.3095, -0.0758, 0.0188)
"""The odd taps on one side of a half-band filter; the middle one is 1/2, the even ones are 0."""


def halve(stem: Audio) -> Audio:
    """The middle of ``(2, frames)`` at half the rate, ``(frames / 2,)``, after a half-band filter;
    ``frames`` is even."""
    margin, count = len(HALF_BAND), stem.shape[1] // 2
    odd = np.pad(stem[0, 1::2] + stem[1, 1::2], (margin, margin), mode="wrap")
    result = stem[0, 0::2] + stem[1, 0::2]
    for index, tap in enumerate(HALF_BAND):
        before, after = margin - 1 - index, margin + index
        pair = odd[before : before + count] + odd[after : after + count]
        pair *= np.float32(2.0 * tap)
        result += pair
    result *= np.float32(0.25)
    return result


def double(half: Audio, out: Audio) -> None:
    """Adds ``half`` ``(2, frames / 2)``, brought back to the full rate, to ``out``
    ``(2, frames)``."""
    margin, count = len(HALF_BAND), half.shape[1]
    for channel, wide in zip(half, out, strict=True):
        around = np.pad(channel, (margin, margin), mode="wrap")
        between = np.zeros(count, np.float32)
        for index, tap in enumerate(HALF_BAND):
            before, after = margin - index, margin + 1 + index
            pair = around[before : before + count] + around[after : after + count]
            pair *= np.float32(2 * tap)
            between += pair
        wide[0::2] += channel
        wide[1::2] += between
