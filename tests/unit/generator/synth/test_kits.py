from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from generator import score as gm
from generator.players import DRUM_LETTERS
from generator.synth import patches
from generator.synth.drums import Strike
from generator.synth.kits import KITS, play_kit
from generator.synth.patches import Kit
from generator.synth.signal import SAMPLE_RATE
from generator.synth.stage import Touch
from generator.synth.stem import Stem

DRUMS = sorted(DRUM_LETTERS.values())
FAMILIES = list(KITS)
SLOW = {gm.OTHER_SNARE, gm.GUIRO}
"""What may take longer than 50 ms to be at its loudest: a brush that sweeps, a stick on notches."""


def play(
    hits: list[tuple[int, int]], *, family: str = "gated", hardness: float = 0.75
) -> np.ndarray:
    """Hits as (second, key), half a clip of 4 s apart at most."""
    touches = [Touch(at * SAMPLE_RATE, 1000, (key,), hardness, 0.0, 1.0) for at, key in hits]
    return struck(touches, Kit(family))


def struck(touches: list[Touch], kit: Kit) -> np.ndarray:
    stem = Stem(4 * SAMPLE_RATE)
    play_kit(iter(touches), kit, stem, np.random.default_rng(3))
    return stem.full


@pytest.mark.parametrize("family", KITS)
@pytest.mark.parametrize("key", DRUMS)
def test_every_family_answers_every_key(family: str, key: int) -> None:
    stem = play([(1, key)], family=family)
    before, after = stem[:, :SAMPLE_RATE], stem[:, SAMPLE_RATE:]
    assert not before.any()
    assert 0.02 < np.abs(after).max() < 2.0
    soon = SAMPLE_RATE // (5 if key in SLOW else 20)
    assert np.abs(after[:, :soon]).max() > 0.3 * np.abs(after).max()
    assert np.isfinite(stem).all()


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("key", DRUMS)
def test_a_recipe_peaks_about_one_and_has_no_mean(family: str, key: int) -> None:
    hit = KITS[family][key].recipe(Strike(0.75, 1.0, 0.0, np.random.default_rng(5)))
    assert hit.dtype == np.float32
    assert 0.4 < np.abs(hit).max() < 2.6
    assert np.abs(hit.sum(axis=1)).max() < 0.02 * SAMPLE_RATE
    assert np.abs(hit[:, -2:]).max() < 0.1


def test_style_files_may_name_every_family_and_every_drum() -> None:
    assert set(patches.KITS) == set(KITS)
    named = {drum.name for family in KITS.values() for drum in family.values()}
    assert named == set(patches.DRUMS)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("key", DRUMS)
def test_no_two_neighbouring_hits_are_the_same_samples(family: str, key: int) -> None:
    stem = play([(0, key), (2, key)], family=family)
    first, second = stem[:, : 2 * SAMPLE_RATE], stem[:, 2 * SAMPLE_RATE :]
    assert not np.array_equal(first, second)


