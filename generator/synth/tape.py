"""Old tape and vinyl over a finished mix: unsteady speed, lost treble, hiss and crackle."""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy import signal

from generator.synth.effects import LFO_STEP, read_back
from generator.synth.percussion import noise
from generator.synth.signal import SAMPLE_RATE, Audio, gain, stretched, whole_cycles, wrap_add
from generator.synth.sound import Tape

WOW_RATE: Final = 0.55
FLUTTER_RATE: Final = 6.3
POPS_PER_SECOND: Final = 9.0
SILENT: Final = -119.0


def play_back(planar: Audio, tape: Tape) -> Audio:
    """``(2, frames)`` as a worn machine plays it, still a circle: speed and bandwidth."""
    if tape.wow > 0:
        planar = _wow(planar, tape.wow)
    if tape.high_cut < SAMPLE_RATE * 0.45:
        sections = signal.butter(2, tape.high_cut, fs=SAMPLE_RATE, output="sos")
        sections = sections.astype(np.float32)
        _, settled = signal.sosfilt(sections, planar[:, -2048:], zi=np.zeros((1, 2, 2), "f4"))
        planar = signal.sosfilt(sections, planar, zi=settled)[0]
    return planar


def surface(frames: int, tape: Tape, rng: np.random.Generator) -> Audio | None:
    """Hiss and crackle ``(2, frames)`` at their levels in the finished clip; None when both are
    off."""
    if tape.hiss < SILENT and tape.crackle < SILENT:
        return None
    bed = np.zeros((2, frames), np.float32)
    if tape.hiss > SILENT:
        grain = noise(min(frames, 2 * SAMPLE_RATE), 400.0, 7000.0, rng) * np.float32(
            gain(tape.hiss)
        )
        for channel, start in enumerate((0, SAMPLE_RATE // 3)):
            bed[channel] = np.resize(np.roll(grain, start), frames)
    if tape.crackle > SILENT:
        _crackle(bed, gain(tape.crackle), rng)
    return bed


def _wow(planar: Audio, cents: float) -> Audio:
    """Delays that swing in whole turns a clip, so that the pitch sways by ``cents`` at most: the
    pitch bends by the slope of the delay, ``2 pi rate depth``."""
    frames = planar.shape[1]
    slope = 2.0 ** (cents / 1200.0) - 1.0
    time = np.arange(frames // LFO_STEP + 2) * LFO_STEP / SAMPLE_RATE
    delay = np.zeros(len(time))
    for wanted, share in ((WOW_RATE, 0.75), (FLUTTER_RATE, 0.25)):
        turn = 2.0 * np.pi * whole_cycles(wanted, frames)
        delay += share * slope / turn * (1.0 + np.sin(turn * time)) * SAMPLE_RATE
    curve = stretched(delay.astype(np.float32), LFO_STEP, frames)
    return np.stack([read_back(channel, curve) for channel in planar])


def _crackle(bed: Audio, level: float, rng: np.random.Generator) -> None:
    """Pops of few samples, most of them faint, each somewhere between the speakers."""
    frames = bed.shape[1]
    count = round(POPS_PER_SECOND * frames / SAMPLE_RATE)
    places = rng.integers(frames, size=count)
    heights = level * np.minimum(rng.pareto(2.2, count) * 0.25, 1.0)
    sides = rng.uniform(0.3, 1.0, (count, 2))
    time = np.arange(40, dtype=np.float32)
    for place, height, side in zip(places, heights, sides, strict=True):
        ring = rng.uniform(0.25, 1.2)
        pop = np.sin(time * np.float32(ring)) * np.exp(time * np.float32(-0.16))
        wrap_add(bed, int(place), (side[:, None] * height * pop).astype(np.float32))
