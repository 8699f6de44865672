"""A mastering engineer's equaliser: a mix whose bands lie far from its style's comes back to them.

What lies within `SLACK` of its target is the clip's own and stays; what lies beyond comes back by
at most `MOST`. The mix is the sum of six bands, split by low-pass filters that turn no phase: two
at a fraction of the rate, where the bass lives, three as means over neighbouring frames. So equal
gains change nothing, the clip stays a circle, and a filter that has nothing to do costs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import fft, signal

from generator.synth.rumble import SETTLING, STEP, lay_on, slowed
from generator.synth.signal import SAMPLE_RATE, Audio, stretches
from generator.synth.sound import BANDS

SLACK: Final = 2.0
MOST: Final = 8.0
"""dB that a band may be away from its target, and that it may be moved."""

ROUNDS: Final = 8
STEADY: Final = 0.8
"""The share of what is missing that a round corrects: bands overlap."""

LEAN: Final = 2.5
MOST_LEAN: Final = 1.4
"""dB by which an octave of brightness moves what the upper bands should measure, and the most."""

NOTHING: Final = 0.02
"""dB that are not worth a filter."""

WINDOW: Final = 8192
LOOKS: Final = 89
"""Stretches of the mix that are measured; a prime, so that they fall on no beat in turn."""

SPLITS: Final = ((60.0, 24), (160.0, 12))
"""The slow low-passes: where they are down by half, and how many slow samples they reach."""

BOXES: Final = ((32, 16), (8, 4), (2, 2))
"""The quick low-passes, each two means over so many frames: down by half at about 800 and 3000 Hz,
by 3 dB at 8000."""

UPPER: Final = {"mid", "high", "air"}
REFERENCE: Final = tuple(BANDS).index("low_mid")
"""The band that stays: nearly all that is heard of a mix's loudness lies round it."""

Numbers = npt.NDArray[np.float64]


def balance(planar: Audio, targets: Mapping[str, float]) -> None:
    """Moves ``(2, frames)`` in place towards ``targets``, each band's power in dB of the whole.
    Silence stays silence."""
    power = _power(planar)
    if power.sum() > 0.0:
        equalise(planar, gains_for(power, np.array([targets[band] for band in BANDS])))


def leaning(targets: Mapping[str, float], octaves: float) -> dict[str, float]:
    """The targets of a mood whose filters open by so many octaves: a dark clip stays dark."""
    lean = float(np.clip(LEAN * octaves, -MOST_LEAN, MOST_LEAN))
    return {band: level + lean * (band in UPPER) for band, level in targets.items()}


def gains_for(power: Numbers, wanted: Numbers) -> Numbers:
    """The gain in dB of each band that brings a spectrum's bands to within `SLACK` of ``wanted``,
    as far as `MOST` allows: found by trying, for a band's filter reaches into its neighbours."""
    gains = np.zeros(len(BANDS))
    for _ in range(ROUNDS):
        apart = _shares(power * np.square(_response(gains))) - wanted
        beyond = np.sign(apart) * np.maximum(np.abs(apart) - SLACK, 0.0)
        gains -= STEADY * beyond
        gains = np.clip(gains - gains[REFERENCE], -MOST, MOST)
    gains[np.abs(gains) < NOTHING] = 0.0
    return gains


def equalise(planar: Audio, gains: Numbers) -> None:
    """Gives each band of ``(2, frames)`` its gain in dB, in place."""
    factors = 10.0 ** (gains / 20.0)
    steps = factors[:-1] - factors[1:]
    quick = [(boxes, step) for boxes, step in zip(BOXES, steps[2:], strict=True) if step]
    for channel in planar:
        low = _low(channel, steps[:2]) if steps[:2].any() else None
        if quick or factors[-1] != 1.0:
            _split(channel, quick, float(factors[-1]))
        if low is not None:
            lay_on(channel, low)


