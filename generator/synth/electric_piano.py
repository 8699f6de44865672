"""The electric piano: two pairs of sines in frequency modulation, one round, one of glass."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from generator.synth.envelopes import adsr, release_frames
from generator.synth.oscillators import frequency
from generator.synth.signal import SAMPLE_RATE, Audio, wrap_add
from generator.synth.sound import ElectricPiano
from generator.synth.stage import Touch

MIDDLE: Final = 64
TURN: Final = np.float32(2.0 * np.pi)


def play_electric_piano(
    touches: Iterator[Touch], patch: ElectricPiano, frames: int, rng: np.random.Generator
) -> Audio:
    """A stem ``(2, frames)`` with every touch; equal keys under an equal touch share
    one rendering."""
    stem = np.zeros((2, frames), np.float32)
    made: dict[tuple[int, int, float, float], Audio] = {}
    for touch in touches:
        for pitch in touch.pitches:
            kind = (pitch, touch.gate, touch.hardness, round(touch.octaves * 4.0) / 4.0)
            if kind not in made:
                made[kind] = _key(patch, *kind, rng)
            wrap_add(stem, touch.start, made[kind], touch.level)
    return stem


def _key(
    patch: ElectricPiano,
    pitch: int,
    gate: int,
    hardness: float,
    octaves: float,
    rng: np.random.Generator,
) -> Audio:
    """One key as ``(2, frames)``: ``sin(a + I(t) sin(b))`` (Chowning 1973), low keys to the left.

    A harder touch raises the index of modulation, and with it the number of partials; each channel
    has its own few cents of detuning, so that the piano is wide without being thin in mono.
    """
    total = gate + release_frames(patch.amp)
    time = np.arange(total) / SAMPLE_RATE
    fall = time.astype(np.float32)
    key_fall = 2.0 ** ((pitch - MIDDLE) / 24.0)
    push = np.float32((0.25 + hardness) * 2.0 ** (0.5 * octaves))
    bark = patch.bark * push * np.exp(fall * np.float32(-1.0 / patch.bark_decay))
    tine = patch.tine * push * np.exp(fall * np.float32(-1.0 / patch.tine_decay))
    tine *= np.float32(min(1.0, 5000.0 / (frequency(pitch) * patch.tine_ratio)))
    envelope = adsr(patch.amp, gate) * np.exp(fall * np.float32(-0.35 * key_fall))
    sides = []
    for side in (-1.0, 1.0):
        hertz = frequency(pitch) * 2.0 ** (side * patch.detune / 2400.0)
        phase = rng.uniform()
        carrier = ((hertz * time) % 1.0).astype(np.float32) * TURN
        modulator = ((hertz * patch.bark_ratio * time + phase) % 1.0).astype(np.float32) * TURN
        glass = ((hertz * patch.tine_ratio * time) % 1.0).astype(np.float32) * TURN
        tone = np.sin(carrier + bark * np.sin(modulator)) + 0.25 * tine * np.sin(glass)
        lean = 1.0 + 0.25 * side * np.clip((pitch - MIDDLE) / 24.0, -1.0, 1.0)
        sides.append(tone * envelope * np.float32(lean * 0.7))
    return np.stack(sides).astype(np.float32)
