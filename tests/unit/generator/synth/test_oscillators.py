from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.synth.oscillators import frequency, harmonics, unison_loop
from generator.synth.patches import WAVES, Analog, Envelope, Filter, Oscillator
from generator.synth.signal import SAMPLE_RATE, turning


def patch(*, wave: str = "saw", unison: int = 1, detune: float = 8.0) -> Analog:
    return Analog(
        oscillators=(Oscillator(wave),),
        filter=Filter(cutoff=1000.0),
        amp=Envelope(),
        unison=unison,
        detune=detune,
        solid_below=20.0,
    )


def spectrum(samples: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    power = np.abs(np.fft.rfft(samples.astype(np.float64)))
    return np.fft.rfftfreq(samples.shape[-1], 1 / SAMPLE_RATE), power


@pytest.mark.parametrize("pitch", range(24, 97, 6))
def test_a_loop_is_in_tune_within_half_a_cent(pitch: int) -> None:
    loop = unison_loop(patch(), pitch, np.random.default_rng(0))
    hertz, power = spectrum(loop.samples[0])
    found = hertz[np.argmax(power)]
    assert abs(1200 * np.log2(found / frequency(pitch))) < 0.5


@pytest.mark.parametrize("wave", WAVES)
@pytest.mark.parametrize("pitch", [28, 60, 96])
def test_nothing_sounds_but_harmonics_below_eighteen_kilohertz(wave: str, pitch: int) -> None:
    loop = unison_loop(patch(wave=wave), pitch, np.random.default_rng(0))
    hertz, power = spectrum(loop.samples[0])
    order = hertz / hertz[loop.cycles]
    harmonic = (np.abs(order - np.round(order)) < 1e-6) & (order > 0.5) & (hertz < 18_001)
    assert power[~harmonic].max() < 1e-4 * power.max()


def test_unison_copies_beat_around_the_pitch_and_stand_apart() -> None:
    loop = unison_loop(patch(unison=4, detune=12.0), 57, np.random.default_rng(0))
    hertz, power = spectrum(loop.samples[0])
    near = (np.abs(1200 * np.log2(np.maximum(hertz, 1.0) / 220.0)) < 30) & (
        power > 0.05 * power.max()
    )
    cents = 1200 * np.log2(hertz[near] / 220.0)
    assert len(cents) == 4
    assert abs(cents.max() - 12.0) < 4.0
    assert abs(cents.min() + 12.0) < 4.0
    left, right = loop.samples
    assert abs(np.corrcoef(left, right)[0, 1]) < 0.9


def test_the_bass_of_a_wide_voice_is_the_same_on_both_sides() -> None:
    wide = Analog(
        (Oscillator(),), Filter(1000.0), Envelope(), unison=5, width=1.0, solid_below=300.0
    )
    left, right = unison_loop(wide, 36, np.random.default_rng(0)).samples
    hertz, side = spectrum(left - right)
    _, middle = spectrum(left + right)
    low = hertz < 120
    assert np.sum(side[low] ** 2) < 1e-2 * np.sum(middle[low] ** 2)


def test_reading_goes_round_and_round() -> None:
    loop = unison_loop(patch(unison=3), 60, np.random.default_rng(0))
    size = loop.samples.shape[1]
    twice = loop.read(100, 2 * size)
    assert np.array_equal(twice[:, :size], twice[:, size:])


def test_bending_by_nothing_is_reading() -> None:
    loop = unison_loop(patch(), 60, np.random.default_rng(0), oversampled=2)
    plain = loop.read_bent(0, np.zeros(1000, np.float32))
    assert np.array_equal(plain, loop.samples[:, :2000:2])


def test_a_pulse_of_half_width_is_a_square() -> None:
    assert np.allclose(
        harmonics("pulse", 20, 0.5), harmonics("square", 20, 0.5) * np.tile([1, 0, -1, 0], 5)
    )


@settings(deadline=None, max_examples=40)
@given(hertz=st.floats(1.0, 20_000.0), frames=st.integers(1, 300_000))
def test_the_accumulator_stays_exact_over_minutes(hertz: float, frames: int) -> None:
    last = float(turning(hertz, frames)[-1])
    exact = 2 * np.pi * ((hertz / SAMPLE_RATE * (frames - 1)) % 1.0)
    apart = abs(np.exp(1j * last) - np.exp(1j * exact))
    assert apart < 2e-3