def _split(channel: Audio, quick: list[tuple[tuple[int, int], float]], top: float) -> None:
    """The channel times ``top``, and each quick low-pass of it times its step, in place."""
    reach = max((sum(boxes) // 2 - 1 for boxes, _ in quick), default=0)
    around = np.pad(channel, reach, mode="wrap")
    for place in stretches(len(channel)):
        some = channel[place]
        some *= np.float32(top)
        for boxes, step in quick:
            spare = reach - (sum(boxes) // 2 - 1)
            total = around[place.start + spare : place.stop + 2 * reach - spare]
            for width in boxes:
                total = _added(total, width)
            some += total * np.float32(step / (boxes[0] * boxes[1]))


def _added(samples: Audio, width: int) -> Audio:
    """The sum of every ``width`` neighbours, a power of two: each step doubles it."""
    for done in (2**power for power in range(width.bit_length() - 1)):
        samples = samples[:-done] + samples[done:]
    return samples


def _low(channel: Audio, steps: Numbers) -> Audio:
    """What the slow low-passes of a channel add to it, at the slow rate."""
    reach = max(half for _, half in SPLITS)
    kernel = np.zeros(2 * reach + 1, np.float32)
    for (_, half), step, taps in zip(SPLITS, steps, _slow_taps(), strict=True):
        kernel[reach - half : reach + half + 1] += np.float32(step) * taps
    slow = slowed(channel, reach + 4)[SETTLING // STEP - 1 - reach :]
    knots: Audio = np.convolve(slow, kernel, "valid")
    return knots


@cache
def _slow_taps() -> tuple[Audio, ...]:
    return tuple(
        signal.firwin(2 * half + 1, hertz, window="hann", fs=SAMPLE_RATE / STEP).astype(np.float32)
        for hertz, half in SPLITS
    )


def _power(planar: Audio) -> Numbers:
    """The power spectrum of the mix, both channels together, as a few stretches of it have it."""
    frames, window = planar.shape[1], signal.windows.hann(WINDOW, sym=False).astype(np.float32)
    total = np.zeros(WINDOW // 2 + 1)
    for start in np.linspace(0, max(0, frames - WINDOW), LOOKS).astype(int):
        spectra = fft.rfft(planar[:, start : start + WINDOW] * window[: frames - start], WINDOW)
        total += (np.square(spectra.real) + np.square(spectra.imag)).sum(axis=0)
    return total


def _shares(power: Numbers) -> Numbers:
    """Each band's power in dB of all bands together."""
    bands = np.add.reduceat(power, _edges())[::2]
    shares: Numbers = 10.0 * np.log10(np.maximum(bands / bands.sum(), 1e-12))
    return shares


@cache
def _edges() -> list[int]:
    """Where each band begins and ends in a spectrum, one after the other."""
    bin_hertz = SAMPLE_RATE / WINDOW
    return [int(np.ceil(hertz / bin_hertz)) for band in BANDS.values() for hertz in band]


def _response(gains: Numbers) -> Numbers:
    """What those gains do to each bin of a spectrum."""
    factors = 10.0 ** (gains / 20.0)
    response: Numbers = factors[-1] + (factors[:-1] - factors[1:]) @ _low_passes()
    return response


@cache
def _low_passes() -> Numbers:
    """The response of the five low-passes at each bin: none of them turns a phase."""
    turns = np.asarray(np.arange(WINDOW // 2 + 1) * (np.pi / WINDOW), np.float64)
    rows: list[Numbers] = []
    for taps in _slow_taps():
        half = len(taps) // 2
        angles = 2.0 * STEP * np.outer(turns, np.arange(-half, half + 1))
        below = turns < np.pi / (2 * STEP)
        rows.append(np.where(below, np.cos(angles) @ taps, 0.0))
    rows += [_dirichlet(turns, wide) * _dirichlet(turns, narrow) for wide, narrow in BOXES]
    return np.array(rows)


def _dirichlet(turns: Numbers, width: int) -> Numbers:
    """The response of a mean over ``width`` frames at half-angles ``turns``."""
    below = width * np.sin(turns)
    return np.where(below > 0.0, np.sin(width * turns) / np.maximum(below, 1e-12), 1.0)
