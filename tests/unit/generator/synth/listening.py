"""One note on one instrument, and what can be measured of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from generator.score import Note, Part
from generator.synth.instruments import play
from generator.synth.oscillators import frequency
from generator.synth.patches import Voice
from generator.synth.signal import SAMPLE_RATE, Audio
from generator.synth.sound import Desk
from generator.synth.stage import Stage
from generator.synth.stem import Stem
from tests.unit.generator.synth.scores import score


def played(
    voice: Voice, notes: Sequence[Note], *, seed: int = 1, bpm: int = 120, bars: int = 2
) -> Audio:
    """``(2, frames)`` of the notes, before any effect."""
    page = score(bpm=bpm, bars=bars, lead=notes)
    stage = Stage.of(page, Desk(), 0.0)
    stem = Stem(stage.frames)
    part: Part = page.parts[0]
    play(part, voice, stage, stem, np.random.default_rng(seed))
    return stem.brought_up()


def note(voice: Voice, pitch: int, *, velocity: int = 96, beats: float = 4.0) -> Audio:
    """The middle ``(frames,)`` of one note at 120 bpm, then silence, four seconds in all."""
    heard: Audio = played(voice, [Note(0.0, beats, pitch, velocity)]).mean(axis=0)
    return heard


def power(samples: Audio) -> tuple[np.ndarray, np.ndarray]:
    """Frequencies and the power at each, finely sampled."""
    size = 2**18
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), size)) ** 2
    return np.arange(len(spectrum)) * SAMPLE_RATE / size, spectrum


def cents_off(samples: Audio, pitch: float) -> float:
    """How far the middle of the strongest partial near the pitch, its octave or its twelfth lies
    from it: a section's partial is a narrow band, not a line."""
    hertz, energy = power(samples)
    best = (0.0, 0.0)
    for partial in (1, 2, 3):
        away = 1200.0 * np.log2(np.maximum(hertz, 1.0) / (partial * frequency(pitch)))
        near = np.abs(away) < 50.0
        share = float(energy[near].sum())
        best = max(best, (share, float(np.sum(away[near] * energy[near])) / share))
    return best[1]


def centre(samples: Audio) -> float:
    """The spectrum's centre of gravity in Hz, the whole sound counted."""
    spectrum = np.abs(np.fft.rfft(samples, 2**18)) ** 2
    hertz = np.arange(len(spectrum)) * SAMPLE_RATE / 2**18
    return float(np.sum(hertz * spectrum) / np.sum(spectrum))


def level(samples: Audio, start: float, seconds: float) -> float:
    """RMS in dB between two moments; silence is -200."""
    piece = samples[..., round(start * SAMPLE_RATE) : round((start + seconds) * SAMPLE_RATE)]
    return float(10.0 * np.log10(np.mean(np.square(piece, dtype=np.float64)) + 1e-20))


def out_of_tune(samples: Audio, hertz: float) -> float:
    """dB of what lies between the partials of ``hertz`` (60 Hz to 15 kHz), under what lies on them;
    above, where few hear it, half-rate voices leave faint images."""
    spectrum = np.abs(np.fft.rfft(samples * np.blackman(len(samples)))) ** 2
    places = np.arange(len(spectrum)) * SAMPLE_RATE / len(samples)
    away = np.abs(places - np.round(places / hertz) * hertz)
    tuned = away < 8.0 * SAMPLE_RATE / len(samples)
    heard = (places > 60.0) & (places < 15_000.0)
    return float(
        10.0 * np.log10(spectrum[heard & ~tuned].sum() / spectrum[heard & tuned].sum() + 1e-20)
    )
