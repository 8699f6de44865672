from __future__ import annotations

import numpy as np
import pytest
from scipy import signal

from generator.synth.loudness import (
    SILENCE,
    block_peaks,
    fader_loudness,
    integrated_loudness,
    true_peak,
)
from generator.synth.signal import SAMPLE_RATE
from tests import hearing


def coloured(hertz: float, seconds: float, seed: int = 0) -> np.ndarray:
    """Noise below ``hertz`` that swells, planar."""
    frames = round(seconds * SAMPLE_RATE)
    noise = np.random.default_rng(seed).standard_normal((2, frames))
    sections = signal.butter(2, hertz, fs=SAMPLE_RATE, output="sos")
    return (signal.sosfilt(sections, noise) * np.linspace(0.01, 0.3, frames)).astype(np.float32)


@pytest.mark.parametrize("hertz", [100, 1000, 6000])
@pytest.mark.parametrize("seconds", [1.0, 4.37, 20.0])
def test_loudness_agrees_with_pyloudnorm(hertz: float, seconds: float) -> None:
    audio = coloured(hertz, seconds)
    assert integrated_loudness(audio) == pytest.approx(hearing.loudness(audio.T), abs=0.15)


def test_a_sine_at_minus_23_measures_minus_23() -> None:
    """EBU Tech 3341, case 1: a stereo sine of 1 kHz and -23 dBFS."""
    time = np.arange(20 * SAMPLE_RATE) / SAMPLE_RATE
    tone = (10 ** (-23 / 20) * np.sin(2 * np.pi * 1000 * time)).astype(np.float32)
    assert integrated_loudness(np.stack([tone, tone])) == pytest.approx(-23.0, abs=0.1)


def test_silence_and_less_than_a_block_have_no_loudness() -> None:
    assert integrated_loudness(np.zeros((2, SAMPLE_RATE), np.float32)) == SILENCE
    assert integrated_loudness(np.ones((2, 1000), np.float32)) == SILENCE
    assert true_peak(np.zeros((2, 100), np.float32)) == SILENCE
    assert fader_loudness(np.zeros(SAMPLE_RATE, np.float32)) == SILENCE


@pytest.mark.parametrize("hertz", [500, 5000, 15_000])
def test_true_peak_agrees_with_four_times_oversampling(hertz: float) -> None:
    audio = coloured(hertz, 1.0, seed=4)
    assert true_peak(audio) == pytest.approx(hearing.true_peak(audio.T), abs=0.1)


def test_a_peak_between_two_samples_is_seen() -> None:
    """A sine at a quarter of the rate, 45 degrees off: its samples stay 3 dB under its peak."""
    tone = np.sin(np.pi / 2 * np.arange(44_100) + np.pi / 4).astype(np.float32)
    assert np.abs(tone).max() == pytest.approx(0.7071, abs=1e-3)
    assert true_peak(np.stack([tone, tone])) == pytest.approx(0.0, abs=0.1)


@pytest.mark.parametrize("frames", [31, 32, 33, 1000, 150_001])
def test_block_peaks_cover_every_sample_of_any_length(frames: int) -> None:
    audio = np.random.default_rng(frames).uniform(-1, 1, (2, frames)).astype(np.float32)
    peaks = block_peaks(audio, 2.0)
    for block, peak in enumerate(peaks):
        assert peak >= np.abs(audio[:, block * 32 : block * 32 + 32]).max()


def test_the_fader_hears_the_loud_moments_only() -> None:
    tone = np.sin(2 * np.pi * 440 * np.arange(5 * SAMPLE_RATE) / SAMPLE_RATE * 2).astype(np.float32)
    halved = tone.copy()
    halved[: len(tone) * 6 // 10] = 0.0
    assert fader_loudness(halved) == pytest.approx(fader_loudness(tone), abs=0.3)
