from __future__ import annotations

import numpy as np
import pytest

from generator import score as gm
from generator.synth.kits import KITS, play_kit
from generator.synth.patches import Kit
from generator.synth.signal import SAMPLE_RATE
from generator.synth.stage import Touch

DRUMS = [
    gm.KICK, gm.SIDE_STICK, gm.SNARE, gm.CLAP, gm.CLOSED_HAT, gm.PEDAL_HAT, gm.OPEN_HAT, gm.LOW_TOM,
    gm.MID_TOM, gm.HIGH_TOM, gm.CRASH, gm.RIDE, gm.TAMBOURINE, gm.COWBELL, gm.SHAKER,
]  # fmt: skip


def play(
    hits: list[tuple[int, int]], *, family: str = "gated", hardness: float = 0.75
) -> np.ndarray:
    """Hits as (second, key), half a clip of 4 s apart at most."""
    touches = [Touch(at * SAMPLE_RATE, 1000, (key,), hardness, 0.0, 1.0) for at, key in hits]
    return struck(touches, Kit(family))


def struck(touches: list[Touch], kit: Kit) -> np.ndarray:
    stem = np.zeros((2, 4 * SAMPLE_RATE), np.float32)
    play_kit(iter(touches), kit, stem, np.random.default_rng(3))
    return stem


@pytest.mark.parametrize("family", KITS)
@pytest.mark.parametrize("key", DRUMS)
def test_every_family_answers_every_key(family: str, key: int) -> None:
    stem = play([(1, key)], family=family)
    before, after = stem[:, :SAMPLE_RATE], stem[:, SAMPLE_RATE:]
    assert not before.any()
    assert 0.02 < np.abs(after).max() < 2.0
    assert np.abs(after[:, : SAMPLE_RATE // 20]).max() > 0.3 * np.abs(after).max()
    assert np.isfinite(stem).all()


@pytest.mark.parametrize("key", DRUMS)
def test_no_two_neighbouring_hits_are_the_same_samples(key: int) -> None:
    stem = play([(0, key), (2, key)])
    first, second = stem[:, : 2 * SAMPLE_RATE], stem[:, 2 * SAMPLE_RATE :]
    assert not np.array_equal(first, second)


@pytest.mark.parametrize("key", [gm.KICK, gm.SNARE, gm.CLOSED_HAT])
def test_a_harder_hit_is_brighter(key: int) -> None:
    def brightness(hardness: float) -> float:
        stem = play([(0, key)], hardness=hardness)[0]
        power = np.abs(np.fft.rfft(stem)) ** 2
        hertz = np.fft.rfftfreq(len(stem), 1 / SAMPLE_RATE)
        return float(power[hertz > 8000].sum() / power.sum())

    assert brightness(1.0) > 1.3 * brightness(0.33)


def test_a_closed_hat_chokes_an_open_one() -> None:
    open_hat = Touch(0, 1000, (gm.OPEN_HAT,), 0.75, 0.0, 1.0)
    closed = Touch(SAMPLE_RATE // 10, 1000, (gm.CLOSED_HAT,), 0.75, 0.0, 0.0)
    free = struck([open_hat], Kit("gated"))
    choked = struck([open_hat, closed], Kit("gated"))
    late = slice(SAMPLE_RATE // 8, SAMPLE_RATE // 4)
    assert np.abs(free[:, late]).max() > 0.005
    assert not choked[:, late].any()


def test_families_do_not_sound_alike() -> None:
    for key in (gm.KICK, gm.SNARE, gm.CLOSED_HAT):
        shapes = []
        for family in KITS:
            power = np.abs(np.fft.rfft(play([(0, key)], family=family)[0])) ** 2
            octaves = np.array_split(power[: 2**16], 64)
            shapes.append(np.log10([band.sum() + 1e-9 for band in octaves]))
        for one, other in ((0, 1), (0, 2), (1, 2)):
            assert np.abs(shapes[one] - shapes[other]).mean() > 0.1


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
