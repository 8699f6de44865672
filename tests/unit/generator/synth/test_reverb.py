from __future__ import annotations

import numpy as np
import pytest

from generator.synth.halfband import HALF_RATE
from generator.synth.reverb import KINDS, convolve, impulse_response
from generator.synth.sound import REVERBS, Reverb


def impulse(at: int, frames: int) -> np.ndarray:
    samples = np.zeros(frames, np.float32)
    samples[at] = 1.0
    return samples


def response(kind: str, seconds: float = 1.5, predelay: float = 0.0) -> np.ndarray:
    table = Reverb(kind=kind, seconds=seconds, predelay=predelay)
    return impulse_response(table).astype(np.float64)


def fall(samples: np.ndarray) -> np.ndarray:
    """Schroeder's backward integral in dB."""
    power = np.cumsum(np.sum(samples**2, axis=0)[::-1])[::-1]
    return 10 * np.log10(np.maximum(power / power[0], 1e-15))


def sixty(samples: np.ndarray) -> float:
    level = fall(samples)
    return 3 * float(np.argmax(level < -25) - np.argmax(level < -5)) / HALF_RATE


def energy(samples: np.ndarray, start: float, stop: float) -> float:
    piece = samples[:, round(start * HALF_RATE) : round(stop * HALF_RATE)]
    return float(np.sum(piece**2) / np.sum(samples**2))


def centroid(samples: np.ndarray) -> float:
    power = np.abs(np.fft.rfft(samples[0])) ** 2
    hertz = np.fft.rfftfreq(samples.shape[1], 1 / HALF_RATE)
    return float(np.sum(power * hertz) / np.sum(power))


def peakedness(piece: np.ndarray) -> float:
    """Kurtosis: about 3 for dense noise, far more for single echoes."""
    return float(np.mean(piece**4) / np.mean(piece**2) ** 2)


def test_convolution_is_circular_and_exact() -> None:
    rng = np.random.default_rng(1)
    send = rng.standard_normal(30_011).astype(np.float32)
    noise = rng.standard_normal((2, 9000)).astype(np.float32)
    wet = convolve(send, noise)
    spectrum = np.fft.rfft(send.astype(float))
    for side in range(2):
        padded = np.fft.rfft(noise[side].astype(float), len(send))
        expected = np.fft.irfft(spectrum * padded, len(send))
        assert np.abs(wet[side] - expected).max() < 1e-3 * np.abs(expected).max()


def test_a_clip_of_many_blocks_is_convolved_in_one_piece() -> None:
    frames = 400_000
    send = impulse(0, frames) + impulse(131_000, frames) + impulse(399_990, frames)
    ramp = np.arange(1, 3001, dtype=np.float32) / 3000
    wet = convolve(send, np.stack([ramp, -ramp]))
    assert np.allclose(wet[0, 131_000:134_000], ramp, atol=1e-5)
    assert np.allclose(wet[1, 20:2980], -(ramp[20:2980] + ramp[30:2990]), atol=1e-5)
    assert np.abs(wet[:, 140_000:390_000]).max() < 1e-5


def test_a_room_longer_than_the_clip_still_goes_round() -> None:
    ones = np.ones((2, 1000), np.float32)
    assert np.allclose(convolve(impulse(3, 300), ones).sum(), 2000.0, rtol=1e-4)


@pytest.mark.parametrize("kind", REVERBS)
def test_every_kind_has_unit_energy_no_mean_and_two_different_sides(kind: str) -> None:
    samples = response(kind)
    assert np.sum(samples**2) == pytest.approx(2.0, rel=0.01)
    assert np.abs(samples.sum(axis=1)).max() < 0.5
    assert abs(np.corrcoef(samples)[0, 1]) < 0.3
    assert set(KINDS) == set(REVERBS)


@pytest.mark.parametrize("kind", ["hall", "plate", "spring"])
@pytest.mark.parametrize("seconds", [0.5, 2.0, 6.0])
def test_it_falls_by_sixty_decibels_in_its_time(kind: str, seconds: float) -> None:
    assert 0.7 * seconds < sixty(response(kind, seconds)) < 1.15 * seconds


def test_a_plate_answers_at_once_denser_and_brighter_than_a_hall() -> None:
    plate, hall = response("plate", predelay=0.03), response("hall", predelay=0.03)
    assert np.abs(plate[:, :60]).max() > 0.3 * np.abs(plate).max()
    assert not hall[:, : round(0.029 * HALF_RATE)].any()
    assert centroid(plate) > centroid(hall) + 500.0
    assert peakedness(plate[0, :400]) < 4.5


def test_a_spring_chirps_the_lows_come_before_the_highs() -> None:
    spring = response("spring")[0, : round(0.075 * HALF_RATE)]
    time = np.arange(len(spring)) / HALF_RATE
    hertz = np.fft.rfftfreq(len(spring), 1 / HALF_RATE)
    arrivals = []
    for low, high in ((300, 800), (2400, 2900), (3200, 3600)):
        inside = (hertz >= low) & (hertz < high)
        band = np.fft.irfft(np.fft.rfft(spring) * inside, len(spring))
        arrivals.append(float(np.sum(time * band**2) / np.sum(band**2)))
    assert arrivals[0] + 0.004 < arrivals[1] < arrivals[2] - 0.004
    assert energy(response("spring"), 0.0, 0.028) < 0.01


def test_a_room_is_single_reflections_and_soon_over() -> None:
    room, hall = response("room", 1.2), response("hall", 1.2)
    assert energy(room, 0.0, 0.07) > 0.8
    assert energy(hall, 0.0, 0.07) < 0.7
    early = slice(round(0.005 * HALF_RATE), round(0.06 * HALF_RATE))
    assert peakedness(room[0, early]) > 3.0 * peakedness(hall[0, early])


def test_a_gate_stays_open_and_shuts() -> None:
    gated = response("gated", 0.4)
    late, early = energy(gated, 0.3, 0.4), energy(gated, 0.0, 0.1)
    assert late > 0.3 * early
    assert gated.shape[1] == pytest.approx(0.415 * HALF_RATE, abs=2)
    assert np.abs(gated[:, -20:]).max() < 0.1 * np.abs(gated).max()


@pytest.mark.parametrize("kind", REVERBS)
@pytest.mark.parametrize("seconds", [0.1, 8.0])
def test_extremes_of_the_table_are_finite(kind: str, seconds: float) -> None:
    table = Reverb(kind=kind, seconds=seconds, low_cut=2000.0, high_cut=1000.0)
    assert np.isfinite(impulse_response(table)).all()
    assert np.sum(impulse_response(table) ** 2) == pytest.approx(2.0, rel=0.01)
