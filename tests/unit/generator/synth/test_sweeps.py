"""The effects player: what rises rises, what falls falls."""

from __future__ import annotations

import numpy as np
import pytest

from generator.score import FX_BED, FX_FALL, FX_HIT, FX_RISE, FX_SWELL, Note
from generator.synth.signal import SAMPLE_RATE, Audio
from generator.synth.timbres import BEDS, Sweep
from tests.unit.generator.synth.listening import centre, level, played

SECOND = SAMPLE_RATE


def effect(pitch: int, voice: Sweep | None = None, beats: float = 4.0) -> Audio:
    """``(2, frames)``: two seconds of an effect, then what is left of it."""
    return played(voice or Sweep(), [Note(0.0, beats, pitch, 96)])


@pytest.mark.parametrize("tone", [0.0, 1.0])
def test_a_riser_grows_and_brightens_to_its_end(tone: float) -> None:
    heard = effect(FX_RISE, Sweep(tone=tone)).mean(axis=0)
    assert level(heard, 1.5, 0.4) > level(heard, 0.1, 0.4) + 12.0
    assert centre(heard[int(1.5 * SECOND) : 2 * SECOND]) > 1.5 * centre(heard[: SECOND // 2])
    assert level(heard, 2.0, 1.9) < -150.0


def test_a_downlifter_darkens_and_fades() -> None:
    heard = effect(FX_FALL, Sweep(tone=0.0)).mean(axis=0)
    assert level(heard, 0.1, 0.4) > level(heard, 1.5, 0.4) + 12.0
    assert centre(heard[: SECOND // 2]) > 1.5 * centre(heard[int(1.3 * SECOND) : 2 * SECOND])


def test_a_reversed_cymbal_stops_on_its_beat() -> None:
    heard = effect(FX_SWELL)
    assert level(heard, 1.7, 0.28) > level(heard, 0.2, 0.3) + 12.0
    assert level(heard, 2.01, 1.8) < -150.0


def test_an_impact_booms_at_its_pitch_in_the_middle() -> None:
    heard = effect(FX_HIT, Sweep(hit_hertz=50.0))
    middle, side = heard.mean(axis=0), (heard[0] - heard[1]) / 2.0
    spectrum = np.abs(np.fft.rfft(middle[SECOND // 4 : SECOND]))
    assert np.argmax(spectrum) * SECOND / (SECOND * 3 // 4) == pytest.approx(50.0, abs=3.0)
    low = np.abs(np.fft.rfft(side)) ** 2, np.abs(np.fft.rfft(middle)) ** 2
    bins = round(120.0 * len(side) / SECOND)
    assert low[0][:bins].sum() < 1e-3 * low[1][:bins].sum()


@pytest.mark.parametrize("bed", BEDS)
def test_beds_are_soft_and_last_as_long_as_they_are_held(bed: str) -> None:
    heard = effect(FX_BED, Sweep(bed=bed))
    assert level(heard, 0.4, 1.5) > -40.0
    assert level(heard, 2.3, 1.5) < -150.0
    assert np.abs(heard[:, : SECOND // 20]).max() < 0.5 * np.abs(heard).max()


def test_levels_are_decibels_by_kind() -> None:
    plain, soft = effect(FX_RISE), effect(FX_RISE, Sweep(levels={"rise": -12.0}))
    assert level(plain, 0.5, 1.0) - level(soft, 0.5, 1.0) == pytest.approx(12.0, abs=0.1)


def test_other_pitches_mean_nothing() -> None:
    assert not effect(50).any()


def test_unknown_levels_are_refused() -> None:
    with pytest.raises(ValueError, match="laser"):
        Sweep(levels={"laser": 0.0})
    with pytest.raises(ValueError, match="octave"):
        Sweep(low=4000.0, high=5000.0)
