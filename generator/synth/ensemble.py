"""Sections of strings, brass or voices: many players who never quite agree."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from generator.synth.banded import Banded, Numbers, from_spectra, knot_times
from generator.synth.halfband import HALF_RATE
from generator.synth.oscillators import frequency, loop_size
from generator.synth.signal import SAMPLE_RATE, Audio, wrap_add
from generator.synth.stage import Touch
from generator.synth.stem import Stem
from generator.synth.takes import Take, gather
from generator.synth.timbres import Ensemble

SIZE: Final = 2**15 + 2**14
HIGHEST: Final = 9_500.0
NEUTRAL: Final = 0.75
EDGES: Final = {
    "strings": np.array([1200.0, 3600.0]),
    "brass": np.array([500.0, 1300.0, 3300.0]),
    "choir": np.array([1500.0]),
}
"""Where the bands of a section meet: brass, which opens most, has most."""
UNISON: Final = {"strings": 0.6, "brass": 0.75, "choir": 0.7}
"""How much of a low partial the players have in common: what keeps a section from fluttering."""
BOW_SECONDS: Final = 0.09
VOWELS: Final[dict[str, tuple[tuple[float, float, float], ...]]] = {
    "a": ((730.0, 1.0, 0.28), (1150.0, 0.6, 0.2), (2600.0, 0.2, 0.2), (3300.0, 0.12, 0.2)),
    "o": ((460.0, 1.0, 0.3), (820.0, 0.5, 0.22), (2500.0, 0.06, 0.2), (3200.0, 0.05, 0.2)),
    "u": ((340.0, 1.0, 0.35), (680.0, 0.22, 0.25), (2300.0, 0.03, 0.2), (3200.0, 0.02, 0.2)),
    "e": ((520.0, 1.0, 0.28), (1800.0, 0.35, 0.16), (2550.0, 0.22, 0.16), (3400.0, 0.1, 0.2)),
    "i": ((310.0, 1.0, 0.35), (2150.0, 0.25, 0.14), (2900.0, 0.2, 0.14), (3500.0, 0.1, 0.2)),
}
"""Formants of sung vowels: Hz, amplitude, width in octaves."""


def play_ensemble(
    touches: Iterable[Touch], patch: Ensemble, stem: Stem, rng: np.random.Generator
) -> None:
    """Adds the section to ``stem``, at half the rate."""
    section = _Section(patch, rng)
    for take, played in gather(touches).items():
        sound = section.play(take)
        for touch in played:
            wrap_add(stem.half, touch.start // 2, sound, touch.level)


class _Section:
    """The players of one part; each pitch is one loop of all of them, in bands."""

    def __init__(self, patch: Ensemble, rng: np.random.Generator) -> None:
        self._patch = patch
        self._rng = rng
        self._loops: dict[int, Banded] = {}
        self._wind: Banded | None = None

    def play(self, take: Take) -> Audio:
        """``(2, frames)`` of a chord: all its notes, and the bows or the breath they cost."""
        gate = take.gate * HALF_RATE // SAMPLE_RATE
        frames = gate + round(1.6 * self._patch.release * HALF_RATE)
        level = self._level(take, gate, frames)
        sound = np.zeros((2, frames), np.float32)
        for pitch in take.pitches:
            loop = self._loop(pitch)
            course = self._opened(loop.hertz, level, take)
            sound += loop.sound(int(self._rng.integers(SIZE)), course, frames)
        if self._patch.breath > 0:
            sound += self._blown(level, len(take.pitches), frames)
        return sound

    def _blown(self, level: Numbers, voices: int, frames: int) -> Audio:
        """The noise under a chord, most of it while the notes begin."""
        if self._wind is None:
            self._wind = _breath(self._patch, self._rng)
        begun = np.exp(-knot_times(frames, HALF_RATE) / BOW_SECONDS)
        share = 0.06 * self._patch.breath * np.sqrt(voices)
        course = (share * level**0.7 * (1.0 + 1.5 * begun)).astype(np.float32)
        return self._wind.sound(int(self._rng.integers(SIZE)), course[None], frames)

    def _level(self, take: Take, gate: int, frames: int) -> Numbers:
        """The loudness over the knots: a swell that a hard touch makes sooner, and a release."""
        patch, time = self._patch, knot_times(frames, HALF_RATE)
        attack = patch.attack * 2.0 ** (2.5 * (NEUTRAL - take.hardness))
        end = gate / HALF_RATE
        rise = 0.5 - 0.5 * np.cos(np.pi * np.minimum(np.minimum(time, end) / attack, 1.0))
        late = np.maximum(np.minimum(time, end) - attack, 0.0)
        held = patch.sustain + (1.0 - patch.sustain) * np.exp(-late / patch.decay)
        grown = 1.0 - patch.swell * (1.0 - np.minimum(time / max(end, 0.05), 1.0)) * 0.75
        fall = np.exp(-np.maximum(time - end, 0.0) * 4.0 / patch.release)
        level: Numbers = rise * held * grown * fall
        level[-2:] *= (0.5, 0.0)
        return level

    def _opened(self, hertz: Numbers, level: Numbers, take: Take) -> Audio:
        """One course a band: louder is brighter, by much for brass, by little for the others."""
        patch = self._patch
        slope = {"strings": 0.35, "brass": 1.0, "choir": 0.25}[patch.kind]
        octaves = patch.brightness + take.octaves + 1.6 * slope * 2.0 * (take.hardness - NEUTRAL)
        tilt = np.log2(np.maximum(hertz / 500.0, 1.0))
        bright = 2.0 ** (np.minimum(octaves, 3.0) * 0.5 * tilt)
        power = 1.0 + slope * tilt
        course: Audio = (bright[:, None] * level ** power[:, None]).astype(np.float32)
        return course

    def _loop(self, pitch: int) -> Banded:
        if pitch not in self._loops:
            self._loops[pitch] = _written(self._patch, pitch, self._rng)
        return self._loops[pitch]


def _written(patch: Ensemble, pitch: int, rng: np.random.Generator) -> Banded:
    """The section on one note: each partial of each player is a narrow band of noise, as wide as
    vibrato and unsteady hands make it (after Nasca's PADsynth), around a line they have in common,
    in one loop of at least `SIZE` samples."""
    hertz = frequency(pitch)
    size, cycles = loop_size(hertz / HALF_RATE, 0.0, SIZE)
    k = np.arange(1, max(2, int(HIGHEST / hertz)))
    tone, edges = _spectrum(patch, k * hertz, k), EDGES[patch.kind]
    spectra = np.zeros((len(edges) + 1, 2, size // 2 + 1), np.complex64)
    band = np.searchsorted(edges, k * hertz)
    core = UNISON[patch.kind] / (1.0 + (k * hertz / 1600.0) ** 2)
    loose = tone * np.sqrt(1.0 - core**2)
    seats = (2.0 * np.arange(patch.players) + 1.0) / patch.players - 1.0
    cents = patch.detune * (0.8 * seats + rng.uniform(-0.2, 0.2, patch.players))
    for seat, place in enumerate(hertz * 2.0 ** ((cents - cents.mean()) / 1200.0)):
        side = seats[seat] if seat % 2 else -seats[seat]
        _add_player(spectra, band, k * place, loose, patch, side, rng)
    low = round(patch.solid_below * size / HALF_RATE)
    middle = spectra[:, 0, :low] + spectra[:, 1, :low]
    spectra[:, :, :low] = (np.sqrt(0.5) * middle)[:, None]
    turns = np.exp(2j * np.pi * rng.uniform(0.0, 1.0, len(k)))
    spectra[band, :, k * cycles] += (np.sqrt(0.5) * core * tone * turns)[:, None]
    bounds = np.concatenate([[250.0], edges, [9000.0]])
    return from_spectra(spectra, size, np.sqrt(bounds[:-1] * bounds[1:]))


def _add_player(
    spectra: npt.NDArray[np.complex64],
    band: npt.NDArray[np.int64],
    places: Numbers,
    tone: Numbers,
    patch: Ensemble,
    side: float,
    rng: np.random.Generator,
) -> None:
    """One player's partials as narrow bands of random phase, where he sits."""
    spread = places * (2.0 ** ((0.7 * patch.vibrato + 1.5) / 1200.0) - 1.0)
    size = 2 * (spectra.shape[-1] - 1)
    angle = (1.0 + patch.width * side) * np.pi / 4.0
    sides = np.array([np.cos(angle), np.sin(angle)])[:, None]
    offsets = np.arange(-3, 4)[:, None]
    reach = np.maximum(spread / 2.0, 0.6 * HALF_RATE / size)
    spots = np.round((places + offsets * reach) * size / HALF_RATE).astype(int)
    weights = np.exp(-0.5 * (offsets / 1.5) ** 2) * tone / np.sqrt(patch.players * 3.0)
    turned = weights * np.exp(2j * np.pi * rng.uniform(0.0, 1.0, spots.shape))
    inside = spots < size // 2
    rows = np.broadcast_to(band, spots.shape)[inside]
    for channel in range(2):
        np.add.at(spectra[:, channel], (rows, spots[inside]), sides[channel] * turned[inside])


def _spectrum(patch: Ensemble, places: npt.NDArray[Any], k: npt.NDArray[Any]) -> Numbers:
    """Amplitudes of the partials ``k`` at ``places`` Hz at full loudness."""
    if patch.kind == "choir":
        tone = 0.015 + sum(
            share * np.exp(-((np.log2(places / centre) / width) ** 2))
            for centre, share, width in VOWELS[patch.vowel]
        )
        source = 1.0 / k**0.6
        tone = tone * source + 0.25 * (k == 1)
    elif patch.kind == "brass":
        tone = 1.0 / k**0.75 / (1.0 + (places / 3800.0) ** 3)
        tone *= 1.0 + 0.8 * np.exp(-((np.log2(places / 1200.0) / 0.7) ** 2))
    else:
        tone = 1.0 / k**1.0 / (1.0 + (places / 5200.0) ** 2.5)
        for centre, boost, width in ((290.0, 0.5, 0.3), (550.0, 0.4, 0.3), (2600.0, 0.9, 0.5)):
            tone *= 1.0 + boost * np.exp(-((np.log2(places / centre) / width) ** 2))
    return np.asarray(tone / np.sqrt(1.0 + (patch.low_cut / places) ** 4), np.float64)


def _breath(patch: Ensemble, rng: np.random.Generator) -> Banded:
    """Bow, lips or breath: one loop of noise in the section's colour, of RMS one."""
    places = np.arange(1, SIZE // 2 + 1) * (HALF_RATE / SIZE)
    middle, width = {"strings": (2600.0, 1.2), "brass": (1800.0, 1.0), "choir": (3200.0, 1.1)}[
        patch.kind
    ]
    colour = np.exp(-((np.log2(places / middle) / width) ** 2)).astype(np.float32)
    colour *= np.float32(1.0 / np.sqrt(0.5 * np.sum(colour**2)))
    spectra = np.zeros((1, 2, SIZE // 2 + 1), np.complex64)
    angle = rng.random((2, len(places)), dtype=np.float32) * np.float32(2.0 * np.pi)
    spectra[0, :, 1:] = colour * np.exp(1j * angle)
    return from_spectra(spectra, SIZE, np.array([middle]))
