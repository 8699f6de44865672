"""Old tape and vinyl over a finished mix: unsteady speed, lost treble, hiss and crackle."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import signal

from generator.synth.effects import lfo_frames, read_back
from generator.synth.filters import run_round
from generator.synth.percussion import noise
from generator.synth.signal import SAMPLE_RATE, Audio, gain, whole_cycles, wrap_add
from generator.synth.sound import Tape

WOW_RATE: Final = 0.55
FLUTTER_RATE: Final = 6.3
POPS_PER_SECOND: Final = 9.0
SILENT: Final = -119.0
SETTLING: Final = 2048


def play_back(planar: Audio, tape: Tape) -> None:
    """Makes ``(2, frames)`` unsteady and takes its treble away, in place and still in a circle."""
    if tape.wow > 0:
        _wow(planar, tape.wow)
    if tape.high_cut < SAMPLE_RATE * 0.45:
        sections = signal.butter(2, tape.high_cut, fs=SAMPLE_RATE, output="sos")
        run_round(planar, sections, SETTLING)


@dataclass(frozen=True, slots=True)
class Surface:
    """What a record says between its notes: a stretch of hiss that goes round, and pops
    at frames."""

    hiss: Audio | None
    pops: tuple[tuple[int, Audio], ...]

    @classmethod
    def of(cls, tape: Tape, frames: int, rng: np.random.Generator) -> Surface:
        """The surface of one clip, at the levels of its table; both may be off."""
        hiss = None
        if tape.hiss > SILENT:
            grain = np.stack([noise(2 * SAMPLE_RATE, 400.0, 7000.0, rng) for _ in range(2)])
            hiss = grain * np.float32(gain(tape.hiss))
        count = round(POPS_PER_SECOND * frames / SAMPLE_RATE) if tape.crackle > SILENT else 0
        return cls(hiss, tuple(_pops(count, frames, gain(tape.crackle), rng)))

    def lay_on(self, planar: Audio) -> None:
        """Adds it to ``(2, frames)`` in place."""
        if self.hiss is not None:
            size = self.hiss.shape[1]
            for start in range(0, planar.shape[1], size):
                stretch = planar[:, start : start + size]
                stretch += self.hiss[:, : stretch.shape[1]]
        for place, pop in self.pops:
            wrap_add(planar, place, pop)


def _wow(planar: Audio, cents: float) -> None:
    """Delays that swing in whole turns a clip, so that the pitch sways by ``cents`` at most: the
    pitch bends by the slope of the delay, ``2 pi rate depth``."""
    frames = planar.shape[1]
    slope = 2.0 ** (cents / 1200.0) - 1.0
    time = lfo_frames(frames) / SAMPLE_RATE
    delay = np.zeros(len(time))
    for wanted, share in ((WOW_RATE, 0.75), (FLUTTER_RATE, 0.25)):
        turn = 2.0 * np.pi * whole_cycles(wanted, frames)
        delay += share * slope / turn * (1.0 + np.sin(turn * time)) * SAMPLE_RATE
    for channel in planar:
        channel[:] = read_back(channel, delay.astype(np.float32))


def _pops(
    count: int, frames: int, level: float, rng: np.random.Generator
) -> Iterator[tuple[int, Audio]]:
    """Clicks of few samples, most of them faint, each somewhere between the speakers."""
    time = np.arange(40, dtype=np.float32)
    for _ in range(count):
        height = level * min(1.0, 0.25 * rng.pareto(2.2))
        ring = rng.uniform(0.25, 1.2)
        pop = np.sin(time * np.float32(ring)) * np.exp(time * np.float32(-0.16))
        sides = rng.uniform(0.3, 1.0, (2, 1)) * height
        yield int(rng.integers(frames)), (sides * pop).astype(np.float32)
