from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.seed import Seed
from generator.synth.mastering import limit, master
from generator.synth.signal import SAMPLE_RATE
from generator.synth.sound import Finish, Tape
from tests import hearing


def pink(seconds: float = 6.0, seed: int = 0) -> np.ndarray:
    frames = round(seconds * SAMPLE_RATE)
    rng = np.random.default_rng(seed)
    spectrum = np.fft.rfft(rng.standard_normal((frames, 2)), axis=0)
    spectrum /= np.sqrt(np.maximum(np.arange(len(spectrum)), 40))[:, None]
    return np.fft.irfft(spectrum, frames, axis=0).astype(np.float32)


@pytest.mark.parametrize("level", [1e-4, 0.1, 30.0])
@pytest.mark.parametrize("drive", [-6.0, 0.0, 12.0])
def test_whatever_comes_leaves_at_the_target_under_the_ceiling(level: float, drive: float) -> None:
    done = master(pink() * np.float32(level), Finish(drive=drive))
    assert hearing.loudness(done.audio) == pytest.approx(-14.0, abs=0.3)
    assert done.loudness_lufs == pytest.approx(hearing.loudness(done.audio), abs=0.1)
    assert hearing.true_peak(done.audio) <= -1.0
    assert done.true_peak_dbtp == pytest.approx(hearing.true_peak(done.audio), abs=0.1)


@pytest.mark.parametrize("target", [-23.0, -14.0, -9.0])
def test_other_targets_are_met_too(target: float) -> None:
    done = master(pink(), target_lufs=target, ceiling_dbtp=-2.0)
    assert hearing.loudness(done.audio) == pytest.approx(target, abs=0.3)
    assert hearing.true_peak(done.audio) <= -2.0


def test_samples_are_whole_steps_of_sixteen_bits() -> None:
    audio = master(pink()).audio
    steps = audio.astype(np.float64) * 32768
    assert np.array_equal(steps, np.round(steps))
    assert audio.dtype == np.float32


def test_silence_stays_silence() -> None:
    done = master(np.zeros((2 * SAMPLE_RATE, 2), np.float32))
    assert not done.audio.any()


def test_a_single_click_does_not_break_it() -> None:
    bus = np.zeros((2 * SAMPLE_RATE, 2), np.float32)
    bus[1000] = 1.0
    done = master(bus)
    assert np.isfinite(done.audio).all()
    assert done.true_peak_dbtp <= -1.0


def test_a_circle_stays_a_circle() -> None:
    """Turning the loop before mastering turns the result: the seam is nowhere."""
    bus = pink(4.0)
    turn = 50_000 // 32 * 32
    plain, turned = master(bus).audio, master(np.roll(bus, turn, axis=0)).audio
    assert np.abs(np.roll(plain, turn, axis=0) - turned).max() < 0.01


@settings(deadline=None, max_examples=30)
@given(
    peaks=st.lists(st.tuples(st.integers(0, 43_999), st.floats(-8, 8)), min_size=1, max_size=30),
    ceiling=st.floats(0.1, 0.9),
)
def test_no_peak_passes_the_limiter(peaks: list[tuple[int, float]], ceiling: float) -> None:
    tone = np.sin(2 * np.pi * 997 / SAMPLE_RATE * np.arange(44_000)) * 0.3
    for place, height in peaks:
        tone[place] += height
    planar = np.stack([tone, -tone]).astype(np.float32)
    limit(planar, ceiling)
    assert np.abs(planar).max() <= ceiling * 1.001


def test_the_limiter_leaves_what_is_below_its_ceiling_alone() -> None:
    planar = np.random.default_rng(0).uniform(-0.3, 0.3, (2, 10_000)).astype(np.float32)
    before = planar.copy()
    limit(planar, 0.9)
    assert np.array_equal(planar, before)


def test_tape_takes_treble_away_and_adds_its_surface() -> None:
    bus = pink()
    worn = Finish(tape=Tape(wow=8.0, high_cut=5000.0, hiss=-70.0, crackle=-30.0))
    bands = {"low": (20.0, 5000.0), "high": (8000.0, 20_000.0)}
    clean = hearing.band_shares(master(bus).audio, bands)
    dull = hearing.band_shares(master(bus, worn).audio, bands)
    assert dull["high"] < clean["high"] - 4.0
    quiet = master(np.zeros_like(bus), worn, Seed(3)).audio
    assert -75 < 20 * np.log10(np.std(quiet)) < -30
    assert np.abs(quiet).max() > 8 * np.std(quiet)
    again, other = (master(np.zeros_like(bus), worn, Seed(seed)).audio for seed in (3, 4))
    assert np.array_equal(quiet, again)
    assert not np.array_equal(quiet, other)
