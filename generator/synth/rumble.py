"""What no loudspeaker plays: the lowest frequencies of a mix, found at a fraction of its rate.

A high-pass takes away ``(1 - H) x``. That part lives so low that it is cheaper to compute at
1/`STEP` of the rate and to subtract as straight lines than to run ``H`` over every sample.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy import signal

from generator.synth.signal import SAMPLE_RATE, Audio, stretched, stretches

BOX: Final = 8
STEP: Final = 4 * BOX
SETTLING: Final = STEP * 400
"""Frames that the filter hears before the clip's start: a third of a second of its end."""


def remove_rumble(planar: Audio, hertz: float) -> None:
    """A second-order Butterworth high-pass at ``hertz`` (up to 60) over ``(2, frames)``, in place
    and in a circle."""
    slow = np.stack([slowed(channel) for channel in planar])
    below = signal.sosfilt(_complement(hertz), slow, axis=1)[:, SETTLING // STEP - 1 :]
    for side, knots in enumerate(below):
        lay_on(planar[side], -knots)


def slowed(channel: Audio, after: int = 4) -> Audio:
    """The channel at 1/`STEP` of its rate, from `SETTLING` frames before its start until some
    ``after`` samples past its end, every sample centred on its frame: two box means, then two
    binomial halvings."""
    edges = np.arange(-SETTLING - BOX + 1, 0), np.arange(after * STEP) + len(channel)
    before, behind = (channel.take(places, mode="wrap") for places in edges)
    around = np.concatenate([before, channel, behind])
    slow = np.concatenate(
        [_boxed(around[place.start : place.stop + 2 * BOX - 2]) for place in stretches(len(around))]
    )
    for _ in range(2):
        even, odd = slow[0::2], slow[1::2]
        middle = even[1:-1] * np.float32(6.0) + even[:-2] + even[2:]
        middle += np.float32(4.0) * (odd[: len(middle)] + odd[1 : len(middle) + 1])
        slow = np.concatenate([even[:1], middle * np.float32(1.0 / 16.0), even[-1:]])
    return slow


def _boxed(samples: Audio) -> Audio:
    """Two means over `BOX` frames over one another, of which every `BOX`-th is kept."""
    for width in (1, 2, 4) * 2:
        samples = samples[:-width] + samples[width:]
    return samples[::BOX] * np.float32(1.0 / BOX**2)


def lay_on(channel: Audio, knots: Audio) -> None:
    """Adds a slow series to the channel, in place: its second knot stands at frame 0."""
    lines, step = _doubled(knots), STEP // 2
    for place in stretches(len(channel)):
        some = lines[place.start // step : -(-place.stop // step) + 1]
        channel[place] += stretched(some, step, place.stop - place.start)


def _doubled(knots: Audio) -> Audio:
    """The series from its second knot on with a point between each two, on the cubic through the
    four around it: straight lines through twice as many knots are a quarter as wrong."""
    middle = np.float32(9.0 / 16.0) * (knots[1:-2] + knots[2:-1])
    middle -= np.float32(1.0 / 16.0) * (knots[:-3] + knots[3:])
    return np.stack([knots[1:-2], middle], axis=1).ravel()


def _complement(hertz: float) -> Audio:
    """``1 - H`` at the slow rate, as one second-order section."""
    top, bottom = signal.butter(2, hertz, "highpass", fs=SAMPLE_RATE / STEP)
    sections: Audio = np.concatenate([bottom - top, bottom])[None].astype(np.float32)
    return sections
