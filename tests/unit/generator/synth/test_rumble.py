"""The mix loses its rumble, keeps its bass, and stays a circle."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import signal

from generator.synth.rumble import remove_rumble
from generator.synth.signal import SAMPLE_RATE, Audio

FRAMES = 5 * SAMPLE_RATE + 6


def tone(hertz: float) -> Audio:
    """A whole number of cycles near ``hertz`` in both channels."""
    cycles = round(hertz * FRAMES / SAMPLE_RATE)
    wave = np.sin(2 * np.pi * cycles * np.arange(FRAMES) / FRAMES)
    return np.stack([wave, wave]).astype(np.float32)


@pytest.mark.parametrize("hertz", [4.0, 14.0, 28.0, 45.0, 80.0, 200.0, 440.0, 1378.0, 5000.0])
def test_it_passes_what_a_butterworth_of_second_order_passes(hertz: float) -> None:
    audio = tone(hertz)
    remove_rumble(audio, 28.0)
    sections = signal.butter(2, 28.0, "highpass", fs=SAMPLE_RATE, output="sos")
    _, (response,) = signal.sosfreqz(sections, [hertz], fs=SAMPLE_RATE)
    passed = np.sqrt(2.0 * np.mean(np.square(audio)))
    assert passed == pytest.approx(abs(response), abs=0.02)


def test_an_offset_goes_and_the_circle_stays_closed() -> None:
    audio = tone(60.0) * np.float32(0.3) + np.float32(0.2)
    remove_rumble(audio, 28.0)
    assert np.abs(audio.mean(axis=1)).max() < 1e-4
    steps = np.abs(np.diff(audio, axis=1))
    assert np.abs(audio[:, 0] - audio[:, -1]).max() <= 1.02 * steps.max()


def test_where_the_circle_begins_does_not_matter() -> None:
    rng = np.random.default_rng(5)
    audio = np.cumsum(rng.standard_normal((2, FRAMES)), axis=1).astype(np.float32) * 1e-3
    turned = np.roll(audio, 32 * 1000, axis=1)
    remove_rumble(audio, 28.0)
    remove_rumble(turned, 28.0)
    assert np.abs(np.roll(audio, 32 * 1000, axis=1) - turned)[:, 40_000:].max() < 2e-3