def spectrum(stem: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    middle = stem.mean(axis=0)
    return np.fft.rfftfreq(len(middle), 1 / SAMPLE_RATE), np.abs(np.fft.rfft(middle)) ** 2


def centroid(family: str, key: int, hardness: float = 0.75) -> float:
    hertz, power = spectrum(play([(0, key)], family=family, hardness=hardness))
    return float((hertz * power).sum() / power.sum())


def fundamental(family: str, key: int) -> float:
    hertz, power = spectrum(play([(0, key)], family=family))
    return float(hertz[np.argmax(power)])


def seconds_to_fall(family: str, key: int, decibels: float) -> float:
    stem = play([(0, key)], family=family).mean(axis=0)
    left = np.cumsum(np.square(stem)[::-1])[::-1]
    return float(np.argmax(left < left[0] * 10 ** (-decibels / 10))) / SAMPLE_RATE


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("key", [gm.KICK, gm.SNARE, gm.CLOSED_HAT, gm.OPEN_HAT, gm.LOW_TOM])
def test_a_harder_hit_is_brighter(family: str, key: int) -> None:
    soft, firm, hard = (centroid(family, key, hardness) for hardness in (1 / 3, 2 / 3, 1.0))
    assert soft < 1.01 * firm
    assert hard > 1.01 * soft


@pytest.mark.parametrize("family", FAMILIES)
def test_a_harder_kick_keeps_its_weight(family: str) -> None:
    def weight(hardness: float) -> float:
        hertz, power = spectrum(play([(0, gm.KICK)], family=family, hardness=hardness))
        return float(power[hertz < 250].sum())

    assert abs(10 * np.log10(weight(1.0) / weight(1 / 3))) < 3.0


@pytest.mark.parametrize(
    ("family", "low", "high"),
    [
        ("808", 46, 52), ("909", 45, 56), ("acoustic", 52, 70), ("brushes", 58, 75),
        ("breakbeat", 58, 80), ("chip", 42, 52), ("hand", 56, 72), ("gated", 46, 60),
        ("machine", 46, 60), ("dusty", 50, 66),
    ],
)  # fmt: skip
def test_kicks_sound_where_their_models_do(family: str, low: float, high: float) -> None:
    assert low < fundamental(family, gm.KICK) < high


def test_figures_of_the_instruments() -> None:
    assert 0.3 < seconds_to_fall("808", gm.KICK, 20) < 0.8
    assert seconds_to_fall("909", gm.KICK, 20) < 0.75 * seconds_to_fall("808", gm.KICK, 20)
    assert 170 < fundamental("acoustic", gm.SNARE) < 220
    hertz, power = spectrum(play([(0, gm.SNARE)], family="acoustic"))
    wires = power[(hertz > 5000) & (hertz < 10_000)].sum() / power.sum()
    assert 0.01 < wires < 0.4
    assert seconds_to_fall("acoustic", gm.RIDE, 40) > 1.0
    assert seconds_to_fall("acoustic", gm.CRASH, 20) > 0.8
    assert seconds_to_fall("acoustic", gm.OPEN_HAT, 20) > 5 * seconds_to_fall(
        "acoustic", gm.CLOSED_HAT, 20
    )
    assert 2300 < fundamental("808", gm.CLAVES) < 2700
    assert 160 < fundamental("hand", gm.LOW_CONGA) < fundamental("hand", gm.HIGH_CONGA) < 260
    assert fundamental("hand", gm.HIGH_CONGA) < fundamental("hand", gm.LOW_BONGO)
    assert fundamental("hand", gm.LOW_BONGO) < fundamental("hand", gm.HIGH_BONGO) < 480


def test_a_kick_of_1983_falls_from_high_to_low() -> None:
    kick = play([(0, gm.KICK)], family="909").mean(axis=0)
    crossings = np.flatnonzero(np.diff(np.signbit(kick[: SAMPLE_RATE // 5])))
    swings = SAMPLE_RATE / np.diff(crossings)[np.diff(crossings) > 20] / 2
    assert swings[0] > 3 * swings[-1]


def test_a_brush_has_no_crack_and_sweeps_slowly() -> None:
    def crack(family: str, key: int) -> float:
        """The share of the first five milliseconds."""
        power = np.square(play([(0, key)], family=family).mean(axis=0))
        return float(power[: SAMPLE_RATE // 200].sum() / power.sum())

    sweep = play([(0, gm.OTHER_SNARE)], family="brushes").mean(axis=0)
    levels = np.square(sweep[: SAMPLE_RATE // 10]).reshape(10, -1).mean(axis=1)
    assert levels[0] < 0.05 * levels.max()
    assert np.argmax(levels) >= 3
    assert crack("brushes", gm.OTHER_SNARE) < 0.01
    tap, stick = (
        np.abs(play([(0, gm.SNARE)], family=family)[:, :44]).max()
        for family in ("brushes", "acoustic")
    )
    assert tap < 0.3 * stick
    assert fundamental("brushes", gm.OTHER_SNARE) > 1000


def test_a_sampled_break_holds_its_values_and_a_chip_has_sixteen_volumes() -> None:
    crack = play([(0, gm.SNARE)], family="breakbeat")[0, :4000]
    assert np.count_nonzero(np.diff(crack) == 0) > 1000
    noise = KITS["chip"][gm.CLOSED_HAT].recipe(Strike(0.75, 1.0, 0.0, np.random.default_rng(5)))
    volumes = [np.abs(noise[0, tick * 735 : (tick + 1) * 735]).max() for tick in range(3)]
    assert volumes[0] > volumes[1] > volumes[2]
    assert len(np.unique(np.abs(noise[0, :735]).round(4))) < 4


@pytest.mark.parametrize("family", FAMILIES)
def test_a_drum_rings_as_long_as_its_kit_says(family: str) -> None:
    def length(factor: float) -> float:
        touch = Touch(0, 1000, (gm.KICK,), 0.75, 0.0, 1.0)
        stem = struck([touch], Kit(family, decay={"kick": factor})).mean(axis=0)
        left = np.cumsum(np.square(stem)[::-1])[::-1]
        return float(np.argmax(left < 0.01 * left[0]))

    assert length(0.5) < 0.8 * length(1.0)
    assert length(1.0) < 0.8 * length(2.0)


def test_a_decay_out_of_reason_is_refused() -> None:
    with pytest.raises(ValueError, match="decay of kick"):
        Kit("808", decay={"kick": 9.0})
    with pytest.raises(ValueError, match="no drum 'gong'"):
        Kit("808", decay={"gong": 1.0})


def test_a_closed_hat_chokes_an_open_one() -> None:
    open_hat = Touch(0, 1000, (gm.OPEN_HAT,), 0.75, 0.0, 1.0)
    closed = Touch(SAMPLE_RATE // 10, 1000, (gm.CLOSED_HAT,), 0.75, 0.0, 0.0)
    free = struck([open_hat], Kit("gated"))
    choked = struck([open_hat, closed], Kit("gated"))
    late = slice(SAMPLE_RATE // 8, SAMPLE_RATE // 4)
    assert np.abs(free[:, late]).max() > 0.005
    assert not choked[:, late].any()


def test_a_kick_silences_the_boom_of_the_one_before() -> None:
    boom = Kit("808", decay={"kick": 4.0})
    first = Touch(0, 1000, (gm.KICK,), 0.75, 0.0, 1.0)
    second = Touch(SAMPLE_RATE // 2, 1000, (gm.KICK,), 0.75, 0.0, 0.0)
    free, damped = struck([first], boom), struck([first, second], boom)
    late = slice(round(0.52 * SAMPLE_RATE), SAMPLE_RATE)
    assert np.abs(free[:, late]).max() > 0.1
    assert not damped[:, late].any()
    assert np.array_equal(free[:, : SAMPLE_RATE // 2], damped[:, : SAMPLE_RATE // 2])


def test_families_do_not_sound_alike() -> None:
    for key in (gm.KICK, gm.SNARE, gm.CLOSED_HAT):
        shapes = []
        for family in KITS:
            power = np.abs(np.fft.rfft(play([(0, key)], family=family)[0])) ** 2
            octaves = np.array_split(power[: 2**16], 64)
            shapes.append(np.log10([band.sum() + 1e-9 for band in octaves]))
        for one, other in combinations(shapes, 2):
            assert np.abs(one - other).mean() > 0.1


def test_tuning_and_levels_reach_the_drum_they_name() -> None:
    def kick(kit: Kit) -> np.ndarray:
        touch = Touch(0, 1000, (gm.KICK,), 0.75, 0.0, 1.0)
        return struck([touch], kit)

    plain = kick(Kit("machine"))
    assert np.abs(kick(Kit("machine", levels={"kick": -6.0}))).max() < 0.6 * np.abs(plain).max()
    assert np.array_equal(kick(Kit("machine", levels={"snare": -6.0})), plain)
    higher = kick(Kit("machine", tune={"kick": 12.0}))
    assert np.argmax(np.abs(np.fft.rfft(higher[0]))) > 1.6 * np.argmax(
        np.abs(np.fft.rfft(plain[0]))
    )
