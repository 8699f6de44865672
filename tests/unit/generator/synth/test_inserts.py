from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest

from generator.synth import inserts
from generator.synth.signal import SAMPLE_RATE
from generator.synth.sound import Strip
from generator.synth.stem import Stem
from tests import hearing

FRAMES = 4 * SAMPLE_RATE
INSERTS = [
    {"drive": 2.0},
    {"crush": 6.0},
    {"downsample": 3.7},
    {"low_cut": 200.0},
    {"shelf": 6.0},
    {"shelf": -6.0},
    {"phaser": 1.0, "phaser_rate": 0.5},
    {"spread": 0.8},
]


def noise(seed: int = 1, frames: int = FRAMES) -> np.ndarray:
    return 0.1 * np.random.default_rng(seed).standard_normal((2, frames)).astype(np.float32)


def chord(frames: int = FRAMES) -> np.ndarray:
    """Whole cycles of five tones: a circle without a seam, in the middle."""
    time = np.arange(frames) / frames
    tone = sum(np.sin(2 * np.pi * cycles * time) / 5 for cycles in (440, 660, 880, 3521, 7040))
    return np.stack([tone, tone]).astype(np.float32)


def coloured(stem: np.ndarray, **settings: float) -> np.ndarray:
    part = Stem(stem.shape[1])
    part.full[:] = stem
    inserts.colour(part, Strip(**settings))
    return part.full


