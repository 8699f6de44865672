"""What a strip does to its own part: saturation, fewer bits, equaliser, phaser, width, place.

Each works in place on ``(2, frames)`` and in a circle, and knows nothing of the other parts: so
stems still add up to the bus.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import fft, signal

from generator.synth.effects import saturate, tremolo
from generator.synth.filters import run_round
from generator.synth.halfband import HALF_RATE, double, halve
from generator.synth.rumble import remove_rumble
from generator.synth.signal import SAMPLE_RATE, Audio, gain, stretches, whole_cycles
from generator.synth.sound import Strip
from generator.synth.stem import Stem

RUMBLE_BELOW: Final = 60.0
REACH: Final = 6
WIDE_ABOVE: Final = 200.0
MIDDLE_SHARE: Final = 0.6
STAGES: Final = 6
SWEEP: Final = (350.0, 2800.0)
POSITIONS: Final = 64
WINDOW: Final = 1024
HOP: Final = WINDOW // 2
FRAMES_AT_ONCE: Final = 128
SETTLING: Final = 4096


def colour(part: Stem, strip: Strip) -> None:
    """Everything the strip's inserts say, in their order; place alone needs no full rate, nor does
    a cut that comes first."""
    if part.dark and strip.low_cut > RUMBLE_BELOW and not _distorts(strip):
        low_cut(part.half, strip.low_cut, HALF_RATE)
        strip = replace(strip, low_cut=0.0)
    if _wants_full_rate(strip):
        _insert(part.brought_up(), strip)
    if strip.pan:
        angle = (1.0 + strip.pan) * np.pi / 4.0
        sides = np.sqrt(2.0) * np.array([[np.cos(angle)], [np.sin(angle)]], np.float32)
        stem = part.half if part.dark else part.brought_up()
        stem *= sides


def _wants_full_rate(strip: Strip) -> bool:
    wet = (strip.drive, strip.crush, strip.low_cut, strip.phaser, strip.tremolo, strip.spread)
    return any(amount > 0 for amount in wet) or strip.downsample > 1 or strip.shelf != 0


def _distorts(strip: Strip) -> bool:
    return strip.drive > 0 or strip.crush > 0 or strip.downsample > 1


def _insert(stem: Audio, strip: Strip) -> None:
    saturate(stem, strip.drive)
    if strip.crush > 0 or strip.downsample > 1:
        crush(stem, strip.crush, strip.downsample)
    if strip.low_cut > 0:
        low_cut(stem, strip.low_cut)
    if strip.shelf:
        shelve(stem, strip.shelf)
    if strip.phaser > 0:
        phaser(stem, strip.phaser, strip.phaser_rate)
    if strip.tremolo > 0:
        tremolo(stem, strip.tremolo, strip.tremolo_rate)
    if strip.spread > 0:
        spread(stem, strip.spread)


def crush(stem: Audio, bits: float, hold: float) -> None:
    """Rounds to ``2^(bits - 1)`` steps between zero and the peak (0 bits: not at all) and holds
    each value for ``hold`` frames. Steps lie evenly around zero: silence and the mean stay."""
    frames = stem.shape[1]
    peak = max(float(stem.max(initial=0.0)), -float(stem.min(initial=0.0)))
    if hold > 1:
        count = max(1, round(frames / hold))
        first = np.arange(count + 1, dtype=np.int64) * frames // count
        for channel in stem:
            channel[:] = np.repeat(channel[first[:-1]], np.diff(first))
    if bits <= 0 or peak <= 0:
        return
    steps = np.float32(2.0 ** (bits - 1.0) / peak)
    for place in stretches(frames):
        some = stem[:, place]
        some *= steps
        np.rint(some, out=some)
        some *= np.float32(1.0) / steps


def low_cut(stem: Audio, hertz: float, rate: int = SAMPLE_RATE) -> None:
    """A 12 dB/octave high-pass; at another rate than the clip's, above `RUMBLE_BELOW` only."""
    if hertz <= RUMBLE_BELOW:
        remove_rumble(stem, hertz)
        return
    sections = signal.butter(2, hertz, "highpass", fs=rate, output="sos")
    if np.array_equal(stem[0], stem[1]):
        run_round(stem[0], sections, rate // 4)
        stem[1] = stem[0]
    else:
        run_round(stem, sections, rate // 4)


def shelve(stem: Audio, decibels: float) -> None:
    """Lifts or lowers what lies above some 3 kHz: the sound less its own mean over 13 frames, which
    are weighted as three boxes of 6, 5 and 4 frames over one another. No phase is turned."""
    lift = np.float32(gain(decibels) - 1.0)
    for channel in stem:
        around = np.pad(channel, REACH, mode="wrap")
        for place in stretches(len(channel)):
            some = _mean(around[place.start : place.stop + 2 * REACH])
            some *= -lift
            channel[place] *= np.float32(1.0) + lift
            channel[place] += some


def _mean(samples: Audio) -> Audio:
    """Of each 13 samples, the mean with those weights."""
    two = samples[1:] + samples[:-1]
    six = two[4:] + two[2:-2]
    six += two[:-4]
    two = six[1:] + six[:-1]
    four = two[2:] + two[:-2]
    two = four[1:] + four[:-1]
    five = two[3:] + two[1:-2]
    five += four[:-4]
    five *= np.float32(1.0 / 120.0)
    return five


def phaser(stem: Audio, depth: float, rate: float) -> None:
    """Notches that travel up and down a whole number of times: the middle of the part meets
    itself behind six all-passes, ``depth`` 1 for an equal share. At half the rate; what lies above
    9 kHz passes."""
    middle = halve(stem)
    shifted = _swept_all_pass(middle, rate)
    shifted -= middle
    shifted *= np.float32(0.5 * depth)
    double(np.stack([shifted, shifted]), stem)


def _swept_all_pass(middle: Audio, rate: float) -> Audio:
    """``middle`` behind `STAGES` first-order all-passes whose corner swings over `SWEEP`.

    Short-time spectra are turned by the response of their moment: the all-passes ring for
    milliseconds, a window lasts 46. The circle is closed by fading into a second turn.
    """
    frames = len(middle)
    count = -(-(frames + WINDOW) // HOP) + 1
    around = np.take(middle, np.arange(-HOP, (count + 1) * HOP - HOP), mode="wrap")
    turns = whole_cycles(rate, 2 * frames) / HALF_RATE
    swing = 0.5 - 0.5 * np.cos(2.0 * np.pi * turns * HOP * np.arange(count))
    where = np.rint(swing * (POSITIONS - 1)).astype(np.int64)
    turned = _overlap(around, where, _responses())[HOP:]
    fade = np.linspace(0.0, 1.0, WINDOW, dtype=np.float32)
    turned[:WINDOW] = fade * turned[:WINDOW] + (1 - fade) * turned[frames : frames + WINDOW]
    return turned[:frames]


def _overlap(
    samples: Audio, where: npt.NDArray[np.int64], responses: npt.NDArray[np.complex64]
) -> Audio:
    """``samples`` in half-overlapping windows, each through the response ``where`` says."""
    window = np.sin(np.pi * (np.arange(WINDOW, dtype=np.float32) + 0.5) / WINDOW)
    window = window.astype(np.float32)
    pieces = np.lib.stride_tricks.sliding_window_view(samples, WINDOW)[::HOP]
    result = np.zeros(len(samples), np.float32)
    halves = result[: (len(where) + 1) * HOP].reshape(-1, HOP)
    for first in range(0, len(where), FRAMES_AT_ONCE):
        some = slice(first, min(first + FRAMES_AT_ONCE, len(where)))
        spectra = fft.rfft(pieces[some] * window, axis=1)
        spectra *= responses[where[some]]
        heard = fft.irfft(spectra, n=WINDOW, axis=1)
        heard *= window
        halves[some] += heard[:, :HOP]
        halves[some.start + 1 : some.stop + 1] += heard[:, HOP:]
    return result


@lru_cache(maxsize=1)
def _responses() -> npt.NDArray[np.complex64]:
    """The all-pass chain at `POSITIONS` corners evenly spaced in octaves, ``(positions, bins)``."""
    low, high = SWEEP
    corners = low * (high / low) ** np.linspace(0.0, 1.0, POSITIONS)
    tangent = np.tan(np.pi * corners / HALF_RATE)[:, None]
    factor = (tangent - 1.0) / (tangent + 1.0)
    delay = np.exp(-2j * np.pi * np.arange(WINDOW // 2 + 1) / WINDOW)
    stage = (factor + delay) / (1.0 + factor * delay)
    chain: npt.NDArray[np.complex64] = (stage**STAGES).astype(np.complex64)
    return chain


def spread(stem: Audio, share: float) -> None:
    """Widens what lies above `WIDE_ABOVE`: middle and side, their phases scattered, are added left
    and taken away right, by ``share``. In mono nothing changes. At half the rate."""
    side = halve(stem * np.array([[1.0 + MIDDLE_SHARE], [MIDDLE_SHARE - 1.0]], np.float32))
    run_round(side, _scatter(), SETTLING)
    side *= np.float32(share)
    double(np.stack([side, -side]), stem)


@lru_cache(maxsize=1)
def _scatter() -> npt.NDArray[np.float64]:
    """A high-pass and all-passes an octave apart, at half the rate."""
    sections = [signal.butter(2, WIDE_ABOVE, "highpass", fs=HALF_RATE, output="sos")]
    for hertz in (450.0, 1100.0, 2700.0, 6000.0):
        radius, angle = np.exp(-np.pi * 0.7 * hertz / HALF_RATE), 2.0 * np.pi * hertz / HALF_RATE
        poles = [1.0, -2.0 * radius * np.cos(angle), radius**2]
        sections.append(np.array([[*poles[::-1], *poles]]))
    return np.concatenate(sections)
