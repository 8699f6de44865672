"""The electric piano: two pairs of sines in frequency modulation, one round, one of glass."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from generator.synth.envelopes import adsr, release_frames
from generator.synth.oscillators import frequency
from generator.synth.patches import ElectricPiano
from generator.synth.percussion import seconds
from generator.synth.signal import SAMPLE_RATE, Audio, turning, wrap_add
from generator.synth.stage import Touch
from generator.synth.stem import Stem

MIDDLE: Final = 64
TOUCHES: Final = 6
TINE_TIMES: Final = 7.0
KEY_DECAY: Final = 0.35


class _Key(NamedTuple):
    """What decides the samples of a key; equal ones share one rendering."""

    pitch: int
    gate: int
    hardness: float
    octaves: float


def play_electric_piano(
    touches: Iterator[Touch], patch: ElectricPiano, stem: Stem, rng: np.random.Generator
) -> None:
    """Adds every touch to ``stem``, low keys to the left as on the stage."""
    uses: dict[_Key, list[Touch]] = {}
    for touch in touches:
        hardness = round(touch.hardness * TOUCHES) / TOUCHES
        octaves = round(touch.octaves * 3.0) / 3.0
        for pitch in touch.pitches:
            key = _Key(pitch, touch.gate, hardness, octaves)
            uses.setdefault(key, []).append(touch)
    for key, played in uses.items():
        tone = _placed(_struck(patch, key, rng), key.pitch)
        for touch in played:
            wrap_add(stem.full, touch.start, tone, touch.level)


def _struck(patch: ElectricPiano, key: _Key, rng: np.random.Generator) -> Audio:
    """One key ``(frames,)``: ``sin(a + I(t) sin(b))`` (Chowning 1973) and a short sine far above
    it.

    A harder touch raises the index of modulation, and with it the number of partials; high keys die
    away sooner.
    """
    total = key.gate + release_frames(patch.amp)
    time = seconds(total)
    hertz = frequency(key.pitch)
    push = (0.25 + key.hardness) * 2.0 ** (0.5 * key.octaves)
    index = np.exp(time * np.float32(-1.0 / patch.bark_decay)) * np.float32(patch.bark * push)
    index *= np.sin(turning(hertz * patch.bark_ratio, total, rng.uniform()))
    tone: Audio = np.sin(turning(hertz, total) + index)
    short = min(total, round(TINE_TIMES * patch.tine_decay * SAMPLE_RATE))
    glass = np.sin(turning(hertz * patch.tine_ratio, short))
    glass *= np.exp(time[:short] * np.float32(-1.0 / patch.tine_decay))
    quieter_high = min(1.0, 5000.0 / (hertz * patch.tine_ratio))
    tone[:short] += glass * np.float32(0.25 * patch.tine * push * quieter_high)
    tone *= np.exp(time * np.float32(-KEY_DECAY * 2.0 ** ((key.pitch - MIDDLE) / 24.0)))
    tone *= adsr(patch.amp, key.gate)
    return tone


def _placed(tone: Audio, pitch: int) -> Audio:
    lean = 0.3 * min(1.0, max(-1.0, (pitch - MIDDLE) / 24.0))
    return np.stack([tone * np.float32(1.0 - lean), tone * np.float32(1.0 + lean)])
