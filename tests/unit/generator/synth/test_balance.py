"""A mix far from its style's balance comes back; what is near is left alone; the circle stays."""

from __future__ import annotations

import numpy as np
import pytest

from generator.synth.balance import MOST, SLACK, balance, equalise, gains_for
from generator.synth.signal import SAMPLE_RATE, Audio
from generator.synth.sound import BANDS
from tests import hearing

FRAMES = 6 * SAMPLE_RATE + 6
TARGETS = dict(zip(BANDS, (-8.0, -5.0, -5.0, -9.0, -15.0, -21.0), strict=True))


def noise(levels: dict[str, float], seed: int = 0) -> Audio:
    """Noise whose bands have these levels in dB, in a circle."""
    rng = np.random.default_rng(seed)
    spectrum = np.fft.rfft(rng.standard_normal((2, FRAMES)), axis=1)
    hertz = np.fft.rfftfreq(FRAMES, 1.0 / SAMPLE_RATE)
    shape = np.zeros(len(hertz))
    for name, (low, high) in BANDS.items():
        inside = (hertz >= low) & (hertz < high)
        shape[inside] = 10.0 ** (levels[name] / 20.0) / np.sqrt(inside.sum())
    return (np.fft.irfft(spectrum * shape, FRAMES, axis=1) * 10.0).astype(np.float32)


def apart(audio: Audio) -> dict[str, float]:
    shares = hearing.band_shares(audio.T, BANDS)
    return {name: shares[name] - TARGETS[name] for name in BANDS}


@pytest.mark.parametrize("band", list(BANDS))
@pytest.mark.parametrize("away", [-6.0, 6.0])
def test_a_band_far_from_its_target_comes_back(band: str, away: float) -> None:
    audio = noise({**TARGETS, band: TARGETS[band] + away})
    assert max(map(abs, apart(audio).values())) > SLACK + 0.5
    balance(audio, TARGETS)
    assert max(map(abs, apart(audio).values())) < SLACK + 0.7


def test_what_is_near_its_target_is_left_alone() -> None:
    audio = noise({**TARGETS, "high": TARGETS["high"] + 1.0, "sub": TARGETS["sub"] - 1.0})
    before = audio.copy()
    balance(audio, TARGETS)
    assert np.array_equal(audio, before)


def test_silence_stays_silence_and_no_band_moves_further_than_it_may() -> None:
    silent = np.zeros((2, FRAMES), np.float32)
    balance(silent, TARGETS)
    assert not silent.any()
    power = np.zeros(4097)
    power[10:20] = 1.0
    assert np.abs(gains_for(power, np.array(list(TARGETS.values())))).max() <= MOST


def test_equal_gains_change_nothing_but_the_level() -> None:
    audio = noise(TARGETS)
    turned_up = audio * np.float32(2.0)
    equalise(audio, np.full(len(BANDS), 20.0 * np.log10(2.0)))
    assert np.abs(audio - turned_up).max() < 1e-5 * np.abs(turned_up).max()


def test_where_the_circle_begins_does_not_matter() -> None:
    gains = np.array([4.0, -3.0, 0.0, 2.0, -4.0, 5.0])
    audio = noise(TARGETS)
    turned = np.roll(audio, 32 * 1000, axis=1)
    equalise(audio, gains)
    equalise(turned, gains)
    assert np.abs(np.roll(audio, 32 * 1000, axis=1) - turned).max() < 0.01 * np.abs(audio).max()
