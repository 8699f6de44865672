"""Effects that run in a circle: what passes the clip's end comes in again at its start.

The shared effects work at half the rate on one channel and return two: none of them has anything to
say above 9 kHz.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import signal

from generator.synth.filters import run_round
from generator.synth.halfband import HALF_RATE
from generator.synth.signal import SAMPLE_RATE, Audio, stretched, stretches, whole_cycles
from generator.synth.sound import Chorus, Duck, Echo

BLOCK: Final = 2**16
ONSET: Final = 0.006
LFO_STEP: Final = 64


def duck_curve(table: Duck, kicks: list[int], frames: int) -> Audio:
    """The side chain's gain ``(frames,)``: `ONSET` seconds down to ``1 - depth`` before each kick
    has fully opened, then back with ``1 - depth exp(-t / release)``; overlapping ducks take the
    lower."""
    curve = np.ones(frames, np.float32)
    ramp = round(ONSET * SAMPLE_RATE)
    time = np.arange(min(frames - ramp, round(6 * table.release * SAMPLE_RATE))) / SAMPLE_RATE
    fall = np.linspace(0.0, np.pi, ramp, endpoint=False)
    down = 1.0 - table.depth * (0.5 - 0.5 * np.cos(fall))
    shape = np.concatenate([down, 1.0 - table.depth * np.exp(-time / table.release)])
    shape = shape.astype(np.float32)
    for kick in sorted(set(kicks)):
        start, done = kick % frames, 0
        while done < len(shape):
            some = curve[start : start + len(shape) - done]
            np.minimum(some, shape[done : done + len(some)], out=some)
            start, done = 0, done + len(some)
    return curve


def mix_in(bus: Audio, stem: Audio, level: float, dip: Audio, share: float) -> None:
    """Adds ``level * (1 + share * dip) * stem`` to ``bus``, both ``(2, frames)``; ``dip`` is the
    side chain's gain less one. ``stem`` keeps its level."""
    for place in stretches(bus.shape[1]):
        lift = dip[place] * np.float32(share * level)
        lift += np.float32(level)
        bus[:, place] += stem[:, place] * lift


def saturate(stem: Audio, drive: float) -> None:
    """``tanh`` with ``drive`` (1 is gentle) at unchanged small-signal level, in place."""
    if drive <= 0:
        return
    for place in stretches(stem.shape[1]):
        some = stem[:, place]
        some *= np.float32(drive)
        np.tanh(some, out=some)
        some *= np.float32(1.0 / drive)


def tremolo(stem: Audio, depth: float, rate: float) -> None:
    """Moves ``(2, frames)`` between the speakers a whole number of times, in place."""
    frames = stem.shape[1]
    turns = whole_cycles(rate, frames) / SAMPLE_RATE
    angle = 2.0 * np.pi * turns * lfo_frames(frames)
    swing = stretched((0.5 * depth * np.sin(angle)).astype(np.float32), LFO_STEP, frames)
    stem[0] *= 1.0 - 0.5 * depth + swing
    stem[1] *= 1.0 - 0.5 * depth - swing


def chorus(send: Audio, table: Chorus) -> Audio:
    """Two delayed copies ``(2, frames / 2)`` of ``send``, their delays swinging in quadrature."""
    rate = whole_cycles(table.rate, 2 * len(send))
    turns = 2.0 * np.pi * rate / HALF_RATE * lfo_frames(len(send))
    wet = np.empty((2, len(send)), np.float32)
    for side, phase in enumerate((0.0, np.pi / 2.0)):
        delay = HALF_RATE * (table.delay + table.depth * np.sin(turns + phase))
        wet[side] = read_back(send, delay.astype(np.float32))
    return wet


def lfo_frames(frames: int) -> npt.NDArray[np.int64]:
    """The frames at which a slow oscillation over ``frames`` is written: every `LFO_STEP`, and one
    beyond the end."""
    return np.arange(frames // LFO_STEP + 2) * LFO_STEP


def read_back(channel: Audio, knots: Audio) -> Audio:
    """``channel`` delayed, round the circle, by the samples on the lines through ``knots`` (written
    at `lfo_frames`), linear between samples."""
    result = np.empty_like(channel)
    for start in range(0, len(channel), BLOCK):
        some = result[start : start + BLOCK]
        delay = stretched(knots[start // LFO_STEP :][: BLOCK // LFO_STEP + 1], LFO_STEP, len(some))
        whole = np.floor(delay)
        delay -= whole
        index = np.arange(start, start + len(some), dtype=np.int32) - whole.astype(np.int32)
        near = channel.take(index, mode="wrap")
        index -= 1
        far = channel.take(index, mode="wrap")
        far -= near
        far *= delay
        np.add(near, far, out=some)
    return result


def band_limit(send: Audio, low_cut: float, high_cut: float) -> None:
    """12 dB/octave on both sides of ``(frames / 2,)``, in place and in a circle."""
    sections = signal.butter(2, (low_cut, high_cut), "bandpass", fs=HALF_RATE, output="sos")
    run_round(send, sections, HALF_RATE // 2)


def ping_pong(send: Audio, delay: int, table: Echo) -> Audio:
    """Echoes ``(2, frames / 2)`` of ``send`` every ``delay`` samples, left, right, left, each
    softer by the feedback. The circle is closed by running round until what is left is below -60
    dB."""
    frames = len(send)
    wet = np.zeros((2, frames), np.float32)
    repeats = 1 + int(np.ceil(np.log(1e-3) / np.log(max(table.feedback, 1e-3))))
    factor = 1.0
    for echo in range(1, repeats + 1):
        shift = echo * delay % frames
        side = (echo + 1) % 2
        wet[side, shift:] += np.float32(factor) * send[: frames - shift]
        wet[side, :shift] += np.float32(factor) * send[frames - shift :]
        factor *= table.feedback
    return wet
