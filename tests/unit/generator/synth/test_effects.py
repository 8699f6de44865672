from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.synth import effects
from generator.synth.halfband import HALF_RATE
from generator.synth.signal import SAMPLE_RATE, gain, wrap_add
from generator.synth.sound import Chorus, Duck, Echo

FRAMES = 44_100


def impulse(at: int, frames: int = FRAMES) -> np.ndarray:
    samples = np.zeros(frames, np.float32)
    samples[at] = 1.0
    return samples


@settings(deadline=None, max_examples=50)
@given(start=st.integers(-500, 500), length=st.integers(0, 350), frames=st.integers(1, 100))
def test_what_passes_the_end_comes_in_at_the_start(start: int, length: int, frames: int) -> None:
    target = np.zeros((2, frames), np.float32)
    wrap_add(target, start, np.ones((2, length), np.float32), 2.0)
    expected = np.zeros(frames)
    np.add.at(expected, (start + np.arange(length)) % frames, 2.0)
    assert np.array_equal(target, np.stack([expected, expected]))


@pytest.mark.parametrize("kick", [0, 20_000, FRAMES - 10])
def test_every_kick_ducks_even_across_the_seam(kick: int) -> None:
    curve = effects.duck_curve(Duck(depth=0.7, release=0.1), [kick], FRAMES)
    bottom = int(np.argmin(curve))
    assert curve.min() == pytest.approx(0.3, abs=0.01)
    assert (bottom - kick) % FRAMES < 0.008 * SAMPLE_RATE
    assert curve[(kick - 20) % FRAMES] > 0.98
    assert np.abs(np.diff(curve, append=curve[0])).max() < 0.01


def test_a_share_of_the_duck_is_a_share_of_the_fall() -> None:
    dip = effects.duck_curve(Duck(depth=0.8), [1000], FRAMES) - np.float32(1)
    bus = np.ones((2, FRAMES), np.float32)
    effects.mix_in(bus, np.ones((2, FRAMES), np.float32), 2.0, dip, 0.5)
    assert bus.max() == pytest.approx(3.0, abs=0.01)
    assert bus.min() == pytest.approx(1.0 + 2.0 * 0.6, abs=0.01)


def test_echoes_come_in_time_and_change_sides() -> None:
    wet = effects.ping_pong(impulse(100), 5000, Echo(feedback=0.5))
    left, right = wet
    assert left[5100] == 1.0
    assert right[10_100] == 0.5
    assert left[15_100] == 0.25
    assert right[5100] == left[10_100] == 0.0


def test_a_chorus_is_wide_and_has_no_seam() -> None:
    frames = 3 * HALF_RATE
    tone = np.sin(2 * np.pi * 300 * np.arange(frames) / HALF_RATE).astype(np.float32)
    left, right = effects.chorus(tone, Chorus(rate=0.7))
    inside = np.abs(np.diff(left)).max()
    assert abs(left[0] - left[-1]) < 1.2 * inside
    assert np.std(left - right) > 0.2 * np.std(left + right)


def test_tremolo_swings_from_side_to_side_and_closes_its_circle() -> None:
    stem = np.ones((2, FRAMES), np.float32)
    effects.tremolo(stem, 0.5, 3.3)
    assert stem[0].max() == pytest.approx(1.0, abs=0.01)
    assert stem[0].min() == pytest.approx(0.5, abs=0.01)
    assert np.allclose(stem.sum(axis=0), 1.5, atol=1e-3)
    assert abs(stem[0, 0] - stem[0, -1]) < 1e-3


def test_saturation_keeps_quiet_sounds_and_bounds_loud_ones() -> None:
    stem = np.array([[0.001, 5.0], [-0.001, -5.0]], np.float32)
    effects.saturate(stem, 2.0)
    assert stem[:, 0] == pytest.approx([0.001, -0.001], rel=1e-3)
    assert np.abs(stem).max() <= 0.5


def test_a_decibel_is_a_decibel() -> None:
    assert gain(-6.0206) == pytest.approx(0.5, rel=1e-4)
