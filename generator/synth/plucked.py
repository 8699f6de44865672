"""Plucked strings: the partials of an ideal string, struck, damped and heard through a body."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from generator.synth.banded import Banded, Numbers, from_spectra, knot_times
from generator.synth.oscillators import frequency, loop_size
from generator.synth.percussion import noise
from generator.synth.signal import SAMPLE_RATE, Audio, wrap_add
from generator.synth.stage import Touch
from generator.synth.stem import Stem
from generator.synth.takes import Take, gather
from generator.synth.timbres import Plucked

A3: Final = 57
SIXTY_DB: Final = 6.9078
LOOP_SECONDS: Final = 0.3
BAND_PARTIALS: Final = (1, 2, 4, 8, 16)
"""The last partial of each band but the highest: the lowest ones, which decide a tone, alone."""
HIGHEST: Final = 17_000.0
DARK: Final = 4500.0
PIANO_STIFFNESS: Final = 3.5e-4
PICK_SECONDS: Final = 0.12
KNOCK: Final = 0.035
KNOCK_SECONDS: Final = 0.03
NEUTRAL: Final = 0.75
BODIES: Final[dict[str, tuple[tuple[float, float, float], ...]]] = {
    "none": (),
    "guitar": ((105.0, 3.0, 0.25), (205.0, 2.5, 0.2), (420.0, 1.2, 0.3), (2400.0, 0.6, 0.6)),
    "lute": ((160.0, 2.0, 0.25), (330.0, 2.0, 0.25), (900.0, 1.5, 0.4), (3000.0, 1.0, 0.5)),
    "harp": ((190.0, 1.5, 0.4), (380.0, 1.2, 0.4), (1100.0, 0.5, 0.6)),
    "upright": ((62.0, 1.6, 0.3), (105.0, 2.2, 0.3), (210.0, 1.2, 0.3), (700.0, 1.0, 0.5)),
}
"""Resonances of each body: Hz, boost, width in octaves."""


def play_plucked(
    touches: Iterable[Touch], patch: Plucked, stem: Stem, rng: np.random.Generator
) -> None:
    """Adds every string of every touch to ``stem``; chords are strummed."""
    keys = [key for touch in touches for key in _strings(touch, patch.strum)]
    lutes = {slower: Lute(patch, SAMPLE_RATE // slower, rng) for slower in (1, 2)}
    for take, played in gather(keys).items():
        slower = 2 if _cutoff(patch, take) < DARK else 1
        tone = lutes[slower].pluck(take)
        for touch in played:
            wrap_add(stem.at(slower), touch.start // slower, tone, touch.level)


def _ringing(losses: Numbers) -> Numbers:
    """How a partial dies that loses ``exp(-losses)``: soon at first, while it swings towards the
    bridge, then slowly, while it swings along it (Weinreich 1977); 60 dB down when a plain
    exponential would be."""
    rest: Numbers = 0.3 * np.exp(-0.825 * losses) + 0.7 * np.exp(-2.0 * losses)
    return rest


def _strings(touch: Touch, strum: float) -> list[Touch]:
    """Each key of a touch as a touch of its own, the next string a little later."""
    step = round(strum * SAMPLE_RATE)
    return [
        replace(touch, pitches=(pitch,), start=touch.start + place * step)
        for place, pitch in enumerate(sorted(touch.pitches))
    ]


def _cutoff(patch: Plucked, take: Take) -> float:
    """Hz from which the pluck excites 12 dB/octave less."""
    octaves = 5.5 * patch.brightness * (1.0 - 0.4 * patch.mute)
    octaves += take.octaves + 3.0 * (take.hardness - NEUTRAL)
    octaves += 0.25 * (take.pitches[0] - A3) / 12.0
    return float(300.0 * 2.0**octaves)


@dataclass(frozen=True, slots=True)
class _String:
    """A pitch as looped bands, the 1/seconds at which each dies, and frames of one cycle."""

    bands: Banded
    falls: Numbers
    cycle: float
    cycles: int


class Lute:
    """The strings of one part, made when first needed."""

    def __init__(self, patch: Plucked, rate: int, rng: np.random.Generator) -> None:
        self._patch = patch
        self._rate = rate
        self._rng = rng
        self._strings: dict[int, _String] = {}
        self._knocks: dict[tuple[float, float, int, int], Audio] = {}

    def pluck(self, take: Take) -> Audio:
        """``(2, frames)`` of one string: rung while its key is down, damped after."""
        patch, rate, pitch = self._patch, self._rate, take.pitches[0]
        string = self._string(pitch)
        gate = take.gate * rate // SAMPLE_RATE
        frames = gate + round(1.6 * patch.release * rate)
        time = knot_times(frames, rate)
        late = np.maximum(time - gate / rate, 0.0)
        damping = (4.0 / patch.release) * (string.bands.hertz / string.bands.hertz[0]) ** 0.15
        course = _ringing(np.outer(string.falls, time))
        course *= np.exp(-np.outer(damping, late))
        ratio = string.bands.hertz / _cutoff(patch, take)
        weights = 1.0 / (1.0 + ratio**2)
        weights *= self._rng.uniform(0.93, 1.07, len(weights))
        course *= weights[:, None]
        course[:, 0] *= 0.0
        course[:, -2:] *= (0.5, 0.0)
        start = round(int(self._rng.integers(string.cycles)) * string.cycle)
        tone = string.bands.sound(start, course.astype(np.float32), frames)[0]
        knock = self._knock(take)[: len(tone)]
        tone[: len(knock)] += knock
        return _placed(tone, pitch, patch.width)

    def _knock(self, take: Take) -> Audio:
        """The noise of the finger leaving the string, and the body's answer: short, louder and
        brighter with a hard touch; strings near each other share it."""
        key = (take.hardness, take.octaves, take.turn, take.pitches[0] // 6)
        if key not in self._knocks:
            self._knocks[key] = self._knocked(take)
        return self._knocks[key]

    def _knocked(self, take: Take) -> Audio:
        patch, rate = self._patch, self._rate
        count = round(PICK_SECONDS * rate)
        time = np.arange(count, dtype=np.float32) / np.float32(rate)
        sound = np.zeros(count, np.float32)
        if patch.pick > 0:
            fine = SAMPLE_RATE / rate
            high = min(9000.0, 1.5 * _cutoff(patch, take))
            sound += noise(count, fine * 500.0, fine * high, self._rng)
            sound *= np.exp(time * np.float32(-1.0 / 0.005)) * np.float32(0.12 * patch.pick)
        for hertz, boost, _ in BODIES[patch.body][:2]:
            level = np.float32(KNOCK * boost * patch.resonance)
            ring = np.sin(time * np.float32(2.0 * np.pi * hertz * self._rng.uniform(0.97, 1.03)))
            sound += level * ring * np.exp(time * np.float32(-1.0 / KNOCK_SECONDS))
        sound *= np.minimum(time * 1000, 1) * np.float32(0.4 + take.hardness)
        sound[-64:] *= np.linspace(1.0, 0.0, 64, dtype=np.float32)
        return sound

    def _string(self, pitch: int) -> _String:
        if pitch not in self._strings:
            self._strings[pitch] = strung(self._patch, pitch, self._rate, self._rng)
        return self._strings[pitch]


def strung(patch: Plucked, pitch: int, rate: int, rng: np.random.Generator) -> _String:
    """The partials ``k f sqrt(1 + B k^2)`` of a stiff string (Fletcher 1964) plucked at a point:
    amplitudes ``sin(pi k position)`` as the bridge passes them on, losses that grow with
    frequency."""
    hertz = frequency(pitch)
    double_hertz = hertz * (2.0 ** (patch.double / 1200.0) - 1.0)
    size, cycles = loop_size(hertz / rate, double_hertz / rate, round(LOOP_SECONDS * rate))
    k = np.arange(1.0, max(2.0, min(HIGHEST, 0.45 * rate) / hertz))
    stretch = PIANO_STIFFNESS * patch.stiffness * 2.0 ** ((pitch - A3) / 9.0)
    places = k * hertz * np.sqrt((1.0 + stretch * k**2) / (1.0 + stretch))
    inside = places < min(HIGHEST, 0.45 * rate)
    k, places = k[inside], places[inside]
    amplitude = (np.abs(np.sin(np.pi * k * patch.position)) + 0.03) * k**-0.7
    amplitude *= _body(patch, places)
    band = np.searchsorted(BAND_PARTIALS, k)
    bands = int(band.max()) + 1
    spectra = np.zeros((bands, 1, size // 2 + 1), np.complex64)
    bins = np.round(places * size / rate).astype(int)
    extra = round(double_hertz * size / rate)
    for offset, share in ((0, 0.7), (extra, 0.5)) if extra else ((0, 1.0),):
        phases = np.exp(2j * np.pi * rng.uniform(0.0, 1.0, len(k))) if offset else 1.0
        spot = np.minimum(bins + np.round(offset * k).astype(int), size // 2)
        np.add.at(spectra[:, 0], (band, spot), -1j * share * amplitude * phases)
    power = np.bincount(band, amplitude**2, bands) + 1e-12
    centres = np.bincount(band, amplitude**2 * places, bands) / power
    losses = _losses(patch, pitch, places)
    falls = np.bincount(band, amplitude**2 * losses, bands) / power
    return _String(from_spectra(spectra, size, centres), falls, size / cycles, cycles)


def _losses(patch: Plucked, pitch: int, places: Numbers) -> Numbers:
    """1/seconds at which each partial dies: air and bending take the high ones first."""
    middle = patch.decay * 2.0 ** (-patch.key_decay * (pitch - A3) / 12.0)
    slowest = SIXTY_DB / middle * (1.0 + 5.0 * patch.mute)
    growth = 0.05 + 1.6 * patch.damping + 2.0 * patch.mute
    losses: Numbers = slowest * (1.0 + growth * (places / places[0] - 1.0) * places[0] / 400.0)
    return losses


def _body(patch: Plucked, places: Numbers) -> Numbers:
    """What the body makes of each frequency: broad boosts where it resonates."""
    shape = np.ones(len(places))
    for centre, boost, width in BODIES[patch.body]:
        away = np.log2(places / centre) / width
        shape += patch.resonance * boost * np.exp(-(away**2))
    return shape


def _placed(tone: Audio, pitch: int, width: float) -> Audio:
    """Low strings in the middle, higher ones to either side in turn."""
    far = width * min(1.0, max(0.0, (pitch - 48) / 24.0))
    lean = np.float32(far * (1.0 if pitch % 2 else -1.0) * 0.6)
    return np.stack([tone * (1 - lean), tone * (1 + lean)])
