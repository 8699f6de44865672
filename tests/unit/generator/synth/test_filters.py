from __future__ import annotations

import numpy as np
import pytest
from scipy import signal

from generator.synth.filters import CONTROL, low_pass, run_round, sweep
from generator.synth.halfband import double, halve
from generator.synth.signal import SAMPLE_RATE


def response(sections: np.ndarray, hertz: float) -> float:
    _, gain = signal.sosfreqz(sections.astype(np.float64), [hertz], fs=SAMPLE_RATE)
    return float(20 * np.log10(abs(gain[0])))


@pytest.mark.parametrize("cutoff", [100.0, 700.0, 5000.0])
def test_the_low_pass_falls_by_24_db_an_octave(cutoff: float) -> None:
    (sections,) = low_pass(np.array([cutoff]), 0.0)
    assert abs(response(sections, cutoff) + 3.0) < 0.2
    assert abs(response(sections, cutoff / 8)) < 0.1
    assert response(sections, 2 * cutoff) < -23.0
    assert response(sections, 4 * cutoff) < -46.0


def test_resonance_lifts_the_cutoff_only() -> None:
    flat, sharp = (low_pass(np.array([1000.0]), share)[0] for share in (0.0, 0.8))
    assert response(sharp, 1000.0) > response(flat, 1000.0) + 6.0
    assert abs(response(sharp, 4000.0) - response(flat, 4000.0)) < 4.0


@pytest.mark.parametrize("cutoff", [1.0, 30.0, 17_000.0, 1e6])
def test_extreme_cutoffs_stay_stable(cutoff: float) -> None:
    rows = np.random.default_rng(0).standard_normal((1, 20_000)).astype(np.float32)
    sweep(rows, np.zeros(625), cutoff, 1.0)
    assert np.isfinite(rows).all()
    assert np.abs(rows).max() < 50.0


def test_a_sweep_follows_its_curve_without_zipper_noise() -> None:
    time = np.arange(SAMPLE_RATE) / SAMPLE_RATE
    tone = np.sin(2 * np.pi * 200 * time).astype(np.float32)[None]
    octaves = 4.0 * np.exp(-np.arange(0, SAMPLE_RATE, CONTROL) / SAMPLE_RATE / 0.2)
    sweep(tone, octaves, 150.0, 0.4)
    assert np.abs(tone[0, :8000]).max() > 0.5
    assert np.abs(tone[0, -8000:]).max() < 0.6
    heard = signal.sosfilt(
        signal.butter(8, 2000, "highpass", fs=SAMPLE_RATE, output="sos"), tone[0]
    )
    assert np.std(heard[2000:20_000]) < 10 ** (-70 / 20) * np.std(tone[0, 2000:20_000])


def test_half_the_rate_and_back_leaves_the_middle_alone_and_circular() -> None:
    time = np.arange(88_200) / SAMPLE_RATE
    tone = np.sin(2 * np.pi * 1000 * time).astype(np.float32)
    there = halve(np.stack([tone, tone]))
    back = np.zeros((2, len(tone)), np.float32)
    double(np.stack([there, there]), back)
    assert np.abs(back - tone).max() < 0.01


def test_what_lies_above_the_half_band_does_not_fold_over() -> None:
    time = np.arange(88_200) / SAMPLE_RATE
    tone = np.sin(2 * np.pi * 18_000 * time).astype(np.float32)
    assert np.abs(halve(np.stack([tone, tone]))).max() < 0.05


def test_no_number_after_a_sound_is_too_small_to_count_with() -> None:
    """Subnormal numbers, which make many processors crawl, come of a filter that rings on in
    silence."""
    signals = np.zeros((2, 3 * SAMPLE_RATE), np.float32)
    signals[:, : SAMPLE_RATE // 10] = 0.5
    run_round(signals, signal.butter(2, 200.0, "highpass", fs=SAMPLE_RATE, output="sos"), 4096)
    quiet = np.abs(signals[:, SAMPLE_RATE:])
    assert quiet.max() < 1e-12
    assert not ((quiet > 0) & (quiet < np.finfo(np.float32).tiny)).any()
