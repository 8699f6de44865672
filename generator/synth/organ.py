"""The tonewheel organ: nine sines a key, a ping, a click, a warm amplifier, a turning horn."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from generator.synth.banded import Banded, from_spectra, knot_times
from generator.synth.effects import lfo_frames, read_back
from generator.synth.filters import run_round
from generator.synth.halfband import HALF_RATE
from generator.synth.oscillators import frequency, loop_size
from generator.synth.percussion import noise
from generator.synth.signal import SAMPLE_RATE, Audio, stretched, whole_cycles, wrap_add
from generator.synth.stage import Touch
from generator.synth.stem import Stem
from generator.synth.takes import Take, gather
from generator.synth.timbres import Organ

FOOTAGE: Final = (1, 3, 2, 4, 6, 8, 10, 12, 16)
"""Each drawbar as a multiple of half the note's frequency: 16' sounds an octave lower."""
FOLDBACK: Final = 5_600.0
DRAWBAR_DB: Final = 3.0
CROSSOVER: Final = 800.0
HORN_SECONDS: Final = 0.00045
LEVEL: Final = 0.16


def play_organ(
    touches: Iterable[Touch], patch: Organ, stem: Stem, rng: np.random.Generator
) -> None:
    """Adds the part to ``stem``: the keys as one signal through amplifier and
    speaker, at half the rate, for its highest wheel turns at 6 kHz."""
    dry = np.zeros((1, stem.frames // 2), np.float32)
    manual = _Manual(patch, rng)
    for take, played in gather(touches).items():
        sound = manual.press(take)
        for touch in played:
            wrap_add(dry, touch.start // 2, sound, LEVEL * touch.level**0.35)
    if patch.drive > 0:
        dry *= np.float32(1.0 + patch.drive)
        np.tanh(dry, out=dry)
    stem.half[:] += _rotary(dry[0], patch)


class _Manual:
    """The keys of one part as loops: the drawbars, and the percussion's harmonic."""

    def __init__(self, patch: Organ, rng: np.random.Generator) -> None:
        self._patch = patch
        self._rng = rng
        self._keys: dict[int, tuple[Banded, float, int]] = {}

    def press(self, take: Take) -> Audio:
        """``(1, frames)`` of all keys of a take. An organ knows no touch: the pedal does that."""
        patch = self._patch
        gate = take.gate * HALF_RATE // SAMPLE_RATE
        frames = gate + round(1.6 * patch.release * HALF_RATE)
        time = knot_times(frames, HALF_RATE)
        rise = np.minimum(time / patch.attack, 1.0)
        fall = np.exp(-np.maximum(time - gate / HALF_RATE, 0.0) * 4.0 / patch.release)
        fall[-2:] *= (0.5, 0.0)
        ping = patch.percussion * np.exp(-time / patch.percussion_decay)
        course = (np.stack([np.ones(len(time)), 1.5 * ping]) * rise * fall).astype(np.float32)
        sound = np.zeros((1, frames), np.float32)
        for pitch in take.pitches:
            wheels, cycle, cycles = self._key(pitch)
            start = round(int(self._rng.integers(cycles)) * cycle)
            sound += wheels.sound(start, course, frames)
        self._add_click(sound[0])
        return sound

    def _key(self, pitch: int) -> tuple[Banded, float, int]:
        if pitch not in self._keys:
            self._keys[pitch] = _wheels(self._patch, pitch, self._rng)
        return self._keys[pitch]

    def _add_click(self, sound: Audio) -> None:
        """Nine contacts that close one after another, within a few milliseconds."""
        if self._patch.click <= 0:
            return
        count = min(len(sound), 200)
        burst = noise(count, 1600.0, 9000.0, self._rng)
        time = np.arange(count, dtype=np.float32) / np.float32(HALF_RATE)
        burst *= np.exp(time * np.float32(-1.0 / 0.0015)) * np.minimum(time * 4000, 1)
        sound[:count] += burst * np.float32(0.5 * self._patch.click)


def _wheels(patch: Organ, pitch: int, rng: np.random.Generator) -> tuple[Banded, float, int]:
    """The loops of a key. Each step of a drawbar is `DRAWBAR_DB`; wheels that would turn too fast
    fold back an octave, as on the instrument."""
    hertz = frequency(pitch - 12)
    size, cycles = loop_size(hertz / HALF_RATE, 0.0)
    spectra = np.zeros((2, 1, size // 2 + 1), np.complex64)
    for foot, digit in zip(FOOTAGE, patch.drawbars, strict=True):
        level = 10.0 ** (DRAWBAR_DB * (int(digit) - 8) / 20.0) if digit != "0" else 0.0
        level += 0.02 * patch.leakage
        spectra[0, 0, _folded(foot, hertz) * cycles] += level * _turn(rng)
    spectra[1, 0, _folded(2 * patch.percussion_harmonic, hertz) * cycles] = _turn(rng)
    return from_spectra(spectra, size, np.array([hertz, hertz])), size / cycles, cycles


def _folded(foot: int, hertz: float) -> int:
    while foot * hertz > FOLDBACK and foot % 2 == 0:
        foot //= 2
    return foot if foot * hertz < FOLDBACK * 1.5 else 1


def _turn(rng: np.random.Generator) -> complex:
    return complex(-1j * np.exp(2j * np.pi * rng.uniform()))


def _rotary(dry: Audio, patch: Organ) -> Audio:
    """``(2, frames)``: bass rotor and horn, each louder and higher as it turns towards a
    microphone; two microphones stand a quarter turn apart. Round the circle in whole turns."""
    low = dry[None].copy()
    crossover = np.exp(-2.0 * np.pi * CROSSOVER / HALF_RATE)
    run_round(low, np.array([[1 - crossover, 0, 0, 1, -crossover, 0]]), 2048)
    high = dry - low[0]
    wet = np.empty((2, len(dry)), np.float32)
    turns = 2.0 * np.pi * whole_cycles(patch.rotary_rate, 2 * len(dry)) / HALF_RATE
    angle = turns * lfo_frames(len(dry))
    for side, phase in enumerate((0.0, 0.5 * np.pi)):
        swing = np.sin(angle + phase)
        delay = HALF_RATE * patch.rotary * HORN_SECONDS * (1.5 + swing)
        wet[side] = read_back(high, delay.astype(np.float32))
        loud = (1.0 + 0.45 * patch.rotary * np.cos(angle + phase)).astype(np.float32)
        wet[side] *= stretched(loud, 64, len(dry))
    drum = (1.0 + 0.15 * patch.rotary * np.cos(angle)).astype(np.float32)
    wet += low * stretched(drum, 64, len(dry))
    return wet
