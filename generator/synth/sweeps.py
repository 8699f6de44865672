"""The effects player: risers, downlifters, reversed cymbals, impacts and soft textures."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
from scipy import fft

from generator.score import FX_BED, FX_FALL, FX_HIT, FX_RISE, FX_SWELL
from generator.synth.banded import KNOT, Banded, Numbers, knot_times
from generator.synth.percussion import falling
from generator.synth.signal import SAMPLE_RATE, Audio, gain, stretched, wrap_add
from generator.synth.stage import Touch
from generator.synth.stem import Stem
from generator.synth.takes import Take, gather
from generator.synth.timbres import Sweep

SIZE: Final = 2**16
BANDS: Final = 12
LOWEST: Final = 60.0
HIGHEST: Final = 16_000.0
FAINT: Final = 1e-3
GLIDING: Final = np.sum(
    [np.sin(2.0 * np.pi * k * np.arange(2**14) / 2**14) / k for k in range(1, 7)], axis=0
).astype(np.float32)
"""One cycle of a saw of six partials: even at the top of its glide none folds over."""
KINDS: Final = {
    FX_RISE: "rise", FX_FALL: "fall", FX_SWELL: "swell", FX_HIT: "hit", FX_BED: "bed",
}  # fmt: skip
BED_COLOURS: Final[dict[str, tuple[float, float, float, float]]] = {
    "air": (900.0, 1.6, 0.25, 0.25),
    "rain": (4500.0, 1.3, 0.05, 3.0),
    "wind": (420.0, 0.8, 0.7, 0.3),
    "room": (220.0, 1.8, 0.1, 0.2),
    "sea": (700.0, 1.8, 0.8, 0.12),
}
"""Of each bed: its middle in Hz, its width in octaves, how far it breathes, and how often (Hz)."""


def play_sweep(
    touches: Iterable[Touch], patch: Sweep, stem: Stem, rng: np.random.Generator
) -> None:
    """Adds the fx part to ``stem``; pitches without a meaning stay silent."""
    studio = _Studio(patch, rng)
    for take, played in gather(touches, 1).items():
        kind = KINDS.get(take.pitches[0])
        if kind is None:
            continue
        sound = studio.make(kind, take)
        level = gain(patch.levels.get(kind, 0.0))
        for touch in played:
            wrap_add(stem.full, touch.start, sound, level * touch.level)


class _Studio:
    """Noise in half-octave bands, made once, and what shapes it."""

    def __init__(self, patch: Sweep, rng: np.random.Generator) -> None:
        self._patch = patch
        self._rng = rng
        self._noise: Banded | None = None

    def make(self, kind: str, take: Take) -> Audio:
        """``(2, frames)`` of one effect."""
        if kind == "hit":
            return self._hit(take)
        if kind == "bed":
            return self._bed(take)
        if kind == "swell":
            return self._swell(take)
        return self._travel(take, up=kind == "rise")

    def _travel(self, take: Take, *, up: bool) -> Audio:
        """Noise whose middle moves, and gliding saws: up while it grows, or down while it fades."""
        patch, frames = self._patch, take.gate
        time = knot_times(frames, SAMPLE_RATE)
        way = np.minimum(time / (frames / SAMPLE_RATE), 1.0)
        place = way if up else 1.0 - way
        middle = patch.low * (patch.high / patch.low) ** place
        width = 1.6 - 1.2 * patch.resonance
        level = 10.0 ** (1.6 * (way - 1.0)) if up else 10.0 ** (-1.4 * way)
        sound = self._through(middle, np.full(len(time), width), level, frames)
        if patch.tone > 0:
            sound += self._glide(place, level, frames)
        return _closed(sound, 0.004 if up else 0.15)

    def _glide(self, place: Numbers, level: Numbers, frames: int) -> Audio:
        """Three detuned oscillators over two octaves, one in each ear."""
        sound = np.zeros((2, frames), np.float32)
        course = stretched(level.astype(np.float32), KNOT, frames) * np.float32(self._patch.tone)
        for side, cents in enumerate((-9.0, 9.0)):
            hertz = 110.0 * 2.0 ** (2.0 * place + cents / 1200.0)
            turns = stretched(np.cumsum(hertz * (KNOT / SAMPLE_RATE)), KNOT, frames)
            entry = (turns % 1.0 * len(GLIDING)).astype(np.int32) % len(GLIDING)
            sound[side] = GLIDING[entry] * course
        return sound

    def _swell(self, take: Take) -> Audio:
        """A cymbal backwards: it grows and brightens into the beat, where it stops."""
        frames = take.gate
        time = knot_times(frames, SAMPLE_RATE)
        left = np.maximum(frames / SAMPLE_RATE - time, 0.0)
        level = np.exp(-left / max(0.2, 0.3 * frames / SAMPLE_RATE))
        middle = 5200.0 * 2.0 ** (1.2 * (level - 1.0))
        sound = self._through(middle, np.full(len(time), 1.3), level, frames)
        return _closed(sound, 0.006)

    def _hit(self, take: Take) -> Audio:
        """A boom that falls to ``hit_hertz`` in the middle, and a burst of noise around it."""
        patch = self._patch
        frames = max(take.gate, round(5.0 * patch.hit_decay * SAMPLE_RATE))
        time = knot_times(frames, SAMPLE_RATE)
        fast = 0.12 + 0.35 * patch.hit_decay
        middle = 180.0 + 3200.0 * np.exp(-time / 0.12)
        sound = self._through(middle, np.full(len(time), 1.4), 0.9 * np.exp(-time / fast), frames)
        boom = falling(frames, patch.hit_hertz, (1.6 * patch.hit_hertz, 0.09))
        boom *= stretched(np.exp(-time / patch.hit_decay).astype(np.float32), KNOT, frames)
        sound += np.tanh(boom * np.float32(1.6))
        return _closed(sound, 0.3)

    def _bed(self, take: Take) -> Audio:
        """Soft noise that breathes, for as long as it is held."""
        middle, width, depth, often = BED_COLOURS[self._patch.bed]
        frames = take.gate + SAMPLE_RATE // 4
        time = knot_times(frames, SAMPLE_RATE)
        phase = 2.0 * np.pi * self._rng.uniform(size=3)
        swing = sum(
            np.sin(2.0 * np.pi * often * step * time + phase[place])
            for place, step in enumerate((1.0, 1.73, 2.61))
        ) / 3.0  # fmt: skip
        level = 0.35 * 2.0 ** (1.6 * depth * swing)
        level *= np.minimum(time / 0.25, 1.0)
        centres = middle * 2.0 ** (0.8 * depth * swing) * 2.0**take.octaves
        return _closed(self._through(centres, np.full(len(time), width), level, frames), 0.25)

    def _through(self, middle: Numbers, width: Numbers, level: Numbers, frames: int) -> Audio:
        """The bands of noise under a bell of ``width`` octaves around ``middle`` Hz."""
        if self._noise is None:
            self._noise = _noises(self._patch.width, self._rng)
        away = np.log2(self._noise.hertz[:, None] / middle) / width
        course = (level * np.exp(-(away**2))).astype(np.float32)
        return self._noise.sound(int(self._rng.integers(SIZE)), course, frames, FAINT)


def _noises(width: float, rng: np.random.Generator) -> Banded:
    """Loops of pink noise, a band each; the two sides differ by ``width``."""
    edges = np.geomspace(LOWEST, HIGHEST, BANDS + 1)
    hertz = np.arange(SIZE // 2 + 1) * (SAMPLE_RATE / SIZE)
    spectra = np.zeros((BANDS, 2, SIZE // 2 + 1), np.complex64)
    for band in range(BANDS):
        inside = np.flatnonzero((hertz >= edges[band]) & (hertz < edges[band + 1]))
        turns = np.exp(2j * np.pi * rng.random((2, len(inside))))
        middle, side = turns[0], width * turns[1] * (edges[band] > 150.0)
        scale = np.sqrt(1.0 / BANDS / len(inside) / (1.0 + width**2))
        spectra[band, 0, inside] = scale * (middle + side)
        spectra[band, 1, inside] = scale * (middle - side)
    spectra *= np.float32(SIZE / 2)
    samples: Audio = fft.irfft(spectra, n=SIZE, axis=-1)
    return Banded(samples, np.sqrt(edges[:-1] * edges[1:]))


def _closed(sound: Audio, seconds: float) -> Audio:
    """``sound`` with its end faded out."""
    edge = min(sound.shape[1], round(seconds * SAMPLE_RATE))
    sound[:, sound.shape[1] - edge :] *= np.linspace(1.0, 0.0, edge, dtype=np.float32)
    return sound