def spectrum(stem: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return np.fft.rfftfreq(stem.shape[1], 1 / SAMPLE_RATE), np.abs(np.fft.rfft(stem[0])) ** 2


def change(before: np.ndarray, after: np.ndarray, low: float, high: float) -> float:
    """dB by which a band of the left channel has grown."""
    hertz, one = spectrum(before)
    _, other = spectrum(after)
    inside = (hertz >= low) & (hertz < high)
    return float(10 * np.log10(other[inside].sum() / one[inside].sum()))


@pytest.mark.parametrize("settings", INSERTS, ids=str)
def test_an_insert_changes_the_sound_stays_finite_and_repeats(settings: dict[str, float]) -> None:
    stem = noise()
    once, again = coloured(stem, **settings), coloured(stem, **settings)
    assert np.isfinite(once).all()
    assert np.std(once - stem) > 0.02 * np.std(stem)
    assert np.array_equal(once, again)


def test_a_strip_with_nothing_on_it_passes_every_sample() -> None:
    stem = noise()
    assert np.array_equal(coloured(stem), stem)


@pytest.mark.parametrize("settings", INSERTS, ids=str)
def test_silence_stays_silence(settings: dict[str, float]) -> None:
    assert not coloured(np.zeros((2, 8192), np.float32), **settings).any()


@pytest.mark.parametrize(
    "settings",
    [s for s in INSERTS if not {"crush", "downsample"} & set(s)],
    ids=str,
)
def test_a_circle_stays_a_circle(settings: dict[str, float]) -> None:
    seam, inside = hearing.seam_step(coloured(chord(), **settings).T)
    assert seam <= inside


@pytest.mark.parametrize(
    "settings",
    [s for s in INSERTS if not {"phaser", "downsample"} & set(s)],
    ids=str,
)
def test_a_turned_circle_sounds_the_same_where_nothing_swings(settings: dict[str, float]) -> None:
    stem, shift = noise(), 30_000
    turned = coloured(np.roll(stem, shift, axis=1), **settings)
    straight = np.roll(coloured(stem, **settings), shift, axis=1)
    assert np.abs(turned - straight).max() < 1e-3 * np.abs(straight).max()


def test_crushing_leaves_few_levels_no_mean_and_the_peak() -> None:
    stem = chord()
    crushed = coloured(stem, crush=4.0)
    assert len(np.unique(crushed)) <= 2 * 2**3 + 1
    assert np.abs(crushed).max() == pytest.approx(np.abs(stem).max(), rel=0.07)
    assert abs(crushed.mean()) < 1e-3 * np.abs(stem).max()
    errors = [np.std(coloured(stem, crush=bits) - stem) for bits in (4.0, 8.0, 12.0)]
    assert errors[0] / errors[1] == pytest.approx(16.0, rel=0.3)
    assert errors[1] / errors[2] == pytest.approx(16.0, rel=0.3)


@pytest.mark.parametrize("hold", [2.0, 3.3, 8.0])
def test_a_held_value_lasts_its_frames(hold: float) -> None:
    held = coloured(noise(), downsample=hold)[0]
    steps = np.count_nonzero(np.diff(held))
    assert steps == pytest.approx(FRAMES / hold, rel=0.01)
    lengths = np.diff(np.flatnonzero(np.diff(held)))
    assert lengths.min() >= int(hold)
    assert lengths.max() <= int(hold) + 1


def test_the_low_cut_falls_by_twelve_decibels_an_octave() -> None:
    stem = noise()
    cut = coloured(stem, low_cut=400.0)
    assert change(stem, cut, 380.0, 420.0) == pytest.approx(-3.0, abs=1.0)
    assert change(stem, cut, 95.0, 105.0) == pytest.approx(-24.0, abs=2.0)
    assert abs(change(stem, cut, 2000.0, 20_000.0)) < 0.3


@pytest.mark.parametrize("decibels", [-12.0, 4.0])
def test_the_shelf_lifts_what_lies_above_three_kilohertz(decibels: float) -> None:
    stem = noise()
    lifted = coloured(stem, shelf=decibels)
    assert change(stem, lifted, 10_000.0, 20_000.0) == pytest.approx(decibels, abs=0.7)
    assert 0.2 < change(stem, lifted, 2900.0, 3100.0) / decibels < 0.8
    assert abs(change(stem, lifted, 50.0, 500.0)) < 0.3


def test_a_shelf_keeps_a_stroke_where_it_was() -> None:
    click = np.zeros((2, 1000), np.float32)
    click[:, 2] = 1.0
    for decibels in (-12.0, 6.0):
        shelved = coloured(click, shelf=decibels)
        assert np.argmax(np.abs(shelved[0])) == 2
        assert np.allclose(shelved[0, 3:9], np.roll(shelved[0], 5)[6:0:-1], atol=1e-6)
        assert shelved[0].sum() == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize("hertz", [40.0, 55.0, 150.0, 900.0])
def test_a_low_cut_anywhere_is_the_same_filter_for_one_channel_and_two(hertz: float) -> None:
    stem = noise()
    alike = stem[:1].repeat(2, axis=0)
    cut, same = coloured(stem, low_cut=hertz), coloured(alike, low_cut=hertz)
    assert np.abs(cut[0] - same[0]).max() < 1e-5
    assert np.array_equal(same[0], same[1])
    assert change(stem, cut, 0.9 * hertz, 1.1 * hertz) == pytest.approx(-3.0, abs=1.0)
    assert change(stem, cut, 0.2 * hertz, 0.25 * hertz) < -20.0


def notches(piece: np.ndarray, dry: np.ndarray) -> set[int]:
    """The third-octave bands from 200 Hz in which a phaser leaves less than a quarter."""
    edges = 200.0 * 2.0 ** (np.arange(31) / 6.0)
    hertz, wet = spectrum(piece)
    _, before = spectrum(dry)
    found = set()
    for index, (low, high) in enumerate(pairwise(edges)):
        inside = (hertz >= low) & (hertz < high)
        if wet[inside].sum() < 0.25 * before[inside].sum():
            found.add(index)
    return found


def test_the_notches_of_a_phaser_travel_and_come_back() -> None:
    middle = noise()[:1].repeat(2, axis=0)
    wet = coloured(middle, phaser=1.0, phaser_rate=0.5)
    places = [
        notches(wet[:, start : start + 4096], middle[:, start : start + 4096])
        for start in (0, SAMPLE_RATE, 2 * SAMPLE_RATE)
    ]
    assert all(places)
    assert places[0] != places[1]
    assert max(places[1]) > max(places[0])
    assert len(places[0] & places[2]) >= len(places[0]) / 2


def test_a_phaser_leaves_the_sides_and_the_highest_treble_alone() -> None:
    stem = noise()
    wet = coloured(stem, phaser=1.0)
    assert np.abs((wet[0] - wet[1]) - (stem[0] - stem[1])).max() < 1e-5
    assert abs(change(stem, wet, 12_000.0, 20_000.0)) < 0.5


def test_a_deeper_phaser_changes_more() -> None:
    stem = noise()
    moved = [np.std(coloured(stem, phaser=depth) - stem) for depth in (0.25, 0.5, 1.0)]
    assert moved[1] / moved[0] == pytest.approx(2.0, rel=0.01)
    assert moved[2] / moved[1] == pytest.approx(2.0, rel=0.01)


def test_spread_makes_a_middle_wide_and_mono_hears_nothing_of_it() -> None:
    stem = noise()[:1].repeat(2, axis=0)
    wide = coloured(stem, spread=1.0)
    assert np.abs(wide.sum(axis=0) - stem.sum(axis=0)).max() < 1e-5
    side, middle = np.std(wide[0] - wide[1]), np.std(wide[0] + wide[1])
    assert -12.0 < 20 * np.log10(side / middle) < -2.0
    low = np.abs(np.fft.rfft(wide[0] - wide[1]))[: 4 * 50]
    assert np.sum(low**2) < 0.02 * np.sum(np.abs(np.fft.rfft(wide[0] + wide[1]))[: 4 * 50] ** 2)


def test_more_spread_is_wider_for_stereo_too() -> None:
    stem = noise()
    stem[1] = 0.7 * stem[0] + 0.3 * stem[1]
    widths = [hearing.side_to_mid(coloured(stem, spread=share).T) for share in (0.0, 0.4, 0.8)]
    assert widths[0] + 1.0 < widths[1] < widths[2] - 1.0


@pytest.mark.parametrize("length", [2, 500, 1024, 5000])
@pytest.mark.parametrize("effect", [inserts.spread, lambda stem, d: inserts.phaser(stem, d, 1.0)])
def test_clips_shorter_than_a_window_do_no_harm(
    effect: Callable[[np.ndarray, float], None], length: int
) -> None:
    stem = noise(frames=length)
    effect(stem, 0.7)
    assert np.isfinite(stem).all()
